#pragma once

#include "core/text/special_tokens.h"
#include "core/text/vocabulary.h"

#include <filesystem>
#include <string_view>
#include <vector>

namespace studio::text {

/// What the configuration of a tokenizer adds to its vocabulary.
struct TokenizerSettings {
    int start = 0;
    int end = 0;
    int unknown = 0;
    int padding = 0;
    int chunkLength = 77;              ///< tokens a text encoder takes at once, start and end included
    std::vector<SpecialToken> special; ///< no two of the same content

    /// SDXL's: the end token stands for the unknown too. `padToken` pads and is itself a special token.
    /// Throws Error FileCorrupt if the vocabulary lacks one of them.
    static TokenizerSettings standard(const Vocabulary& vocabulary, std::string_view padToken);

    /// From tokenizer_config.json, special_tokens_map.json and added_tokens.json of a folder, each of which may be
    /// missing. Throws Error: FileCorrupt; UnsupportedModel for special tokens that match whole words only.
    static TokenizerSettings fromFolder(const Vocabulary& vocabulary, const std::filesystem::path& folder);
};

} // namespace studio::text
