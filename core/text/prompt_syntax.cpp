#include "core/text/prompt_syntax.h"

#include "core/text/characters.h"

#include <charconv>
#include <cmath>
#include <optional>

namespace studio::text {

namespace {

constexpr std::u32string_view kAnd = U"AND";

bool isWordCharacter(char32_t c)
{
    return isLetter(c) || isNumber(c) || c == U'_';
}

bool isDigit(char32_t c)
{
    return c >= U'0' && c <= U'9';
}

/// The end of the text from `begin` to `end` without the space there.
std::size_t endWithoutSpace(std::u32string_view text, std::size_t begin, std::size_t end)
{
    while (end > begin && isSpace(text[end - 1]))
        --end;
    return end;
}

/// The whole text as a weight: 1, -2, .5, 1.5, 3.; no exponents.
std::optional<double> weightIn(std::u32string_view text)
{
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    const bool isSigned = !text.empty() && (text.front() == U'+' || text.front() == U'-');
    std::string digits = isSigned && text.front() == U'-' ? "-" : "";
    text.remove_prefix(isSigned ? 1 : 0);
    bool hasDigit = false;
    bool hasPoint = false;
    for (const char32_t c : text) {
        if (!isDigit(c) && (c != U'.' || hasPoint))
            return std::nullopt;
        hasDigit |= isDigit(c);
        hasPoint |= c == U'.';
        digits += static_cast<char>(c);
    }
    double weight = 0.0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), weight);
    const bool whole = end == digits.data() + digits.size();
    return hasDigit && whole && error == std::errc() ? std::optional(weight) : std::nullopt;
}

ComposedPlace placeFrom(std::u32string_view text, std::size_t begin, std::size_t end)
{
    end = endWithoutSpace(text, begin, end);
    const std::u32string_view part = text.substr(begin, end - begin);
    if (const std::size_t colon = part.rfind(U':'); colon != part.npos)
        if (const auto weight = weightIn(part.substr(colon + 1)))
            return {
                begin, endWithoutSpace(text, begin, begin + colon), std::pair(begin + colon, end), *weight};
    return {begin, end, std::nullopt, 1.0};
}

/// Where the tag that begins at `at` ends, behind its >; 0 if there begins none. `colon`: where its kind ends.
std::size_t endOfTag(std::u32string_view text, std::size_t at, std::size_t& colon)
{
    colon = at + 1;
    while (colon < text.size() && isWordCharacter(text[colon]))
        ++colon;
    if (colon == at + 1 || colon >= text.size() || text[colon] != U':')
        return 0;
    const std::size_t end = text.find(U'>', colon + 1);
    return end == text.npos || end == colon + 1 ? 0 : end + 1;
}

PromptTag tagFrom(std::u32string_view kind, std::u32string_view arguments, std::u32string_view written)
{
    PromptTag tag{encodeUtf8(kind), {}, {}, encodeUtf8(written)};
    while (true) {
        const std::size_t end = std::min(arguments.find(U':'), arguments.size());
        const std::u32string_view argument = arguments.substr(0, end);
        const std::size_t equals = argument.find(U'=');
        if (equals == argument.npos)
            tag.arguments.push_back(encodeUtf8(argument));
        else
            tag.named.emplace_back(
                encodeUtf8(argument.substr(0, equals)), encodeUtf8(argument.substr(equals + 1)));
        if (end == arguments.size())
            return tag;
        arguments.remove_prefix(end + 1);
    }
}

} // namespace

std::string withoutComments(std::string_view text)
{
    std::string out;
    while (true) {
        const std::size_t mark = text.find('#');
        out += text.substr(0, mark);
        const std::size_t end = mark == text.npos ? mark : text.find('\n', mark);
        if (end == text.npos)
            return out;
        text.remove_prefix(end);
    }
}

std::vector<TagPlace> findTags(std::u32string_view text)
{
    std::vector<TagPlace> places;
    // Behind the last > nothing more is a tag: without this bound, a text of many < would be searched again and again.
    const std::size_t last = text.rfind(U'>');
    for (std::size_t i = 0; last != text.npos && i < last;) {
        std::size_t colon = 0;
        const std::size_t end = text[i] == U'<' ? endOfTag(text, i, colon) : 0;
        if (end > 0)
            places.push_back({i, colon, end});
        i = end > 0 ? end : i + 1;
    }
    return places;
}

PromptTag readTag(std::u32string_view text, const TagPlace& place)
{
    return tagFrom(text.substr(place.begin + 1, place.colon - place.begin - 1),
        text.substr(place.colon + 1, place.end - place.colon - 2),
        text.substr(place.begin, place.end - place.begin));
}

std::string withoutTags(std::string_view bytes, std::vector<PromptTag>& tags)
{
    const std::u32string text = decodeUtf8(bytes);
    std::u32string out;
    std::size_t from = 0;
    for (const TagPlace& place : findTags(text)) {
        out.append(text, from, place.begin - from);
        tags.push_back(readTag(text, place));
        from = place.end;
    }
    return encodeUtf8(out.append(text, from));
}

std::vector<ComposedPlace> layOutComposition(std::u32string_view text)
{
    std::vector<ComposedPlace> parts;
    std::size_t begin = 0;
    for (std::size_t at = text.find(kAnd); at != text.npos; at = text.find(kAnd, at + 1)) {
        const std::size_t after = at + kAnd.size();
        const bool isWord = (at == 0 || !isWordCharacter(text[at - 1]))
            && (after == text.size() || !isWordCharacter(text[after]));
        if (!isWord)
            continue;
        parts.push_back(placeFrom(text, begin, at));
        begin = after;
    }
    parts.push_back(placeFrom(text, begin, text.size()));
    return parts;
}

std::vector<ComposedText> readComposition(std::string_view bytes)
{
    const std::u32string text = decodeUtf8(bytes);
    std::vector<ComposedText> parts;
    for (const ComposedPlace& place : layOutComposition(text))
        parts.push_back(
            {encodeUtf8(std::u32string_view(text).substr(place.afterAnd, place.end - place.afterAnd)),
                place.weight});
    return parts;
}

} // namespace studio::text
