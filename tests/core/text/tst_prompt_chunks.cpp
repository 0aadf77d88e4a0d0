#include "core/text/prompt_chunks.h"

#include <QtTest>

using namespace studio;
using text::chunksOf;
using text::readEmphasis;
using text::Tokenizer;
using text::WeightedChunk;

// Token numbers are CLIP's: "a" 320, "cat" 2368, "," 267; start 49406, end 49407.
class TestPromptChunks : public QObject {
    Q_OBJECT

private:
    std::optional<Tokenizer> m_tokenizer;

    std::vector<WeightedChunk> chunks(const std::string& prompt) const
    {
        return chunksOf(*m_tokenizer, readEmphasis(prompt).parts);
    }

    /// The tokens between start and end.
    static std::vector<std::int64_t> inner(const WeightedChunk& chunk)
    {
        return {chunk.ids.begin() + 1, std::ranges::find(chunk.ids, 49407)};
    }

    static std::string repeated(const std::string& text, int times)
    {
        std::string out;
        for (int i = 0; i < times; ++i)
            out += text;
        return out;
    }

private Q_SLOTS:
    void initTestCase() { m_tokenizer = Tokenizer::fromMerges(STUDIO_VOCABULARY); }

    void aShortPromptIsTheTokenizersOwnChunk()
    {
        const std::vector<WeightedChunk> read = chunks("a red fox in the snow, golden hour");
        QCOMPARE(read.size(), std::size_t(1));
        QVERIFY(
            read[0].ids == m_tokenizer->chunk(m_tokenizer->encode("a red fox in the snow, golden hour")).ids);
        QVERIFY(read[0].weights == std::vector<double>(77, 1.0));
        QVERIFY(text::plainChunk(*m_tokenizer, "a red fox in the snow, golden hour").ids == read[0].ids);
    }

    void weightsStandBesideTheirTokens()
    {
        const std::vector<WeightedChunk> read = chunks("a (cat:1.5), cat");
        QVERIFY(inner(read[0]) == (std::vector<std::int64_t>{320, 2368, 267, 2368}));
        std::vector<double> weights(77, 1.0);
        weights[2] = 1.5;
        QVERIFY(read[0].weights == weights);
    }

    void embeddingsTakeThePlaceOfTheirWords()
    {
        const std::vector<text::EmbeddingWord> words{{"cat", 3}, {"a cat", 2}};
        const text::EmbeddingWords known(*m_tokenizer, words);
        const auto read
            = chunksOf(*m_tokenizer, readEmphasis("a cat, (Cat:1.5) dog embedding:cat").parts, known);
        QCOMPARE(read.size(), std::size_t(1));
        // The longer name counts; upper case does not matter; ComfyUI's prefix goes with the word.
        const std::vector<text::ChunkEmbedding> expected{{1, 1}, {4, 0}, {8, 0}};
        QVERIFY(read[0].embeddings == expected);
        QVERIFY(inner(read[0]) == (std::vector<std::int64_t>{0, 0, 267, 0, 0, 0, 1929, 0, 0, 0}));
        QVERIFY((std::vector<double>(read[0].weights.begin() + 4, read[0].weights.begin() + 8)
            == std::vector<double>{1.5, 1.5, 1.5, 1.0}));
        QVERIFY(chunks("a cat").front().embeddings.empty());
    }

    void anEmbeddingIsNotCut()
    {
        const std::vector<text::EmbeddingWord> words{{"cat", 4}};
        const text::EmbeddingWords known(*m_tokenizer, words);
        const auto read = chunksOf(*m_tokenizer, readEmphasis(repeated("a ", 72) + "cat a").parts, known);
        QCOMPARE(read.size(), std::size_t(2));
        QCOMPARE(inner(read[0]).size(), std::size_t(72));
        QVERIFY(read[1].embeddings == (std::vector<text::ChunkEmbedding>{{1, 0}}));
        // What a comma moves on takes its embeddings along.
        const auto moved
            = chunksOf(*m_tokenizer, readEmphasis(repeated("a ", 68) + ", cat a a a").parts, known);
        QCOMPARE(inner(moved[0]).size(), std::size_t(69));
        QVERIFY(moved[0].embeddings.empty());
        QVERIFY(moved[1].embeddings == (std::vector<text::ChunkEmbedding>{{1, 0}}));
        QVERIFY(inner(moved[1]) == (std::vector<std::int64_t>{0, 0, 0, 0, 320, 320, 320}));
    }

    void breakBeginsAChunk()
    {
        const std::vector<WeightedChunk> read = chunks("a BREAK cat");
        QCOMPARE(read.size(), std::size_t(2));
        QVERIFY(inner(read[0]) == (std::vector<std::int64_t>{320}));
        QVERIFY(inner(read[1]) == (std::vector<std::int64_t>{2368}));
        QCOMPARE(chunks("BREAK").size(), std::size_t(1));
        QCOMPARE(chunks("BREAK BREAK").size(), std::size_t(2));
        QCOMPARE(chunks("").size(), std::size_t(1));
    }

    void aFullChunkIsFollowedByAnother()
    {
        QCOMPARE(chunks(repeated("cat ", 75)).size(), std::size_t(1));
        const std::vector<WeightedChunk> read = chunks(repeated("cat ", 76));
        QCOMPARE(read.size(), std::size_t(2));
        QCOMPARE(inner(read[0]).size(), std::size_t(75));
        QCOMPARE(inner(read[1]).size(), std::size_t(1));
        QCOMPARE(read[1].ids.size(), std::size_t(77));
    }

    // "If there is a comma nearby, the text after the comma is moved out of this chunk and into the next", up to 20
    // tokens.
    void whatFollowsANearCommaMovesOn()
    {
        const auto sizes = [&](int before, int after) {
            std::vector<std::size_t> out;
            for (const WeightedChunk& chunk :
                chunks(repeated("cat ", before) + "," + repeated(" cat", after)))
                out.push_back(inner(chunk).size());
            return out;
        };
        QVERIFY(sizes(60, 20) == (std::vector<std::size_t>{61, 20}));
        QVERIFY(sizes(55, 30) == (std::vector<std::size_t>{56, 30}));
        QVERIFY(sizes(54, 30) == (std::vector<std::size_t>{75, 10})); // the comma is 21 back
        QVERIFY(sizes(74, 3) == (std::vector<std::size_t>{75, 3}));
        QVERIFY(sizes(75, 3) == (std::vector<std::size_t>{75, 4})); // a comma is not parted from its chunk
    }

    void tokensAreCounted()
    {
        const auto count = [&](const std::string& prompt) {
            return text::countTokens(*m_tokenizer, readEmphasis(prompt).parts);
        };
        QCOMPARE(count("a (cat:1.5)"), 2);
        QCOMPARE(count(""), 0);
        QCOMPARE(count("a BREAK cat"), 76);
        QCOMPARE(count(repeated("cat ", 80)), 80);
    }

    void anEmbeddingCountsAsItsVectors()
    {
        const std::vector<text::EmbeddingWord> words{{"cat", 4}};
        const text::EmbeddingWords embeddings(*m_tokenizer, words);
        const auto count = [&](const std::string& prompt) {
            return text::countTokens(*m_tokenizer, readEmphasis(prompt).parts, embeddings);
        };
        QCOMPARE(count("a (cat:1.5)"), 5);
        QCOMPARE(count("a Cat, cat"), 10);
        QCOMPARE(count(repeated("cat ", 19)), 79); // the last does not fit, and is not cut
    }
};

QTEST_GUILESS_MAIN(TestPromptChunks)
#include "tst_prompt_chunks.moc"
