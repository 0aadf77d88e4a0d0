#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/text/characters.h"
#include "core/text/vocabulary.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>

namespace studio::text {

namespace {

constexpr std::size_t kMostBytes = 64 << 20;
constexpr std::size_t kClipMerges = 49152 - 256 - 2; // OpenAI's simple_tokenizer reads this many

std::string_view textOf(const MappedFile& file)
{
    const std::string_view text(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
    if (text.size() > kMostBytes) {
        throw Error(ErrorKind::FileCorrupt,
            file.path().string() + " is far too large for a tokenizer's file; download it again.");
    }
    return text;
}

[[noreturn]] void failMerges(const std::filesystem::path& file, std::size_t line)
{
    throw Error(ErrorKind::FileCorrupt,
        "Line " + std::to_string(line) + " of " + file.string()
            + " is not a pair of tokens as CLIP's merges are; download the file again.");
}

/// Views into the file. "left right" a line, at most `most` lines; the line with the version is passed over.
std::vector<Vocabulary::Merge> readMerges(const MappedFile& file, std::size_t most)
{
    std::vector<Vocabulary::Merge> merges;
    merges.reserve(std::min<std::size_t>(most, kClipMerges));
    std::string_view rest = textOf(file);
    for (std::size_t line = 1; !rest.empty() && merges.size() < most; ++line) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view pair = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (pair.ends_with('\r'))
            pair.remove_suffix(1);
        const bool isVersion = pair.find("#version") != std::string_view::npos && merges.empty();
        if (isVersion)
            continue;
        const std::size_t space = pair.find(' ');
        if (space == 0 || space == std::string_view::npos || space + 1 == pair.size()
            || pair.find(' ', space + 1) != std::string_view::npos)
            failMerges(file.path(), line);
        merges.emplace_back(pair.substr(0, space), pair.substr(space + 1));
    }
    return merges;
}

/// One flat object of names and whole numbers, read as it streams by: no tree is built.
class TokenReader : public nlohmann::json_sax<nlohmann::json> {
public:
    std::vector<Vocabulary::Token> tokens;

    bool start_object(std::size_t) override { return m_depth++ == 0; }
    bool end_object() override { return --m_depth == 0; }
    bool key(string_t& name) override
    {
        m_name = std::move(name);
        return true;
    }
    bool number_unsigned(number_unsigned_t id) override
    {
        // The vocabulary judges the range; here the number only has to survive the conversion.
        tokens.emplace_back(std::move(m_name), id > (1u << 30) ? -1 : static_cast<int>(id));
        return m_depth == 1;
    }
    bool number_integer(number_integer_t) override { return false; }
    bool number_float(number_float_t, const string_t&) override { return false; }
    bool null() override { return false; }
    bool boolean(bool) override { return false; }
    bool string(string_t&) override { return false; }
    bool binary(binary_t&) override { return false; }
    bool start_array(std::size_t) override { return false; }
    bool end_array() override { return false; }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override
    {
        return false;
    }

private:
    int m_depth = 0;
    std::string m_name;
};

std::vector<Vocabulary::Token> readTokens(const MappedFile& file)
{
    TokenReader reader;
    reader.tokens.reserve(kClipMerges);
    const std::string_view text = textOf(file);
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &reader) || reader.tokens.empty()) {
        throw Error(ErrorKind::FileCorrupt,
            file.path().string()
                + " is not a list of tokens and their numbers; download the model's folder again.");
    }
    return std::move(reader.tokens);
}

/// Printable bytes first, then the others: the order in which OpenAI number them.
std::vector<std::string> bytesInOrder()
{
    std::vector<char32_t> characters;
    for (unsigned byte = 0; byte < 256; ++byte)
        characters.push_back(byteCharacter(static_cast<unsigned char>(byte)));
    std::ranges::sort(characters);
    std::vector<std::string> written;
    written.reserve(characters.size());
    for (const char32_t character : characters)
        written.push_back(encodeUtf8({&character, 1}));
    return written;
}

} // namespace

std::shared_ptr<const Vocabulary> Vocabulary::fromMerges(const std::filesystem::path& path)
{
    const auto file = MappedFile::open(path);
    const std::vector<Merge> merges = readMerges(*file, kClipMerges);
    if (merges.size() != kClipMerges) {
        throw Error(ErrorKind::FileCorrupt,
            path.string() + " holds " + std::to_string(merges.size()) + " merges where CLIP has "
                + std::to_string(kClipMerges) + "; fetch the vocabulary again.");
    }
    std::vector<Token> tokens;
    tokens.reserve(kClipMerges + std::size_t{2} * 256 + 2);
    const auto add = [&](std::string token) {
        const int id = static_cast<int>(tokens.size());
        tokens.emplace_back(std::move(token), id);
    };
    const std::vector<std::string> bytes = bytesInOrder();
    for (const std::string& byte : bytes)
        add(byte);
    for (const std::string& byte : bytes)
        add(byte + std::string(kWordEnd));
    for (const auto& [left, right] : merges)
        add(std::string(left).append(right));
    add(std::string(kStartOfText));
    add(std::string(kEndOfText));
    return std::make_shared<Vocabulary>(std::move(tokens), merges, path);
}

std::shared_ptr<const Vocabulary> Vocabulary::fromFiles(
    const std::filesystem::path& tokensPath, const std::filesystem::path& mergesPath)
{
    std::vector<Token> tokens = readTokens(*MappedFile::open(tokensPath));
    const auto mergesFile = MappedFile::open(mergesPath);
    const auto merges = readMerges(*mergesFile, kMostBytes);
    return std::make_shared<Vocabulary>(std::move(tokens), merges, mergesPath);
}

} // namespace studio::text
