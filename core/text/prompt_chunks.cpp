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

    void add(int token, double weight)
    {
        if (token == m_comma) {
            m_afterComma = m_ids.size() + 1;
        } else if (m_ids.size() == m_room && m_afterComma
            && m_ids.size() + 1 - *m_afterComma <= kCommaReach) {
            const auto cut = static_cast<std::ptrdiff_t>(*m_afterComma);
            const std::vector<int> ids(m_ids.begin() + cut, m_ids.end());
            const std::vector<double> weights(m_weights.begin() + cut, m_weights.end());
            m_ids.resize(*m_afterComma);
            m_weights.resize(*m_afterComma);
            close();
            m_ids = ids;
            m_weights = weights;
        }
        if (m_ids.size() == m_room)
            close();
        m_ids.push_back(token);
        m_weights.push_back(weight);
    }

    void close()
    {
        WeightedChunk chunk{m_tokenizer.chunk(m_ids).ids, {1.0}};
        chunk.weights.insert(chunk.weights.end(), m_weights.begin(), m_weights.end());
        chunk.weights.resize(chunk.ids.size(), 1.0);
        m_chunks.push_back(std::move(chunk));
        m_ids.clear();
        m_weights.clear();
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
    const Tokenizer& m_tokenizer;
    std::size_t m_room;
    int m_comma = -1;
    std::vector<WeightedChunk> m_chunks;
    std::vector<int> m_ids; // of the chunk that fills up
    std::vector<double> m_weights;
    std::optional<std::size_t> m_afterComma;
};

Chunker filled(const Tokenizer& tokenizer, const std::vector<WeightedText>& parts)
{
    Chunker chunker(tokenizer);
    for (const WeightedText& part : parts) {
        if (part.isBreak()) {
            chunker.close();
            continue;
        }
        for (const int token : tokenizer.encode(part.text))
            chunker.add(token, part.weight);
    }
    return chunker;
}

} // namespace

std::vector<WeightedChunk> chunksOf(const Tokenizer& tokenizer, const std::vector<WeightedText>& parts)
{
    return filled(tokenizer, parts).finish();
}

WeightedChunk plainChunk(const Tokenizer& tokenizer, std::string_view text)
{
    std::vector<std::int64_t> ids = tokenizer.chunk(tokenizer.encode(text)).ids;
    std::vector<double> weights(ids.size(), 1.0);
    return {std::move(ids), std::move(weights)};
}

int countTokens(const Tokenizer& tokenizer, const std::vector<WeightedText>& parts)
{
    return static_cast<int>(filled(tokenizer, parts).tokens());
}

} // namespace studio::text
