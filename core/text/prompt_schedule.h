#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio::text {

/// Where a pass stands on the clock of prompt editing, which counts calls of the denoiser: A1111 gives a sampler of two
/// calls a step twice its steps.
struct PassClock {
    int calls = 1;        ///< of this pass
    int callsBefore = 0;  ///< of the passes before it: whole numbers go on counting
    int passesBefore = 0; ///< fractions of the second pass lie between 1 and 2

    bool operator==(const PassClock&) const = default;
};

/// A text, and up to when it holds. A1111 compares with a counter that begins at 0: a text with `until` n holds for
/// the calls 0 to n.
struct TimedText {
    int until = 0;
    std::string text;

    bool operator==(const TimedText&) const = default;
};

/// A1111's prompt editing: [before:after:when], [after:when], [before::when] and alternation [one|two|...], one inside
/// the other as deep as one likes.
///
/// A bracket is one of these only if all within it is well formed; any other bracket, colon included, is text. A bar
/// outside of an alternation, or a backslash before nothing or before a line break, makes the whole prompt plain text.
/// (In A1111 a well-formed bracket with a stray bracket or colon right behind it is sometimes text, too, as the version
/// of its parser library has it; here it always acts.)
class PromptSchedule {
public:
    explicit PromptSchedule(std::string text);

    /// False if the whole prompt is plain text because of a stray bar or backslash.
    bool isReadable() const { return m_readable; }

    /// Whether the text changes on the way at all.
    bool isFixed() const { return m_parts.empty(); }

    /// A bracket that acts. Bytes.
    struct Part {
        std::size_t open = 0;
        std::size_t close = 0;
        std::vector<std::size_t> separators;
        std::optional<double> when; ///< editing; absent: alternation
        bool whenIsFraction = false;
    };

    /// In the order in which they close.
    const std::vector<Part>& parts() const { return m_parts; }
    /// What makes the whole prompt plain text: bars outside of alternations, backslashes that keep nothing.
    const std::vector<std::size_t>& strays() const { return m_strays; }

    /// The texts of a pass in their order, at least one; the last holds to the end.
    std::vector<TimedText> over(const PassClock& clock) const;

private:
    struct Bracket;

    /// A place in the text where a part opens, moves on, or closes.
    struct Mark {
        std::size_t position = 0;
        std::size_t part = 0;
        enum class Kind { Open, Separator, Close } kind = Kind::Open;
    };

    void read();
    bool close(const Bracket& bracket, std::size_t position);
    void collectMarks();
    std::vector<int> moments(const PassClock& clock) const;
    std::string at(int step, const std::vector<int>& moments) const;

    std::string m_text;
    bool m_readable = true;
    std::vector<Part> m_parts;
    std::vector<Mark> m_marks;
    std::vector<std::size_t> m_strays;
};

} // namespace studio::text
