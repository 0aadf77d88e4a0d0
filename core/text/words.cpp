#include "core/text/words.h"

#include "core/text/characters.h"

#include <algorithm>
#include <array>

namespace studio::text {

namespace {

constexpr std::array<std::u32string_view, 7> kEndings{U"'s", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d"};
constexpr std::array<std::u32string_view, 2> kSpecial{U"<|startoftext|>", U"<|endoftext|>"};

bool isOther(char32_t codePoint)
{
    return !isSpace(codePoint) && !isLetter(codePoint) && !isNumber(codePoint);
}

std::size_t runOf(std::u32string_view text, bool (*belongs)(char32_t))
{
    return static_cast<std::size_t>(std::ranges::find_if_not(text, belongs) - text.begin());
}

/// A special token's text that was not taken for the token itself (it can be, in vocabularies that match before
/// normalization) still ends the run of punctuation before it, and is then cut like any other text.
template <std::size_t Count>
std::u32string_view startingWith(
    std::u32string_view text, const std::array<std::u32string_view, Count>& choices)
{
    const auto found
        = std::ranges::find_if(choices, [&](std::u32string_view c) { return text.starts_with(c); });
    return found == choices.end() ? std::u32string_view() : *found;
}

} // namespace

void forEachWord(std::u32string_view text, const std::function<void(std::u32string_view)>& take)
{
    constexpr std::size_t kMark = 2; // "<|" and "|>"
    while (!text.empty()) {
        std::size_t length = 1;
        if (const auto special = startingWith(text, kSpecial); !special.empty()) {
            length = special.size();
            take(text.substr(0, kMark));
            take(text.substr(kMark, length - 2 * kMark));
            take(text.substr(length - kMark, kMark));
        } else if (isSpace(text.front())) {
            // Space parts words and is no word.
        } else {
            if (const auto ending = startingWith(text, kEndings); !ending.empty())
                length = ending.size();
            else if (isLetter(text.front()))
                length = runOf(text, isLetter);
            else if (!isNumber(text.front()))
                length = runOf(text, isOther);
            take(text.substr(0, length));
        }
        text.remove_prefix(length);
    }
}

} // namespace studio::text
