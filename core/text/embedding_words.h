#pragma once

#include "core/text/tokenizer.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace studio::text {

/// A word that stands for trained vectors (Gal et al. 2022, "An Image is Worth One Word").
struct EmbeddingWord {
    std::string name;        ///< as prompts write it
    std::size_t vectors = 1; ///< how many tokens they take the place of; 1..75
};

/// Whether a prompt may name an embedding: upper and lower case are the same to CLIP.
bool mentions(std::string_view prompt, std::string_view name);

/// Finds embeddings among a prompt's tokens, as A1111 does: where the tokens of a name stand, whatever is around them;
/// the longest name counts. ComfyUI's "embedding:NAME" is one, too.
class EmbeddingWords {
public:
    EmbeddingWords() = default;
    EmbeddingWords(const Tokenizer& tokenizer, std::span<const EmbeddingWord> words);

    struct Match {
        std::size_t word = 0;   ///< index into the words
        std::size_t tokens = 0; ///< how many of the prompt's it takes
        std::size_t vectors = 0;
    };

    std::optional<Match> at(std::span<const int> tokens, std::size_t position) const;

private:
    struct Name {
        std::vector<int> tokens;
        std::size_t word = 0;
        std::size_t vectors = 0;
    };
    std::vector<Name> m_names; // the longest first
};

} // namespace studio::text
