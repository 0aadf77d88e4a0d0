#include "core/base/unicode.h"

#include <cstdint>
#include <cstring>

namespace studio {

namespace {

unsigned byteAt(std::string_view bytes, std::size_t i)
{
    return static_cast<unsigned char>(bytes[i]);
}

char charOf(std::uint32_t value)
{
    return static_cast<char>(static_cast<unsigned char>(value));
}

bool isSurrogate(char32_t c)
{
    return c >= 0xD800 && c <= 0xDFFF;
}

/// Bytes of a sequence by its first byte; 0: none begins so.
std::size_t sequenceLength(unsigned first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first < 0xE0)
        return 2;
    if (first >= 0xE0 && first < 0xF0)
        return 3;
    return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

} // namespace

char32_t nextCharacter(std::string_view utf8, std::size_t& position)
{
    constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned first = byteAt(utf8, position);
    const std::size_t length = sequenceLength(first);
    const std::size_t begin = position++;
    if (length == 1)
        return first;
    if (length == 0 || utf8.size() - begin < length)
        return kReplacementCharacter;
    char32_t character = first & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byteAt(utf8, begin + i) & 0xC0) != 0x80)
            return kReplacementCharacter;
        character = character << 6 | (byteAt(utf8, begin + i) & 0x3F);
    }
    if (character < kSmallest[length] || character > 0x10FFFF || isSurrogate(character))
        return kReplacementCharacter;
    position = begin + length;
    return character;
}

void appendUtf8(std::string& out, char32_t c)
{
    if (c < 0x80) {
        out += charOf(c);
    } else if (c < 0x800) {
        out += {charOf(0xC0 | c >> 6), charOf(0x80 | (c & 0x3F))};
    } else if (c < 0x10000) {
        out += {charOf(0xE0 | c >> 12), charOf(0x80 | (c >> 6 & 0x3F)), charOf(0x80 | (c & 0x3F))};
    } else {
        out += {charOf(0xF0 | c >> 18), charOf(0x80 | (c >> 12 & 0x3F)), charOf(0x80 | (c >> 6 & 0x3F)),
            charOf(0x80 | (c & 0x3F))};
    }
}

bool isUtf8(std::string_view bytes)
{
    for (std::size_t i = 0; i < bytes.size();) {
        // Eight bytes at a time while they are ASCII: the header of a checkpoint may be a hundred megabytes.
        if (std::uint64_t eight = 0; bytes.size() - i >= sizeof(eight)) {
            std::memcpy(&eight, bytes.data() + i, sizeof(eight));
            if ((eight & 0x8080808080808080) == 0) {
                i += sizeof(eight);
                continue;
            }
        }
        const std::size_t begin = i;
        // The replacement character may also stand in the text itself, three bytes long.
        if (nextCharacter(bytes, i) == kReplacementCharacter && i - begin == 1)
            return false;
    }
    return true;
}

std::string latin1ToUtf8(std::string_view latin1)
{
    std::string out;
    for (std::size_t i = 0; i < latin1.size(); ++i)
        appendUtf8(out, byteAt(latin1, i));
    return out;
}

std::optional<std::string> utf8ToLatin1(std::string_view utf8)
{
    std::string out;
    for (std::size_t i = 0; i < utf8.size();) {
        const char32_t character = nextCharacter(utf8, i);
        if (character > 0xFF)
            return std::nullopt;
        out += charOf(character);
    }
    return out;
}

std::string utf8ToUtf16BigEndian(std::string_view utf8)
{
    std::string out;
    const auto append = [&out](char32_t unit) { out += {charOf(unit >> 8), charOf(unit)}; };
    for (std::size_t i = 0; i < utf8.size();) {
        const char32_t character = nextCharacter(utf8, i);
        if (character >= 0x10000) {
            append(0xD800 + ((character - 0x10000) >> 10));
            append(0xDC00 + ((character - 0x10000) & 0x3FF));
        } else {
            append(character);
        }
    }
    return out;
}

std::string utf16ToUtf8(std::string_view bytes, bool bigEndian)
{
    const auto unitAt = [&](std::size_t i) -> char32_t {
        const unsigned a = byteAt(bytes, i);
        const unsigned b = byteAt(bytes, i + 1);
        return bigEndian ? a << 8 | b : b << 8 | a;
    };
    std::string out;
    std::size_t i = 0;
    for (; i + 1 < bytes.size(); i += 2) {
        char32_t character = unitAt(i);
        if (character >= 0xD800 && character < 0xDC00 && i + 3 < bytes.size() && unitAt(i + 2) >= 0xDC00
            && unitAt(i + 2) <= 0xDFFF) {
            character = 0x10000 + ((character - 0xD800) << 10) + (unitAt(i + 2) - 0xDC00);
            i += 2;
        }
        appendUtf8(out, isSurrogate(character) ? kReplacementCharacter : character);
    }
    if (i < bytes.size())
        appendUtf8(out, kReplacementCharacter);
    return out;
}

} // namespace studio
