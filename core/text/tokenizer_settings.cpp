#include "core/text/tokenizer_settings.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/text/characters.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace studio::text {

namespace {

using nlohmann::json;

constexpr std::size_t kMostBytes = 16 << 20;
constexpr int kMostDepth = 16;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what)
{
    throw Error(ErrorKind::FileCorrupt, file.string() + " " + what + "; download the model's folder again.");
}

/// An object; empty if the file does not exist.
json readObject(const std::filesystem::path& path)
{
    if (!std::filesystem::exists(path))
        return json::object();
    const auto file = MappedFile::open(path);
    const std::string_view text(reinterpret_cast<const char*>(file->bytes().data()), file->bytes().size());
    if (text.size() > kMostBytes)
        fail(path, "is far too large for a configuration");
    const auto limitDepth = [&](int depth, json::parse_event_t, json&) {
        if (depth > kMostDepth)
            fail(path, "is nested too deeply for a configuration");
        return true;
    };
    json root = json::parse(text.begin(), text.end(), limitDepth, /*allow_exceptions=*/false);
    if (!root.is_object())
        fail(path, "is not a JSON object");
    return root;
}

/// A token as the configuration writes it: its text alone, or an object. Text alone is matched in the raw text.
struct WrittenToken {
    std::string content;
    bool normalized = false;
};

WrittenToken readToken(const json& value, const std::filesystem::path& file)
{
    const json& content = value.is_object() ? value.value("content", json()) : value;
    if (!content.is_string() || content.get_ref<const std::string&>().empty())
        fail(file, "names a special token without a text");
    const auto flag = [&](const char* name, bool absent) {
        if (!value.is_object() || !value.contains(name))
            return absent;
        if (!value[name].is_boolean())
            fail(
                file, std::string("gives a special token a \"") + name + "\" that is neither true nor false");
        return value[name].get<bool>();
    };
    if (flag("single_word", false)) {
        throw Error(ErrorKind::UnsupportedModel,
            "The special token " + content.get<std::string>() + " of " + file.string()
                + " matches whole words only, which this program cannot do; remove the token from the "
                  "folder.");
    }
    return {content.get<std::string>(), flag("normalized", !flag("special", true))};
}

/// Collects the settings of one folder.
class FolderReader {
public:
    FolderReader(const Vocabulary& vocabulary, const std::filesystem::path& folder)
        : m_vocabulary(vocabulary)
        , m_configFile(folder / "tokenizer_config.json")
        , m_mapFile(folder / "special_tokens_map.json")
        , m_addedFile(folder / "added_tokens.json")
        , m_config(readObject(m_configFile))
        , m_map(readObject(m_mapFile))
    { }

    TokenizerSettings read()
    {
        // The newer form lists every token with its number; beside it the older files do not count.
        const bool numbered = m_config.contains("added_tokens_decoder");
        if (numbered)
            m_map = json::object();
        const NamedToken start = named("bos_token", kStartOfText);
        const NamedToken end = named("eos_token", kEndOfText);
        const NamedToken unknown = named("unk_token", kEndOfText);
        const NamedToken padding = named("pad_token", kEndOfText);
        if (numbered)
            readNumberedTokens(m_config["added_tokens_decoder"]);
        else
            readAddedTokens(
                readObject(m_addedFile), {start.content, end.content, unknown.content, padding.content});
        m_listed = m_settings.special.size();

        m_settings.start = add(start);
        m_settings.end = add(end);
        m_settings.unknown = add(unknown);
        m_settings.padding = add(padding);
        readExtraTokens();
        readChunkLength();
        return std::move(m_settings);
    }

private:
    struct NamedToken : WrittenToken {
        std::filesystem::path file; ///< that names it
    };

    /// What the list of added tokens says about a token holds; of several roles of one token, the last decides.
    int add(const NamedToken& token)
    {
        const std::u32string content = decodeUtf8(token.content);
        const auto known = std::ranges::find(m_settings.special, content, &SpecialToken::content);
        if (known == m_settings.special.end())
            return list(token, m_vocabulary.idOf(token.content), token.file);
        if (known - m_settings.special.begin() >= static_cast<std::ptrdiff_t>(m_listed))
            known->normalized = token.normalized;
        return known->id;
    }

