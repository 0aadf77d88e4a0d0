#include "core/weights/format/sentences.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace studio {

namespace {

/// Bytes of the well-formed sequence at the front; 0: there is none.
std::size_t sequenceLength(std::string_view text) noexcept
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80)
        return 1;
    const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (length == 0 || text.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80)
            return 0;
    const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
    const bool surrogate = lead == 0xED && byte(1) > 0x9F;
    const bool beyond = lead == 0xF4 && byte(1) > 0x8F;
    return overlong || surrogate || beyond ? 0 : length;
}

} // namespace

bool isUtf8(std::string_view text) noexcept
{
    while (!text.empty()) {
        const std::size_t length = sequenceLength(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

void appendUtf8(std::string& out, std::uint32_t codePoint)
{
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (codePoint < 0x80) {
        put(codePoint);
    } else if (codePoint < 0x800) {
        put(0xC0 | (codePoint >> 6));
        put(0x80 | (codePoint & 0x3F));
    } else if (codePoint < 0x10000) {
        put(0xE0 | (codePoint >> 12));
        put(0x80 | ((codePoint >> 6) & 0x3F));
        put(0x80 | (codePoint & 0x3F));
    } else {
        put(0xF0 | (codePoint >> 18));
        put(0x80 | ((codePoint >> 12) & 0x3F));
        put(0x80 | ((codePoint >> 6) & 0x3F));
        put(0x80 | (codePoint & 0x3F));
    }
}

std::string oneLine(std::string_view text, std::size_t most)
{
    std::string out;
    while (!text.empty()) {
        const std::size_t length = sequenceLength(text);
        const std::string_view next = length == 0 ? std::string_view("?") : text.substr(0, length);
        if (out.size() + next.size() > most)
            return out + "...";
        const bool control = next.size() == 1 && (static_cast<unsigned char>(next[0]) < 0x20 || next[0] == 0x7F);
        out += control ? std::string_view(" ") : next;
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

std::string readable(std::string_view text, std::size_t most)
{
    return fmt::format("\"{}\"", oneLine(text, most));
}

std::string firstFew(const std::vector<std::string>& names, std::size_t few)
{
    const std::size_t shown = std::min(few, names.size());
    std::string out;
    for (std::size_t i = 0; i < shown; ++i)
        out += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + oneLine(names[i], 120);
    if (names.size() > shown)
        out += fmt::format(" and {} more", names.size() - shown);
    return out;
}

std::string shapeText(const std::vector<std::int64_t>& shape)
{
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

} // namespace studio
