#include "core/text/characters.h"

#include "core/base/unicode.h"
#include "core/text/character_exceptions.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <vector>

namespace studio::text {

namespace {

// The table of exceptions starts from Unicode 15. (The pkg-config file of utf8proc names an older version than it is.)
static_assert(UTF8PROC_VERSION_MAJOR > 2 || (UTF8PROC_VERSION_MAJOR == 2 && UTF8PROC_VERSION_MINOR >= 8),
    "utf8proc 2.8 or newer is needed");

/// The rows are sorted; each has first and last.
template <class Row> const Row* rowOf(std::span<const Row> rows, char32_t codePoint)
{
    const auto found = std::ranges::lower_bound(rows, codePoint, {}, &Row::last);
    return found != rows.end() && found->first <= codePoint ? &*found : nullptr;
}

bool isIn(std::span<const CodePointRange> ranges, char32_t codePoint)
{
    return rowOf(ranges, codePoint) != nullptr;
}

/// What a first byte promises: how many bytes follow, and the range of the second, which excludes overlong forms,
/// surrogates and what lies beyond U+10FFFF (Unicode 15, table 3-7).
struct Lead {
    int following = 0;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
};

Lead leadOf(unsigned char byte)
{
    if (byte >= 0xC2 && byte <= 0xDF)
        return {1};
    if (byte >= 0xE0 && byte <= 0xEF) {
        const unsigned char low = byte == 0xE0 ? 0xA0 : 0x80;
        const unsigned char high = byte == 0xED ? 0x9F : 0xBF;
        return {2, low, high};
    }
    if (byte >= 0xF0 && byte <= 0xF4) {
        const unsigned char low = byte == 0xF0 ? 0x90 : 0x80;
        const unsigned char high = byte == 0xF4 ? 0x8F : 0xBF;
        return {3, low, high};
    }
    return {};
}

/// Reads one code point or one faulty piece and steps over it.
char32_t next(std::string_view bytes, std::size_t& at)
{
    const auto byteAt = [&](std::size_t index) { return static_cast<unsigned char>(bytes[index]); };
    const unsigned char first = byteAt(at++);
    if (first < 0x80)
        return first;
    const Lead lead = leadOf(first);
    if (lead.following == 0)
        return kReplacementCharacter;
    char32_t codePoint = first & (0x3Fu >> lead.following);
    for (int i = 0; i < lead.following; ++i) {
        const unsigned char low = i == 0 ? lead.low : 0x80;
        const unsigned char high = i == 0 ? lead.high : 0xBF;
        if (at >= bytes.size() || byteAt(at) < low || byteAt(at) > high)
            return kReplacementCharacter;
        codePoint = (codePoint << 6) | (byteAt(at++) & 0x3Fu);
    }
    return codePoint;
}

int combiningClass(char32_t codePoint)
{
    return utf8proc_get_property(static_cast<utf8proc_int32_t>(codePoint))->combining_class;
}

std::u32string decomposed(std::u32string_view text)
{
    std::u32string result;
    result.reserve(text.size());
    std::array<utf8proc_int32_t, 32> parts{}; // canonical decompositions have four at most
    for (const char32_t codePoint : text) {
        int boundary = 0;
        const auto count = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(codePoint), parts.data(),
            static_cast<utf8proc_ssize_t>(parts.size()), UTF8PROC_DECOMPOSE, &boundary);
        for (utf8proc_ssize_t i = 0; i < count; ++i)
            result.push_back(static_cast<char32_t>(parts[static_cast<std::size_t>(i)]));
    }
    return result;
}

/// Sorts each run of marks by class. (utf8proc's own pass takes quadratic time on long runs.)
void sortMarks(std::u32string& text)
{
    for (auto begin = text.begin(); begin != text.end();) {
        if (combiningClass(*begin) == 0) {
            ++begin;
            continue;
        }
        const auto end = std::find_if(begin, text.end(), [](char32_t c) { return combiningClass(c) == 0; });
        std::stable_sort(
            begin, end, [](char32_t a, char32_t b) { return combiningClass(a) < combiningClass(b); });
        begin = end;
    }
}

std::u32string composedBetweenInert(std::u32string_view text)
{
    std::u32string parts = decomposed(text);
    sortMarks(parts);
    std::vector<utf8proc_int32_t> buffer(parts.begin(), parts.end());
    const auto length = utf8proc_normalize_utf32(buffer.data(), static_cast<utf8proc_ssize_t>(buffer.size()),
        static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    return {buffer.begin(), buffer.begin() + std::max<utf8proc_ssize_t>(length, 0)};
}

constexpr char32_t kFirstThatMayChange = 0x300; // below, every code point is its own normal form
constexpr char32_t kCapitalIWithDot = 0x130;    // the only one whose lower case has two code points

} // namespace

std::u32string decodeUtf8(std::string_view bytes)
{
    std::u32string text;
    text.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size();)
        text.push_back(next(bytes, at));
    return text;
}

std::string encodeUtf8(std::u32string_view codePoints)
{
    std::string bytes;
    bytes.reserve(codePoints.size());
    for (const char32_t codePoint : codePoints)
        appendUtf8(bytes, codePoint);
    return bytes;
}

std::u32string composed(std::u32string_view text)
{
    if (std::ranges::all_of(text, [](char32_t c) { return c < kFirstThatMayChange; }))
        return std::u32string(text);
    std::u32string result;
    result.reserve(text.size());
    const auto isInert = [](char32_t c) { return isIn(inertInUnicode9(), c); };
    for (auto begin = text.begin(); begin != text.end();) {
        const auto inert = std::find_if(begin, text.end(), isInert);
        result += composedBetweenInert({begin, inert});
        if (inert == text.end())
            break;
        result.push_back(*inert);
        begin = inert + 1;
    }
    return result;
}

std::u32string lowerCase(std::u32string_view text)
{
    std::u32string result;
    result.reserve(text.size());
    for (const char32_t codePoint : text) {
        if (codePoint == kCapitalIWithDot)
            result += U"i\u0307";
        else if (const CaseShift* shift = rowOf(lowerCaseOfUnicode17(), codePoint))
            result.push_back(static_cast<char32_t>(static_cast<int>(codePoint) + shift->distance));
        else
            result.push_back(
                static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(codePoint))));
    }
    return result;
}

bool isLetter(char32_t codePoint)
{
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(codePoint));
    if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO)
        return !isIn(assignedAfterUnicode16(), codePoint);
    return isIn(lettersOfUnicode16(), codePoint);
}

bool isNumber(char32_t codePoint)
{
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(codePoint));
    if (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO)
        return !isIn(assignedAfterUnicode16(), codePoint);
    return isIn(numbersOfUnicode16(), codePoint);
}

bool isSpace(char32_t codePoint)
{
    switch (codePoint) {
    case 0x20:
    case 0x85:
    case 0xA0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202F:
    case 0x205F:
    case 0x3000:
        return true;
    default:
        return (codePoint >= 0x09 && codePoint <= 0x0D) || (codePoint >= 0x2000 && codePoint <= 0x200A);
    }
}

} // namespace studio::text
