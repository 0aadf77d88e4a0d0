#include "core/text/prompt_styles.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/text/characters.h"

#include <algorithm>

namespace studio::text {

namespace {

constexpr std::uintmax_t kMostBytes = std::uintmax_t{16} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kPlaceholder = "{prompt}";

std::string trimmed(std::string_view text)
{
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(kSpace);
    return begin == text.npos ? std::string()
                              : std::string(text.substr(begin, text.find_last_not_of(kSpace) - begin + 1));
}

/// Bytes that are no UTF-8 would be in the way wherever the text is shown or saved.
std::string readText(const std::filesystem::path& file)
{
    return encodeUtf8(decodeUtf8(readFile(file, kMostBytes)));
}

/// Rows of fields after RFC 4180, blanks before a field passed over.
class CsvReader {
public:
    explicit CsvReader(std::string_view text)
        : m_text(text.substr(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0))
    { }

    bool atEnd() const { return m_at >= m_text.size(); }

    std::vector<std::string> row()
    {
        std::vector<std::string> fields;
        do
            fields.push_back(field());
        while (skip(','));
        skip('\r');
        skip('\n');
        return fields;
    }

private:
    bool skip(char c)
    {
        const bool found = !atEnd() && m_text[m_at] == c;
        m_at += found ? 1 : 0;
        return found;
    }

    std::string field()
    {
        while (skip(' ')) { }
        std::string value;
        if (skip('"')) {
            while (!atEnd() && (m_text[m_at] != '"' || m_text.substr(m_at, 2) == "\"\"")) {
                m_at += m_text[m_at] == '"' ? 1 : 0;
                value += m_text[m_at++];
            }
            skip('"');
        }
        const std::size_t end = std::min(m_text.find_first_of(",\r\n", m_at), m_text.size());
        value += m_text.substr(m_at, end - m_at);
        m_at = end;
        return value;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

std::size_t columnOf(const std::vector<std::string>& header, std::string_view name)
{
    return static_cast<std::size_t>(std::ranges::find(header, name) - header.begin());
}

} // namespace

std::vector<PromptStyle> readStyles(std::string_view csv)
{
    CsvReader reader(csv);
    std::vector<std::string> header = reader.row();
    for (std::string& column : header)
        column = trimmed(column);
    const std::size_t name = columnOf(header, "name");
    const std::size_t prompt = std::min(columnOf(header, "prompt"), columnOf(header, "text"));
    const std::size_t negative = columnOf(header, "negative_prompt");
    if (name == header.size() || prompt == header.size())
        throw Error(ErrorKind::FileCorrupt,
            "A file of styles begins with a line that names its columns: name,prompt,negative_prompt.");
    std::vector<PromptStyle> styles;
    while (!reader.atEnd()) {
        const std::vector<std::string> row = reader.row();
        const auto at = [&](std::size_t column) { return column < row.size() ? row[column] : std::string(); };
        if (at(name).empty())
            continue;
        std::erase_if(styles, [&](const PromptStyle& style) { return style.name == at(name); });
        styles.push_back({at(name), at(prompt), at(negative)});
    }
    return styles;
}

std::vector<PromptStyle> readStylesFile(const std::filesystem::path& file)
{
    std::error_code ignored; // what cannot be asked about is not there
    if (file.empty() || !std::filesystem::exists(file, ignored))
        return {};
    return readStyles(readText(file));
}

std::string withStyle(const std::string& prompt, const std::string& style)
{
    if (style.find(kPlaceholder) == std::string::npos) {
        const std::string before = trimmed(prompt);
        const std::string after = trimmed(style);
        return before + (before.empty() || after.empty() ? "" : ", ") + after;
    }
    std::string out;
    std::string_view rest = style;
    for (std::size_t at = rest.find(kPlaceholder); at != rest.npos; at = rest.find(kPlaceholder)) {
        out.append(rest.substr(0, at)).append(prompt);
        rest.remove_prefix(at + kPlaceholder.size());
    }
    return out.append(rest);
}

std::optional<std::vector<std::string>> readWildcard(
    const std::filesystem::path& folder, const std::string& name)
{
    const std::filesystem::path relative = std::filesystem::path(name + ".txt").lexically_normal();
    const bool leavesFolder = relative.is_absolute() || relative.empty() || *relative.begin() == "..";
    const std::filesystem::path file = folder / relative;
    std::error_code ignored; // what cannot be asked about is not there
    if (folder.empty() || leavesFolder || !std::filesystem::is_regular_file(file, ignored))
        return std::nullopt;
    std::vector<std::string> lines;
    const std::string content = readText(file);
    std::string_view rest = content;
    rest.remove_prefix(rest.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string line = trimmed(rest.substr(0, end));
        if (!line.empty() && line.front() != '#')
            lines.push_back(std::move(line));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return lines;
}

} // namespace studio::text
