#pragma once

#include <string>
#include <string_view>
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

/// A1111's emphasis: (x) is 1.1 times, [x] the same part less, (x:1.3) 1.3 times; brackets multiply; a backslash before
/// a bracket or a backslash makes it text; BREAK stands alone. A bracket that nothing closes acts to the end; one that
/// closes nothing is text. A weight that is no number ((x:1.2.3), which A1111 stops at) counts as 1 and is named.
EmphasizedText readEmphasis(std::string_view text);

} // namespace studio::text
