#pragma once

#include "core/text/embedding_words.h"
#include "core/text/emphasis.h"
#include "core/text/tokenizer.h"

#include <cstdint>
#include <vector>

namespace studio::text {

/// Vectors in the place of tokens.
struct ChunkEmbedding {
    std::int64_t position = 0; ///< of the first among the chunk's ids
    std::size_t word = 0;      ///< which of the EmbeddingWords

    bool operator==(const ChunkEmbedding&) const = default;
};

/// What a text encoder takes at once, with the weight of each token.
struct WeightedChunk {
    std::vector<std::int64_t> ids; ///< start, 75 tokens or fewer, end, padding; 0 under embeddings
    std::vector<double> weights;   ///< as many; 1 for start, end and padding
    std::vector<ChunkEmbedding> embeddings;
};

/// The chunks of a text of any length, at least one, cut as A1111 cuts: at every BREAK, and where one is full; then
/// what follows a comma among its last 20 tokens moves on to the next. Embeddings are never cut.
std::vector<WeightedChunk> chunksOf(const Tokenizer& tokenizer, const std::vector<WeightedText>& parts,
    const EmbeddingWords& embeddings = {});

/// The same of plain text: one chunk; what does not fit is dropped.
WeightedChunk plainChunk(const Tokenizer& tokenizer, std::string_view text);

/// The number of tokens of a text as interfaces count them: what a chunk before the last holds counts as a full one.
/// An embedding counts as its vectors.
int countTokens(const Tokenizer& tokenizer, const std::vector<WeightedText>& parts,
    const EmbeddingWords& embeddings = {});

} // namespace studio::text
