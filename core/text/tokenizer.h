#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace studio::text {

class Vocabulary;
struct TokenizerSettings;

/// What fills a chunk up. SDXL's first tokenizer pads with its end token; its second with "!" (token 0), which by that
/// becomes a special token: every exclamation mark in a prompt is token 0 there. The networks were trained with it.
enum class Padding { EndToken, Exclamation };

/// What a text encoder takes at once.
struct TokenChunk {
    std::vector<std::int64_t> ids; ///< chunkLength: start, at most chunkLength - 2 tokens, end, padding
    int used = 0;                  ///< tokens of the text in it, without start and end
    std::vector<int> dropped;      ///< tokens that did not fit
    std::string droppedText;       ///< the same to read, in lower case as the encoder would have seen it
};

/// CLIP's byte-level BPE tokenizer, equal to transformers' CLIPTokenizerFast on any input: NFC, space, lower case,
/// special tokens in the text, words, bytes, merges.
/// A value: copies share the vocabulary. Threads: every function may be called from any thread.
class Tokenizer {
public:
    /// The vocabulary of OpenAI's CLIP (bpe_simple_vocab_16e6.txt) with the special tokens of SDXL's folders.
    /// Throws Error: FileMissing, FileCorrupt.
    static Tokenizer fromMerges(const std::filesystem::path& file, Padding padding = Padding::EndToken);

    /// A tokenizer folder of a diffusers model: vocab.json, merges.txt and, if there are any, tokenizer_config.json,
    /// special_tokens_map.json, added_tokens.json. Throws Error: FileMissing, FileCorrupt, UnsupportedModel.
    static Tokenizer fromFolder(const std::filesystem::path& folder);

    /// The same vocabulary with the other padding; special tokens as in SDXL's folders.
    Tokenizer withPadding(Padding padding) const;

    /// The tokens of a text of any length, without start and end. Bytes that are no UTF-8 count as U+FFFD.
    std::vector<int> encode(std::string_view text) const;

    /// The text of tokens as an encoder sees it: lower case, single spaces.
    std::string decode(std::span<const int> ids) const;

    /// The first chunk of a text's tokens.
    TokenChunk chunk(std::span<const int> ids) const;

    int startToken() const;
    int endToken() const;
    int padToken() const;
    int chunkLength() const; ///< 77 for CLIP
    int vocabularySize() const;

private:
    Tokenizer(std::shared_ptr<const Vocabulary> vocabulary, TokenizerSettings settings);

    std::shared_ptr<const Vocabulary> m_vocabulary;
    std::shared_ptr<const TokenizerSettings> m_settings;
};

} // namespace studio::text
