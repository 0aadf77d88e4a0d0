#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The outer layers of A1111's prompts, in the order they are taken off: comments, tags, AND.
namespace studio::text {

/// Without the text from each # to the end of its line, as A1111 does since 1.7.
std::string withoutComments(std::string_view text);

/// <kind:argument:argument=value>: an adapter to load, no text. Kind is a word of letters, digits and _.
struct PromptTag {
    std::string kind;
    std::vector<std::string> arguments;                     ///< in their order
    std::vector<std::pair<std::string, std::string>> named; ///< of the form name=value
    std::string written;                                    ///< the tag as it stands in the prompt

    bool operator==(const PromptTag&) const = default;
};

/// Takes the tags out of a prompt and appends them to `tags`. The text around them stays as it is.
std::string withoutTags(std::string_view text, std::vector<PromptTag>& tags);

/// One of the prompts of a composition, and how much its guidance counts.
struct ComposedText {
    std::string text;
    double weight = 1.0;

    bool operator==(const ComposedText&) const = default;
};

/// The prompts between the words AND (Liu et al. 2022, "Compositional Visual Generation with Composable Diffusion
/// Models"), at least one. A colon and a number at the end of each is its weight, also where there is no AND. Space at
/// the end is cut off.
std::vector<ComposedText> readComposition(std::string_view text);

} // namespace studio::text
