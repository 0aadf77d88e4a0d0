#include "core/text/tokenizer.h"

#include "core/text/characters.h"
#include "core/text/tokenizer_settings.h"
#include "core/text/vocabulary.h"
#include "core/text/words.h"

#include <algorithm>

namespace studio::text {

namespace {

std::string_view tokenOf(Padding padding)
{
    return padding == Padding::Exclamation ? "!" : kEndOfText;
}

std::vector<SpecialToken> matching(const std::vector<SpecialToken>& tokens, bool normalized)
{
    std::vector<SpecialToken> chosen;
    std::ranges::copy_if(tokens, std::back_inserter(chosen),
        [normalized](const SpecialToken& token) { return token.normalized == normalized; });
    return chosen;
}

std::u32string withSingleSpaces(std::u32string_view text)
{
    std::u32string result;
    result.reserve(text.size());
    for (const char32_t codePoint : text) {
        if (!isSpace(codePoint))
            result.push_back(codePoint);
        else if (result.empty() || result.back() != U' ')
            result.push_back(U' ');
    }
    return result;
}

std::u32string normalize(std::u32string_view text)
{
    return lowerCase(withSingleSpaces(composed(text)));
}

} // namespace

Tokenizer::Tokenizer(std::shared_ptr<const Vocabulary> vocabulary, TokenizerSettings settings)
    : m_vocabulary(std::move(vocabulary))
    , m_settings(std::make_shared<const TokenizerSettings>(std::move(settings)))
{ }

Tokenizer Tokenizer::fromMerges(const std::filesystem::path& file, Padding padding)
{
    auto vocabulary = Vocabulary::fromMerges(file);
    auto settings = TokenizerSettings::standard(*vocabulary, tokenOf(padding));
    return {std::move(vocabulary), std::move(settings)};
}

Tokenizer Tokenizer::fromFolder(const std::filesystem::path& folder)
{
    auto vocabulary = Vocabulary::fromFiles(folder / "vocab.json", folder / "merges.txt");
    auto settings = TokenizerSettings::fromFolder(*vocabulary, folder);
    return {std::move(vocabulary), std::move(settings)};
}

Tokenizer Tokenizer::withPadding(Padding padding) const
{
    return {m_vocabulary, TokenizerSettings::standard(*m_vocabulary, tokenOf(padding))};
}

std::vector<int> Tokenizer::encode(std::string_view text) const
{
    const std::vector<SpecialToken> raw = matching(m_settings->special, /*normalized=*/false);
    std::vector<SpecialToken> normalized = matching(m_settings->special, /*normalized=*/true);
    for (SpecialToken& token : normalized)
        token.content = normalize(token.content); // a token is sought as it looks when normalized

    std::vector<int> ids;
    const auto encodeWord = [&](std::u32string_view word) {
        m_vocabulary->encodeWord(encodeUtf8(word), m_settings->unknown, ids);
    };
    const std::u32string codePoints = decodeUtf8(text);
    for (const Piece& outer : splitAtSpecialTokens(codePoints, raw)) {
        if (outer.id >= 0) {
            ids.push_back(outer.id);
            continue;
        }
        const std::u32string plain = normalize(outer.text);
        for (const Piece& inner : splitAtSpecialTokens(plain, normalized)) {
            if (inner.id >= 0)
                ids.push_back(inner.id);
            else
                forEachWord(inner.text, encodeWord);
        }
    }
    return ids;
}

std::string Tokenizer::decode(std::span<const int> ids) const
{
    std::string text;
    for (const int id : ids) {
        const auto special = std::ranges::find(m_settings->special, id, &SpecialToken::id);
        if (special != m_settings->special.end())
            text += encodeUtf8(special->content) + " ";
        else
            text += m_vocabulary->bytesOf(m_vocabulary->tokenOf(id));
    }
    while (text.ends_with(' '))
        text.pop_back();
    // A cut may fall inside a character.
    return encodeUtf8(decodeUtf8(text));
}

TokenChunk Tokenizer::chunk(std::span<const int> ids) const
{
    const auto length = static_cast<std::size_t>(m_settings->chunkLength);
    const std::size_t used = std::min(ids.size(), length - 2);
    TokenChunk chunk;
    chunk.used = static_cast<int>(used);
    chunk.ids.reserve(length);
    chunk.ids.push_back(m_settings->start);
    chunk.ids.insert(chunk.ids.end(), ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(used));
    chunk.ids.push_back(m_settings->end);
    chunk.ids.resize(length, m_settings->padding);
    chunk.dropped.assign(ids.begin() + static_cast<std::ptrdiff_t>(used), ids.end());
    chunk.droppedText = decode(chunk.dropped);
    return chunk;
}

int Tokenizer::startToken() const
{
    return m_settings->start;
}

int Tokenizer::endToken() const
{
    return m_settings->end;
}

int Tokenizer::padToken() const
{
    return m_settings->padding;
}

int Tokenizer::chunkLength() const
{
    return m_settings->chunkLength;
}

int Tokenizer::vocabularySize() const
{
    return m_vocabulary->size();
}

} // namespace studio::text
