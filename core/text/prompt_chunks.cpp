#include "core/text/prompt_chunks.h"

#include <optional>

namespace studio::text {

namespace {

/// How far back from the end of a full chunk a comma may lie and still be where it is cut.
constexpr std::size_t kCommaReach = 20;

/// Fills chunks token by token.
class Chunker {
public:
    explicit Chunker(const Tokenizer& tokenizer)
        : m_tokenizer(tokenizer)
        , m_room(static_cast<std::size_t>(tokenizer.chunkLength()) - 2)
    {
        const std::vector<int> comma = tokenizer.encode(",");
        if (comma.size() == 1)
            m_comma = comma.front();
    }

    /// Vectors in the place of tokens, of which `token` is the first: whole in one chunk.
    void addEmbedding(int token, const EmbeddingWords::Match& match, double weight)
    {
        makeRoom(token);
        if (m_ids.size() + match.vectors > m_room)
            close();
        m_embeddings.push_back({static_cast<std::int64_t>(m_ids.size()) + 1, match.word});
        m_ids.insert(m_ids.end(), match.vectors, 0);
        m_weights.insert(m_weights.end(), match.vectors, weight);
    }

    void add(int token, double weight)
    {
        makeRoom(token);
        m_ids.push_back(token);
        m_weights.push_back(weight);
    }

    void close()
    {
        WeightedChunk chunk{m_tokenizer.chunk(m_ids).ids, {1.0}, std::move(m_embeddings)};
        chunk.weights.insert(chunk.weights.end(), m_weights.begin(), m_weights.end());
        chunk.weights.resize(chunk.ids.size(), 1.0);
        m_chunks.push_back(std::move(chunk));
        m_ids.clear();
        m_weights.clear();
        m_embeddings.clear();
        m_afterComma.reset();
    }

    std::vector<WeightedChunk> finish()
    {
        if (!m_ids.empty() || m_chunks.empty())
            close();
        return std::move(m_chunks);
    }

    std::size_t tokens() const { return m_chunks.size() * m_room + m_ids.size(); }

private:
    /// Closes a chunk that is full before the token comes.
    void makeRoom(int token)
    {
        if (token == m_comma) {
            m_afterComma = m_ids.size() + 1;
        } else if (m_ids.size() == m_room && m_afterComma
            && m_ids.size() + 1 - *m_afterComma <= kCommaReach) {
            const auto cut = static_cast<std::ptrdiff_t>(*m_afterComma);
            const std::vector<int> ids(m_ids.begin() + cut, m_ids.end());
            const std::vector<double> weights(m_weights.begin() + cut, m_weights.end());
            std::vector<ChunkEmbedding> moved;
            while (!m_embeddings.empty() && m_embeddings.back().position > cut) {
                moved.insert(moved.begin(), m_embeddings.back());
                moved.front().position -= cut;
                m_embeddings.pop_back();
            }
            m_ids.resize(*m_afterComma);
            m_weights.resize(*m_afterComma);
            close();
            m_ids = ids;
            m_weights = weights;
            m_embeddings = std::move(moved);
        }
        if (m_ids.size() == m_room)
            close();
    }

    const Tokenizer& m_tokenizer;
    std::size_t m_room;
    int m_comma = -1;
    std::vector<WeightedChunk> m_chunks;
    std::vector<int> m_ids; // of the chunk that fills up
    std::vector<double> m_weights;
    std::vector<ChunkEmbedding> m_embeddings;
    std::optional<std::size_t> m_afterComma;
};

Chunker filled(
    const Tokenizer& tokenizer, const std::vector<WeightedText>& parts, const EmbeddingWords& embeddings)
{
    Chunker chunker(tokenizer);
    for (const WeightedText& part : parts) {
        if (part.isBreak()) {
            chunker.close();
            continue;
        }
        const std::vector<int> tokens = tokenizer.encode(part.text);
        for (std::size_t i = 0; i < tokens.size();) {
            const auto match = embeddings.at(tokens, i);
            if (match)
                chunker.addEmbedding(tokens[i], *match, part.weight);
            else
                chunker.add(tokens[i], part.weight);
            i += match ? match->tokens : 1;
        }
    }
    return chunker;
}

} // namespace

std::vector<WeightedChunk> chunksOf(
    const Tokenizer& tokenizer, const std::vector<WeightedText>& parts, const EmbeddingWords& embeddings)
{
    return filled(tokenizer, parts, embeddings).finish();
}

WeightedChunk plainChunk(const Tokenizer& tokenizer, std::string_view text)
{
    std::vector<std::int64_t> ids = tokenizer.chunk(tokenizer.encode(text)).ids;
    std::vector<double> weights(ids.size(), 1.0);
    return {std::move(ids), std::move(weights), {}};
}

int countTokens(
    const Tokenizer& tokenizer, const std::vector<WeightedText>& parts, const EmbeddingWords& embeddings)
{
    return static_cast<int>(filled(tokenizer, parts, embeddings).tokens());
}

} // namespace studio::text
