#pragma once

#include <cstddef>
#include <optional>
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

/// Where a tag lies: from its < to behind its >, and the colon behind its kind. Code points.
struct TagPlace {
    std::size_t begin = 0;
    std::size_t colon = 0;
    std::size_t end = 0;
};

/// Linear.
std::vector<TagPlace> findTags(std::u32string_view text);

PromptTag readTag(std::u32string_view text, const TagPlace& place);

/// Takes the tags out of a prompt and appends them to `tags`. The text around them stays as it is.
std::string withoutTags(std::string_view text, std::vector<PromptTag>& tags);

/// One of the prompts of a composition, and how much its guidance counts.
struct ComposedText {
    std::string text;
    double weight = 1.0;

    bool operator==(const ComposedText&) const = default;
};

/// Where one of them lies, in code points, without the space at its end. `afterAnd`: behind the AND before it.
struct ComposedPlace {
    std::size_t afterAnd = 0;
    std::size_t end = 0;
    std::optional<std::pair<std::size_t, std::size_t>> weightText; ///< from the colon
    double weight = 1.0;
};

std::vector<ComposedPlace> layOutComposition(std::u32string_view text);

/// The prompts between the words AND (Liu et al. 2022, "Compositional Visual Generation with Composable Diffusion
/// Models"), at least one. A colon and a number at the end of each is its weight, also where there is no AND. Space at
/// the end is cut off.
std::vector<ComposedText> readComposition(std::string_view text);

} // namespace studio::text
