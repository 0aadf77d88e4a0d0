#include "core/weights/format/header_parser.h"

#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/weights/format/safetensors.h"
#include "core/weights/format/sentences.h"

#include <fmt/format.h>

#include <limits>

namespace studio {

HeaderParser::HeaderParser(std::string_view text, std::string_view name)
    : m_text(text)
    , m_name(name)
{
    if (!isUtf8(text))
        fail("its header is not UTF-8 text");
}

void HeaderParser::fail(const std::string& what) const
{
    throw Error(ErrorKind::FileCorrupt,
        fmt::format("{} is not a sound .safetensors file: {}. Download it again.", m_name, what));
}

std::optional<std::string> HeaderParser::nextName()
{
    if (!m_started)
        expect('{');
    const bool first = !m_started;
    m_started = true;
    if (!nextInObject(first)) {
        skipSpace();
        if (m_at != m_text.size())
            fail("its header goes on after the closing brace");
        return std::nullopt;
    }
    std::string name = string();
    expect(':');
    return name;
}

HeaderParser::Tensor HeaderParser::tensor(std::string_view tensorName)
{
    Tensor tensor;
    bool hasType = false;
    bool hasShape = false;
    bool hasOffsets = false;
    const auto once = [&](bool& seen) {
        if (seen)
            fail(fmt::format("tensor {} gives a field twice", readable(tensorName)));
        seen = true;
    };
    expect('{');
    for (bool first = true; nextInObject(first); first = false) {
        const std::string field = string();
        expect(':');
        if (field == "dtype") {
            once(hasType);
            tensor.dtype = string();
        } else if (field == "shape") {
            once(hasShape);
            tensor.shape = numbers(kMaximumDimensions, tensorName);
        } else if (field == "data_offsets") {
            once(hasOffsets);
            const std::vector<std::int64_t> offsets = numbers(2, tensorName);
            if (offsets.size() != 2)
                fail(fmt::format("tensor {} does not give two offsets", readable(tensorName)));
            tensor.begin = offsets[0];
            tensor.end = offsets[1];
        } else {
            fail(fmt::format("tensor {} has an unknown field {}", readable(tensorName), readable(field)));
        }
    }
    if (!hasType || !hasShape || !hasOffsets)
        fail(fmt::format("tensor {} lacks its dtype, shape or data_offsets", readable(tensorName)));
    return tensor;
}

void HeaderParser::skipSpace()
{
    while (m_at < m_text.size()
        && (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\r' || m_text[m_at] == '\t'))
        ++m_at;
}

bool HeaderParser::accept(char wanted)
{
    skipSpace();
    if (m_at >= m_text.size() || m_text[m_at] != wanted)
        return false;
    ++m_at;
    return true;
}

void HeaderParser::expect(char wanted)
{
    if (accept(wanted))
        return;
    if (m_at >= m_text.size())
        fail("its header ends in the middle");
    fail(fmt::format("its header has {} at byte {} where '{}' must stand", readable(m_text.substr(m_at, 1)),
        m_at, wanted));
}

bool HeaderParser::nextInObject(bool first)
{
    if (accept('}'))
        return false;
    if (!first)
        expect(',');
    return true;
}

std::string HeaderParser::string()
{
    expect('"');
    const std::size_t begin = m_at;
    while (m_at < m_text.size() && m_text[m_at] != '"' && m_text[m_at] != '\\')
        ++m_at;
    std::string out(m_text.substr(begin, m_at - begin));
    while (m_at < m_text.size()) {
        const char next = m_text[m_at++];
        if (next == '"')
            return out;
        if (next == '\\')
            unescape(out);
        else
            out += next;
    }
    fail("its header ends inside a string");
}

void HeaderParser::unescape(std::string& out)
{
    constexpr std::string_view kEscapes = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const char escape = m_at < m_text.size() ? m_text[m_at++] : '\0';
    if (const std::size_t i = kEscapes.find(escape); i != std::string_view::npos && escape != '\0') {
        out += kMeanings[i];
        return;
    }
    if (escape != 'u')
        fail("a string of its header has an unknown escape");
    std::uint32_t code = hexQuad();
    if (code >= 0xD800 && code < 0xDC00) {
        if (m_text.substr(m_at, 2) != "\\u")
            fail("a string of its header has half a surrogate pair");
        m_at += 2;
        const std::uint32_t low = hexQuad();
        if (low < 0xDC00 || low > 0xDFFF)
            fail("a string of its header has half a surrogate pair");
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    } else if (code >= 0xDC00 && code <= 0xDFFF) {
        fail("a string of its header has half a surrogate pair");
    }
    appendUtf8(out, code);
}

std::uint32_t HeaderParser::hexQuad()
{
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i) {
        const char digit = m_at < m_text.size() ? m_text[m_at++] : '\0';
        if (digit >= '0' && digit <= '9')
            code = code * 16 + static_cast<std::uint32_t>(digit - '0');
        else if (digit >= 'a' && digit <= 'f')
            code = code * 16 + static_cast<std::uint32_t>(digit - 'a' + 10);
        else if (digit >= 'A' && digit <= 'F')
            code = code * 16 + static_cast<std::uint32_t>(digit - 'A' + 10);
        else
            fail("a string of its header has an unfinished \\u escape");
    }
    return code;
}

std::int64_t HeaderParser::number()
{
    skipSpace();
    const std::size_t begin = m_at;
    std::int64_t value = 0;
    while (m_at < m_text.size() && m_text[m_at] >= '0' && m_text[m_at] <= '9') {
        const int digit = m_text[m_at++] - '0';
        if (value > (std::numeric_limits<std::int64_t>::max() - digit) / 10)
            fail(fmt::format("its header has a number at byte {} that is too large", begin));
        value = value * 10 + digit;
    }
    const bool ended
        = m_at < m_text.size() && std::string_view(",] \n\r\t").find(m_text[m_at]) != std::string_view::npos;
    const bool padded = m_at - begin > 1 && m_text[begin] == '0';
    if (m_at == begin || !ended || padded)
        fail(fmt::format("its header has no whole number of zero or more at byte {}", begin));
    return value;
}

std::vector<std::int64_t> HeaderParser::numbers(std::size_t most, std::string_view tensorName)
{
    std::vector<std::int64_t> values;
    expect('[');
    if (accept(']'))
        return values;
    do {
        if (values.size() == most)
            fail(fmt::format("tensor {} lists more than {} numbers", readable(tensorName), most));
        values.push_back(number());
    } while (accept(','));
    expect(']');
    return values;
}

} // namespace studio
