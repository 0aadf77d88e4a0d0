#include "core/request/foreign/prompt_conversion.h"

#include "core/request/infotext_values.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace studio {

namespace {

bool isWordCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
        || static_cast<unsigned char>(c) >= 0x80;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Whether `word` stands at `at` as a word of its own.
bool isWordAt(std::string_view text, std::size_t at, std::string_view word)
{
    return text.substr(at).starts_with(word) && (at == 0 || !isWordCharacter(text[at - 1]))
        && (at + word.size() == text.size() || !isWordCharacter(text[at + word.size()]));
}

/// A text that ends in a colon and a number would be the weight of the whole prompt.
std::size_t colonOfWeight(std::string_view text)
{
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return colon;
    const std::string_view rest = text.substr(colon + 1);
    const bool isNumber = rest.find_first_not_of(" \t\r\n+-.0123456789") == std::string_view::npos
        && rest.find_first_of("0123456789") != std::string_view::npos;
    return isNumber ? colon : std::string_view::npos;
}

/// Writes texts so that they are only texts here.
class PlainWriter {
public:
    PlainWriter(std::string_view text, std::string_view special)
        : m_text(text)
        , m_special(special)
        , m_colon(colonOfWeight(text))
    { }

    /// Appends the character at `at`, or a word of it, and answers where it ends.
    std::size_t append(std::string& out, std::size_t at) const
    {
        for (const std::string_view word : {"AND", "BREAK"})
            if (isWordAt(m_text, at, word)) {
                out += word.substr(0, 1);
                out += '\\';
                out += word.substr(1);
                return at + word.size();
            }
        const char c = m_text[at];
        const bool beginsWildcard = c == '_' && m_text.substr(at).starts_with("__");
        if (m_special.find(c) != std::string_view::npos || beginsWildcard)
            out += '\\';
        out += c;
        if (c == '<' || at == m_colon)
            out += '\\';
        return at + 1;
    }

private:
    std::string_view m_text;
    std::string_view m_special;
    std::size_t m_colon;
};

void sayComments(std::string_view prompt, ImportBuilder& builder)
{
    if (prompt.find('#') != std::string_view::npos)
        builder.say(
            "The prompt holds a #, which begins a comment here: what follows it on its line is not read.");
}

} // namespace

std::string fromComfyPrompt(std::string_view prompt, ImportBuilder& builder)
{
    sayComments(prompt, builder);
    constexpr std::string_view kEmbedding = "embedding:";
    const std::size_t embedding = prompt.find(kEmbedding);
    if (embedding != std::string_view::npos) {
        const std::size_t end = prompt.find_first_of(" ,()\n", embedding);
        builder.say(fmt::format("The textual inversion \"{}\" is read as words.",
            shownText(prompt.substr(embedding, end - embedding))));
    }
    const PlainWriter writer(prompt, "[]{}|");
    std::string out;
    for (std::size_t i = 0; i < prompt.size();) {
        if (prompt[i] == '\\' && i + 1 < prompt.size() && (prompt[i + 1] == '(' || prompt[i + 1] == ')')) {
            out += prompt.substr(i, 2);
            i += 2;
        } else if (prompt[i] == '\\') {
            out += "\\\\";
            ++i;
        } else {
            i = writer.append(out, i);
        }
    }
    return out;
}

namespace {

constexpr std::size_t kMostBytes = 100'000; ///< no longer prompt is taken over

/// Compel's grammar as far as weights go. Damian0815/compel: each + is 1.1 times, each - 0.9 times, a number is itself.
class CompelReader {
public:
    explicit CompelReader(std::string_view text)
        : m_text(text)
        , m_writer(text, "[]{}|:")
    { }

    std::string read()
    {
        std::size_t wordBegin = 0;
        for (std::size_t i = 0; i < m_text.size();) {
            const char c = m_text[i];
            if (c == '\\' && i + 1 < m_text.size()) {
                const bool isBracket = m_text[i + 1] == '(' || m_text[i + 1] == ')';
                m_out += isBracket ? std::string(m_text.substr(i, 2)) : std::string(1, m_text[i + 1]);
                i += 2;
            } else if (c == '(') {
                m_open.push_back(m_out.size());
                ++i;
                wordBegin = m_out.size();
            } else if (c == ')' && !m_open.empty()) {
                const std::size_t begin = m_open.back();
                m_open.pop_back();
                i = weigh(begin, i + 1, /*mayBeNumber=*/true);
                wordBegin = m_out.size();
            } else if (c == '+' || c == '-') {
                const std::size_t end = std::min(m_text.find_first_not_of(c, i), m_text.size());
                if (endsWord(end) && m_out.size() > wordBegin)
                    weigh(wordBegin, i, /*mayBeNumber=*/false);
                else
                    m_out += m_text.substr(i, end - i);
                wordBegin = endsWord(end) ? m_out.size() : wordBegin;
                i = end;
            } else if (c == ')') {
                m_out += "\\)";
                ++i;
            } else {
                i = m_writer.append(m_out, i);
                if (isSpace(c) || c == ',')
                    wordBegin = m_out.size();
            }
        }
        return std::move(m_out);
    }
    bool isWeighted() const { return m_weighted; }

private:
    bool endsWord(std::size_t at) const
    {
        constexpr std::string_view kEnds = " \t\r\n,).";
        return at == m_text.size() || kEnds.find(m_text[at]) != std::string_view::npos;
    }

    /// Puts what was written since `begin` into brackets if a weight stands at `at`; answers where it ends.
    std::size_t weigh(std::size_t begin, std::size_t at, bool mayBeNumber)
    {
        double weight = 1.0;
        std::size_t end = at;
        if (at < m_text.size() && (m_text[at] == '+' || m_text[at] == '-')) {
            while (end < m_text.size() && m_text[end] == m_text[at])
                ++end;
            // Beyond ten signs there is no meaning, and no picture.
            weight = std::pow(
                m_text[at] == '+' ? 1.1 : 0.9, static_cast<double>(std::min<std::size_t>(end - at, 10)));
        } else if (mayBeNumber) {
            while (end < m_text.size() && (isDigit(m_text[end]) || m_text[end] == '.'))
                ++end;
            const auto number = numberIn<double>(m_text.substr(at, end - at));
            if (!number)
                end = at;
            weight = number.value_or(1.0);
        }
        if (weight != 1.0 && m_out.size() > begin) {
            m_out.insert(begin, "(");
            m_out += fmt::format(":{:.4g})", weight);
            m_weighted = true;
        }
        return end;
    }

    std::string_view m_text;
    PlainWriter m_writer;
    std::string m_out;
    std::vector<std::size_t> m_open;
    bool m_weighted = false;
};

} // namespace

std::string fromCompelPrompt(std::string_view prompt, ImportBuilder& builder)
{
    if (prompt.size() > kMostBytes)
        return std::string(prompt);
    sayComments(prompt, builder);
    for (const std::string_view call : {").and(", ").blend(", ".swap(", "\").and(", "\").blend("})
        if (prompt.find(call) != std::string_view::npos) {
            const std::string name(call.substr(call.find('.'), call.rfind('(') - call.find('.')));
            builder.say(fmt::format(
                "InvokeAI's {}() has no counterpart here; the prompt is read as it stands.", name));
            return std::string(prompt);
        }
    CompelReader reader(prompt);
    std::string converted = reader.read();
    if (reader.isWeighted())
        builder.request().prompts.emphasis = Emphasis::Comfy;
    return converted;
}

} // namespace studio
