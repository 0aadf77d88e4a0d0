#include "core/request/infotext_parser.h"

#include "core/base/unicode.h"

#include <nlohmann/json.hpp>

namespace studio {

namespace {

constexpr std::string_view kBlanks = " \t\r\n\f\v";
constexpr std::string_view kNegative = "Negative prompt:";
constexpr std::size_t kFewestSettings = 3;

std::string_view trimmed(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(kBlanks);
    return begin == std::string_view::npos ? std::string_view{}
                                           : text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

bool isWordCharacter(char c)
{
    // Beyond ASCII everything counts as a letter.
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
        || static_cast<unsigned char>(c) >= 0x80;
}

bool isKeyCharacter(char c)
{
    return isWordCharacter(c) || c == ' ' || c == '-' || c == '/';
}

bool isOneCharacter(std::string_view key)
{
    std::size_t position = 0;
    nextCharacter(key, position);
    return position == key.size();
}

/// The end of the JSON string that begins at `begin`, if it ends the value: a comma or the line's end follows.
std::size_t endOfQuoted(std::string_view line, std::size_t begin)
{
    std::size_t i = begin + 1;
    while (i < line.size() && line[i] != '"')
        i += line[i] == '\\' ? 2 : 1;
    const bool ends = i < line.size() && i > begin + 1 && (i + 1 == line.size() || line[i + 1] == ',');
    return ends ? i + 1 : std::string_view::npos;
}

std::string unquoted(std::string_view value)
{
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
        const nlohmann::json text = nlohmann::json::parse(value, nullptr, /*allow_exceptions=*/false);
        if (text.is_string())
            return text.get<std::string>();
    }
    return std::string(value);
}

/// Every "Key: value" up to the next comma. What is no such pair is passed over.
std::vector<std::pair<std::string, std::string>> settingsOf(std::string_view line)
{
    std::vector<std::pair<std::string, std::string>> settings;
    std::size_t i = 0;
    while (i < line.size()) {
        if (!isWordCharacter(line[i])) {
            ++i;
            continue;
        }
        std::size_t keyEnd = i;
        while (keyEnd < line.size() && isKeyCharacter(line[keyEnd]))
            ++keyEnd;
        if (keyEnd == line.size() || line[keyEnd] != ':' || isOneCharacter(line.substr(i, keyEnd - i))) {
            i = keyEnd + 1;
            continue;
        }
        std::size_t begin = line.find_first_not_of(kBlanks, keyEnd + 1);
        begin = std::min(begin, line.size());
        std::size_t end = std::string_view::npos;
        if (begin < line.size() && line[begin] == '"')
            end = endOfQuoted(line, begin);
        if (end == std::string_view::npos)
            end = std::min(line.find(',', begin), line.size());
        settings.emplace_back(line.substr(i, keyEnd - i), unquoted(trimmed(line.substr(begin, end - begin))));
        i = end + 1;
    }
    return settings;
}

void appendLine(std::string& text, std::string_view line)
{
    if (!text.empty())
        text += '\n';
    text += line;
}

} // namespace

InfotextParts parseInfotext(std::string_view text)
{
    text = trimmed(text);
    InfotextParts parts;
    const std::size_t lastBreak = text.rfind('\n');
    const std::size_t lastLine = lastBreak == std::string_view::npos ? 0 : lastBreak + 1;
    parts.settings = settingsOf(text.substr(lastLine));
    bool more = true;
    if (parts.settings.size() < kFewestSettings) {
        parts.settings.clear();
    } else {
        more = lastLine > 0;
        text = text.substr(0, lastLine > 0 ? lastLine - 1 : 0);
    }
    std::string* current = &parts.prompt;
    while (more) {
        const std::size_t end = text.find('\n');
        std::string_view line = trimmed(text.substr(0, end));
        if (line.starts_with(kNegative)) {
            current = &parts.negativePrompt;
            line = trimmed(line.substr(kNegative.size()));
        }
        appendLine(*current, line);
        more = end != std::string_view::npos;
        text.remove_prefix(more ? end + 1 : text.size());
    }
    return parts;
}

std::string quoteForInfotext(const std::string& value)
{
    if (value.find_first_of(",:\n") == std::string::npos)
        return value;
    return nlohmann::json(value).dump(
        -1, ' ', /*ensure_ascii=*/false, nlohmann::json::error_handler_t::replace);
}

} // namespace studio
