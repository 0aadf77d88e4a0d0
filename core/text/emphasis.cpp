#include "core/text/emphasis.h"

#include "core/text/characters.h"

#include <charconv>
#include <cmath>
#include <optional>

namespace studio::text {

namespace {

constexpr double kRound = 1.1;
constexpr double kSquare = 1.0 / 1.1;
constexpr std::u32string_view kBreak = U"BREAK";
constexpr std::u32string_view kSyntax = U"\\()[]:";

bool isWordCharacter(char32_t c)
{
    return isLetter(c) || isNumber(c) || c == U'_';
}

/// A weight and where it ends: the colon at `at` may be followed by a number and a closing bracket.
struct Weight {
    std::string number;
    std::size_t end;
};

std::optional<Weight> weightAt(std::u32string_view text, std::size_t at)
{
    const auto skipSpace = [&](std::size_t i) {
        while (i < text.size() && isSpace(text[i]))
            ++i;
        return i;
    };
    std::size_t i = skipSpace(at + 1);
    const std::size_t begin = i;
    if (i < text.size() && (text[i] == U'+' || text[i] == U'-'))
        ++i;
    const std::size_t digits = i;
    while (i < text.size() && (text[i] == U'.' || (text[i] >= U'0' && text[i] <= U'9')))
        ++i;
    if (i == digits)
        return std::nullopt;
    const std::size_t bracket = skipSpace(i);
    if (bracket == text.size() || text[bracket] != U')')
        return std::nullopt;
    return Weight{encodeUtf8(text.substr(begin, i - begin)), bracket + 1};
}

std::optional<double> numberIn(const std::string& text)
{
    const char* const begin = text.data() + (text.starts_with('+') ? 1 : 0);
    const char* const end = text.data() + text.size();
    double value = 0.0;
    const auto [stop, error] = std::from_chars(begin, end, value);
    return error == std::errc() && stop == end && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

class EmphasisReader {
public:
    explicit EmphasisReader(std::u32string_view text)
        : m_text(text)
    { }

    EmphasizedText read()
    {
        for (std::size_t i = 0; i < m_text.size();)
            i = readAt(i);
        for (const std::size_t begin : m_round)
            multiply(begin, kRound);
        for (const std::size_t begin : m_square)
            multiply(begin, kSquare);
        if (m_out.parts.empty())
            m_out.parts.push_back({});
        joinEqual();
        return std::move(m_out);
    }

private:
    /// Takes what begins at `at` and answers where it ends.
    std::size_t readAt(std::size_t at)
    {
        const char32_t c = m_text[at];
        if (c == U'\\') {
            constexpr std::u32string_view kEscapable = U"()[]\\";
            const bool escapes = at + 1 < m_text.size() && kEscapable.find(m_text[at + 1]) != kEscapable.npos;
            add(escapes ? m_text.substr(at + 1, 1) : std::u32string_view());
            return at + (escapes ? 2 : 1);
        }
        if (c == U'(' || c == U'[') {
            (c == U'(' ? m_round : m_square).push_back(m_out.parts.size());
            return at + 1;
        }
        if (c == U':') {
            const auto weight = weightAt(m_text, at);
            if (weight && !m_round.empty()) {
                close(m_round, weightOf(weight->number));
                return weight->end;
            }
            return addWords(at, weight ? weight->end : at + 1);
        }
        if (c == U')' || c == U']') {
            std::vector<std::size_t>& open = c == U')' ? m_round : m_square;
            if (open.empty())
                return addWords(at, at + 1);
            close(open, c == U')' ? kRound : kSquare);
            return at + 1;
        }
        return addWords(at, std::min(m_text.find_first_of(kSyntax, at), m_text.size()));
    }

    double weightOf(const std::string& number)
    {
        const std::optional<double> weight = numberIn(number);
        if (!weight)
            m_out.notNumbers.push_back(number);
        return weight.value_or(1.0);
    }

    void close(std::vector<std::size_t>& open, double weight)
    {
        multiply(open.back(), weight);
        open.pop_back();
    }

    void multiply(std::size_t begin, double weight)
    {
        for (std::size_t i = begin; i < m_out.parts.size(); ++i)
            m_out.parts[i].weight *= weight;
    }

    void add(std::u32string_view text) { m_out.parts.push_back({encodeUtf8(text), 1.0}); }

    /// Adds the text from `begin` to `end`, in pieces around each BREAK that is a word of its own; the space around it
    /// goes with it.
    std::size_t addWords(std::size_t begin, std::size_t end)
    {
        std::u32string_view rest = m_text.substr(begin, end - begin);
        for (std::size_t at = rest.find(kBreak); at != rest.npos; at = rest.find(kBreak, at)) {
            const std::size_t after = at + kBreak.size();
            const bool isWord = (at == 0 || !isWordCharacter(rest[at - 1]))
                && (after == rest.size() || !isWordCharacter(rest[after]));
            if (!isWord) {
                at = after;
                continue;
            }
            std::u32string_view before = rest.substr(0, at);
            while (!before.empty() && isSpace(before.back()))
                before.remove_suffix(1);
            add(before);
            m_out.parts.push_back({"BREAK", -1.0});
            rest.remove_prefix(after);
            while (!rest.empty() && isSpace(rest.front()))
                rest.remove_prefix(1);
            at = 0;
        }
        add(rest);
        return end;
    }

    void joinEqual()
    {
        std::vector<WeightedText> joined;
        for (WeightedText& part : m_out.parts) {
            if (!joined.empty() && joined.back().weight == part.weight)
                joined.back().text += part.text;
            else
                joined.push_back(std::move(part));
        }
        m_out.parts = std::move(joined);
    }

    std::u32string_view m_text;
    std::vector<std::size_t> m_round; // where in the parts each open bracket began
    std::vector<std::size_t> m_square;
    EmphasizedText m_out;
};

} // namespace

EmphasizedText readEmphasis(std::string_view text)
{
    const std::u32string codePoints = decodeUtf8(text);
    return EmphasisReader(codePoints).read();
}

} // namespace studio::text
