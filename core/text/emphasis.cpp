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
    std::size_t begin;
    std::size_t length;
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
    return Weight{begin, i - begin, bracket + 1};
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

    EmphasisLayout read()
    {
        for (std::size_t i = 0; i < m_text.size();)
            i = readAt(i);
        for (const Open& open : m_round)
            multiply(open, kRound);
        for (const Open& open : m_square)
            multiply(open, kSquare);
        return std::move(m_out);
    }

private:
    struct Open {
        std::size_t firstSpan;
        std::size_t bracket;
    };

    /// Takes what begins at `at` and answers where it ends.
    std::size_t readAt(std::size_t at)
    {
        const char32_t c = m_text[at];
        if (c == U'\\') {
            constexpr std::u32string_view kEscapable = U"()[]\\";
            const bool escapes = at + 1 < m_text.size() && kEscapable.find(m_text[at + 1]) != kEscapable.npos;
            add(at + 1, at + (escapes ? 2 : 1));
            return at + (escapes ? 2 : 1);
        }
        if (c == U'(' || c == U'[') {
            (c == U'(' ? m_round : m_square).push_back({m_out.spans.size(), m_out.brackets.size()});
            m_out.brackets.push_back({at, c == U'(' ? kRound : kSquare, std::nullopt});
            return at + 1;
        }
        if (c == U':') {
            const auto weight = weightAt(m_text, at);
            if (weight && !m_round.empty()) {
                close(m_round, weightOf(*weight), at, weight->end);
                return weight->end;
            }
            return addWords(at, weight ? weight->end : at + 1);
        }
        if (c == U')' || c == U']') {
            std::vector<Open>& open = c == U')' ? m_round : m_square;
            if (open.empty()) {
                m_out.strays.push_back(at);
                return addWords(at, at + 1);
            }
            close(open, c == U')' ? kRound : kSquare, at, at + 1);
            return at + 1;
        }
        return addWords(at, std::min(m_text.find_first_of(kSyntax, at), m_text.size()));
    }

    double weightOf(const Weight& weight)
    {
        const auto number = numberIn(encodeUtf8(m_text.substr(weight.begin, weight.length)));
        if (!number)
            m_out.notNumbers.emplace_back(weight.begin, weight.begin + weight.length);
        return number.value_or(1.0);
    }

    void close(std::vector<Open>& open, double factor, std::size_t begin, std::size_t end)
    {
        m_out.brackets[open.back().bracket].close = {begin, end};
        multiply(open.back(), factor);
        open.pop_back();
    }

    void multiply(const Open& open, double factor)
    {
        m_out.brackets[open.bracket].factor = factor;
        for (std::size_t i = open.firstSpan; i < m_out.spans.size(); ++i)
            m_out.spans[i].weight *= factor;
    }

    void add(std::size_t begin, std::size_t end) { m_out.spans.push_back({begin, end, 1.0, false}); }

    /// Adds the text from `begin` to `end`, in pieces around each BREAK that is a word of its own; the space around it
    /// goes with it.
    std::size_t addWords(std::size_t begin, std::size_t end)
    {
        const std::u32string_view text = m_text.substr(0, end);
        for (std::size_t at = text.find(kBreak, begin); at != text.npos; at = text.find(kBreak, at)) {
            const std::size_t after = at + kBreak.size();
            const bool isWord = (at == begin || !isWordCharacter(text[at - 1]))
                && (after == text.size() || !isWordCharacter(text[after]));
            if (!isWord) {
                at = after;
                continue;
            }
            std::size_t before = at;
            while (before > begin && isSpace(text[before - 1]))
                --before;
            add(begin, before);
            m_out.spans.push_back({at, after, -1.0, true});
            begin = after;
            while (begin < text.size() && isSpace(text[begin]))
                ++begin;
            at = begin;
        }
        add(begin, end);
        return end;
    }

    std::u32string_view m_text;
    std::vector<Open> m_round;
    std::vector<Open> m_square;
    EmphasisLayout m_out;
};

} // namespace

EmphasisLayout layOutEmphasis(std::u32string_view text)
{
    return EmphasisReader(text).read();
}

EmphasizedText readEmphasis(std::string_view text)
{
    const std::u32string codePoints = decodeUtf8(text);
    const std::u32string_view all = codePoints;
    const EmphasisLayout layout = layOutEmphasis(all);
    EmphasizedText out;
    for (const EmphasisSpan& span : layout.spans) {
        std::string words = encodeUtf8(all.substr(span.begin, span.end - span.begin));
        if (!out.parts.empty() && out.parts.back().weight == span.weight)
            out.parts.back().text += words;
        else
            out.parts.push_back({std::move(words), span.weight});
    }
    if (out.parts.empty())
        out.parts.push_back({});
    for (const auto& [begin, end] : layout.notNumbers)
        out.notNumbers.push_back(encodeUtf8(all.substr(begin, end - begin)));
    return out;
}

} // namespace studio::text
