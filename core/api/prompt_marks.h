#pragma once

#include "core/api/plan.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// A stretch of a prompt, in code points: [begin, end).
struct PromptRange {
    std::size_t begin = 0;
    std::size_t end = 0;

    bool operator==(const PromptRange&) const = default;
};

/// Text that the text encoders read, and how much it counts.
struct WeightedRange {
    PromptRange range;
    double weight = 1.0;

    bool operator==(const WeightedRange&) const = default;
};

/// A part of a prompt that is no text: syntax.
struct PromptMark {
    enum class Kind {
        Bracket,     ///< of emphasis; a closing one with its colon and number
        Change,      ///< brackets and separators of [before:after:when], with the moment
        Alternation, ///< brackets and bars of [one|two]
        Choice,      ///< braces, bars and weights of {one|3::two}
        Wildcard,    ///< __name__
        Tag,         ///< <lora:name:1>
        And,         ///< the word AND
        PartWeight,  ///< the colon and number at the end of a part
        Break,       ///< the word BREAK
        Comment,     ///< from # to the end of the line
        // Faults: what is probably meant otherwise. The program runs them as said.
        OpenBracket,  ///< nothing closes it; it acts to the end
        StrayBracket, ///< closes nothing; it is text
        NotANumber,   ///< stands for a weight and is none; 1 takes its place
        StrayBar,     ///< a bar outside of [ ], or a backslash before nothing: no [...] changes on the way
        BreakWord,    ///< BREAK within brackets: a word
        TagAsText,    ///< a tag in a negative prompt: text
    };
    PromptRange range;
    Kind kind = Kind::Bracket;
    double weight = 1.0; ///< Bracket: what the text within counts; PartWeight: the number
    double factor = 1.0; ///< Bracket: what this one multiplies by
    int index = -1;      ///< Change, Alternation: which of PromptMarks::changes. Tag: which of tags

    bool operator==(const PromptMark&) const = default;
};

/// [before:after:when], [after:when], [before::when], or [one|two|...].
struct PromptChange {
    PromptRange range;                 ///< with its brackets
    std::vector<PromptRange> segments; ///< of an editing: before (may be empty) and after
    std::optional<double> when;        ///< absent: alternation
    bool isFraction = false;           ///< of the pass; else a call of the denoiser

    bool operator==(const PromptChange&) const = default;
};

struct PromptTagMark {
    PromptRange range;
    PlannedAdapter adapter; ///< as written: kind, name, weights, blocks
    /// The numbers that stand for its weights, in the order written.
    std::vector<PromptRange> weights;

    bool operator==(const PromptTagMark&) const = default;
};

/// How the program reads a prompt in A1111's syntax. What choices and wildcards come to is open: all options count as
/// text, wildcards as none.
struct PromptMarks {
    std::vector<WeightedRange> text;   ///< by position
    std::vector<PromptMark> marks;     ///< by position
    std::vector<PromptChange> changes; ///< by position
    std::vector<PromptTagMark> tags;   ///< by position
};

/// Linear in the length of the prompt but for braces, which may lie in one another some 30 deep.
PromptMarks markPrompt(std::u32string_view prompt, bool isNegative = false);

/// The same of UTF-8.
PromptMarks markPrompt(std::string_view prompt, bool isNegative = false);

} // namespace studio