    int list(const WrittenToken& token, int id, const std::filesystem::path& file)
    {
        if (id < 0)
            fail(file, "names the special token " + token.content + ", which the vocabulary lacks");
        m_settings.special.push_back({decodeUtf8(token.content), id, token.normalized});
        return id;
    }

    NamedToken named(const char* role, std::string_view standard) const
    {
        for (const auto& [object, file] :
            {std::pair{&m_map, &m_mapFile}, std::pair{&m_config, &m_configFile}}) {
            if (object->contains(role) && !(*object)[role].is_null())
                return {readToken((*object)[role], *file), *file};
        }
        return {{std::string(standard)}, m_configFile};
    }

    void readNumberedTokens(const json& tokens)
    {
        if (!tokens.is_object())
            fail(m_configFile, "has an added_tokens_decoder that is not an object");
        for (const auto& [number, value] : tokens.items()) {
            const bool isNumber = !number.empty() && number.size() < 8
                && std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
            if (!isNumber || !value.is_object())
                fail(m_configFile, "has an added_tokens_decoder whose entries are not numbered tokens");
            const WrittenToken token = readToken(value, m_configFile);
            const int known = m_vocabulary.idOf(token.content);
            list(token, known >= 0 ? known : std::stoi(number), m_configFile);
        }
    }

    void readAddedTokens(const json& tokens, const std::vector<std::string>& named)
    {
        for (const auto& [content, id] : tokens.items()) {
            if (content.empty() || !id.is_number_unsigned() || id > (1 << 20))
                fail(m_addedFile, "is not a list of tokens and their numbers");
            const int known = m_vocabulary.idOf(content);
            const bool isNamed = std::ranges::find(named, content) != named.end();
            list({content, !isNamed}, known >= 0 ? known : id.get<int>(), m_addedFile);
        }
    }

    void readExtraTokens()
    {
        for (const char* field : {"additional_special_tokens", "extra_special_tokens"}) {
            for (const auto& [object, file] :
                {std::pair{&m_map, &m_mapFile}, std::pair{&m_config, &m_configFile}}) {
                if (!object->contains(field) || !(*object)[field].is_array())
                    continue;
                for (const json& value : (*object)[field])
                    add({readToken(value, *file), *file});
            }
        }
    }

    void readChunkLength()
    {
        constexpr int kShortest = 3;
        constexpr int kLongest = 4096;
        const json length = m_config.value("model_max_length", json());
        // "No limit" is written as an enormous number; CLIP's own length holds then.
        if (length.is_number_unsigned() && length >= kShortest && length <= kLongest)
            m_settings.chunkLength = length.get<int>();
    }

    const Vocabulary& m_vocabulary;
    std::filesystem::path m_configFile;
    std::filesystem::path m_mapFile;
    std::filesystem::path m_addedFile;
    json m_config;
    json m_map;
    TokenizerSettings m_settings;
    std::size_t m_listed = 0; ///< tokens that come from a list of added tokens
};

} // namespace

TokenizerSettings TokenizerSettings::standard(const Vocabulary& vocabulary, std::string_view padToken)
{
    const auto idOf = [&](std::string_view token) {
        const int id = vocabulary.idOf(token);
        if (id < 0)
            throw Error(ErrorKind::FileCorrupt, "The vocabulary lacks the token " + std::string(token) + ".");
        return id;
    };
    TokenizerSettings settings;
    settings.start = idOf(kStartOfText);
    settings.end = idOf(kEndOfText);
    settings.unknown = settings.end;
    settings.padding = idOf(padToken);
    settings.special.push_back({decodeUtf8(kStartOfText), settings.start, /*normalized=*/true});
    settings.special.push_back({decodeUtf8(kEndOfText), settings.end, /*normalized=*/false});
    if (settings.padding != settings.end)
        settings.special.push_back({decodeUtf8(padToken), settings.padding, /*normalized=*/false});
    return settings;
}

TokenizerSettings TokenizerSettings::fromFolder(
    const Vocabulary& vocabulary, const std::filesystem::path& folder)
{
    return FolderReader(vocabulary, folder).read();
}

} // namespace studio::text
