#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace studio::text {

/// Text with the weight its tokens count by.
struct WeightedText {
    std::string text;
    double weight = 1.0;

    /// BREAK between brackets takes their weight and is a word by that, as in A1111.
    bool isBreak() const { return text == "BREAK" && weight == -1.0; }

    bool operator==(const WeightedText&) const = default;
};

struct EmphasizedText {
    std::vector<WeightedText> parts;     ///< at least one; neighbours differ in weight
    std::vector<std::string> notNumbers; ///< what stood in the place of a weight and is none
};

/// Text without its syntax, as it lies in the whole: code points [begin, end).
struct EmphasisSpan {
    std::size_t begin = 0;
    std::size_t end = 0;
    double weight = 1.0;
    bool isBreak = false; ///< the word BREAK; it acts only if nothing multiplied its weight of -1
};

struct EmphasisBracket {
    std::size_t open = 0;
    double factor = 1.0;
    /// From the colon of its weight, or from the bracket itself, to behind the bracket; absent: nothing closes it.
    std::optional<std::pair<std::size_t, std::size_t>> close;
};

/// Where in a text its emphasis lies.
struct EmphasisLayout {
    std::vector<EmphasisSpan> spans;
    std::vector<EmphasisBracket> brackets;                       ///< as they open
    std::vector<std::size_t> strays;                             ///< brackets that close nothing
    std::vector<std::pair<std::size_t, std::size_t>> notNumbers; ///< in the place of weights
};

EmphasisLayout layOutEmphasis(std::u32string_view text);

/// A1111's emphasis: (x) is 1.1 times, [x] the same part less, (x:1.3) 1.3 times; brackets multiply; a backslash before
/// a bracket or a backslash makes it text; BREAK stands alone. A bracket that nothing closes acts to the end; one that
/// closes nothing is text. A weight that is no number ((x:1.2.3), which A1111 stops at) counts as 1 and is named.
EmphasizedText readEmphasis(std::string_view text);

} // namespace studio::text
