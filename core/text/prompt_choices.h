#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio::text {

/// The lines to choose from for a wildcard's name; nothing if there is no such wildcard.
using Wildcards = std::function<std::optional<std::vector<std::string>>(const std::string& name)>;

struct ChosenText {
    std::string text;
    std::vector<std::string>
        unknown;           ///< names of wildcards that do not exist; they stay in the text as written
    bool cutShort = false; ///< wildcards that name one another without an end: some stay as written
};

/// Replaces each {one|two|three} by one of its options and each __name__ by a line of that wildcard, as the seed
/// decides: the same text and seed give the same choice on every machine. Options and lines may hold further ones.
/// "3::" before an option makes it three times as likely. Braces without a bar, and a bar within square brackets
/// (alternation), are text; a backslash keeps what follows it.
ChosenText chooseText(std::string_view text, std::uint64_t seed, const Wildcards& wildcards);

/// A place that is no text: braces, bars and weights of choices, and wildcards. Bytes [begin, end).
struct ChoicePlace {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool isWildcard = false;
};

/// By position. Braces deeper in one another than the program follows are text.
std::vector<ChoicePlace> findChoices(std::string_view text);

} // namespace studio::text
