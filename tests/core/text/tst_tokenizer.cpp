#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/text/tokenizer.h"
#include "tests/core/text/tokenizer_fixture.h"

#include <QJsonArray>
#include <QtEndian>
#include <QtTest>

using namespace studio;
using text::Padding;
using text::TokenChunk;
using text::Tokenizer;

namespace {

quint32 crc32(QByteArrayView bytes)
{
    quint32 sum = 0xFFFFFFFF;
    for (const char byte : bytes) {
        sum ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit)
            sum = (sum >> 1) ^ ((sum & 1) != 0 ? 0xEDB88320 : 0);
    }
    return ~sum;
}

quint32 checksum(const std::vector<int>& ids)
{
    QByteArray bytes;
    for (const int id : ids) {
        const qint32 word = qToLittleEndian(id);
        bytes.append(reinterpret_cast<const char*>(&word), sizeof word);
    }
    return crc32(bytes);
}

bool equal(const std::vector<int>& ids, const QJsonValue& expected)
{
    if (expected.isObject()) {
        const QJsonArray sum = expected[QStringLiteral("crc")].toArray();
        return sum[0].toInteger() == static_cast<qint64>(ids.size()) && sum[1].toInteger() == checksum(ids);
    }
    const QJsonArray list = expected.toArray();
    return std::ranges::equal(ids, list, {}, {}, [](const QJsonValue& value) { return value.toInt(); });
}

/// The code points of one row of 256, each between two texts, parted by spaces.
std::string row(char32_t first, std::string_view before, std::string_view after)
{
    std::string joined;
    for (char32_t c = first; c < first + 256; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        if (!joined.empty())
            joined += ' ';
        joined += before;
        appendUtf8(joined, c); // Qt's own conversion drops U+FEFF
        joined += after;
    }
    return joined;
}

} // namespace

class TestTokenizer : public QObject {
    Q_OBJECT

private:
    const Tokenizer m_first = Tokenizer::fromMerges(STUDIO_VOCABULARY);
    const Tokenizer m_second = m_first.withPadding(Padding::Exclamation);
    const Tokenizer m_small = Tokenizer::fromFolder(tests::pathOf(tests::oraclePath("small")));

    static void compareWithCorpus(const Tokenizer& tokenizer, const char* name)
    {
        const QList<QByteArray> lines = tests::oracleLines("corpus.qz");
        QVERIFY(lines.size() > 5000);
        int wrong = 0;
        for (const QByteArray& line : lines) {
            const QJsonObject row = QJsonDocument::fromJson(line).object();
            const QByteArray input = row.contains(QStringLiteral("hex"))
                ? QByteArray::fromHex(row[QStringLiteral("hex")].toString().toLatin1())
                : row[QStringLiteral("in")].toString().toUtf8();
            QJsonValue expected = row[QLatin1String(name)];
            if (expected.isUndefined())
                expected = row[QStringLiteral("first")];
            if (!equal(tokenizer.encode(input.toStdString()), expected) && ++wrong <= 10)
                qWarning("%s", line.left(400).constData());
        }
        QCOMPARE(wrong, 0);
    }

private Q_SLOTS:
    void theCorpusEqualsTheReference() { compareWithCorpus(m_first, "first"); }

    void theCorpusEqualsTheReferenceOfSdxlsSecondTokenizer()
    {
        compareWithCorpus(m_second, "second");
        compareWithCorpus(Tokenizer::fromMerges(STUDIO_VOCABULARY, Padding::Exclamation), "second");
    }

    void theCorpusEqualsTheReferenceWithASmallVocabulary() { compareWithCorpus(m_small, "small"); }

    void theCorpusEqualsTheReferenceFromFolders()
    {
        QTemporaryDir folder;
        tests::writeClipFolder(folder.path(), "<|endoftext|>");
        const Tokenizer first = Tokenizer::fromFolder(tests::pathOf(folder.path()));
        QCOMPARE(first.padToken(), 49407);
        compareWithCorpus(first, "first");
        tests::writeClipFolder(folder.path(), "!");
        const Tokenizer second = Tokenizer::fromFolder(tests::pathOf(folder.path()));
        QCOMPARE(second.padToken(), 0);
        compareWithCorpus(second, "second");
    }

    void everyCodePointEqualsTheReference()
    {
        const QList<QByteArray> lines = tests::oracleLines("code_points.qz");
        QCOMPARE(lines.size(), qsizetype{0x1100});
        int wrong = 0;
        for (qsizetype i = 0; i < lines.size(); ++i) {
            const auto first = static_cast<char32_t>(i * 256);
            const std::array rows{row(first, "", ""), row(first, "q", "q"), row(first, "e", "\xCC\xB4"),
                row(first, "e\xCD\x85", "")};
            QByteArray sums;
            for (const std::string& words : rows)
                sums += QByteArray::number(checksum(m_first.encode(words)), 16).rightJustified(8, '0') + ' ';
            if (sums.trimmed() != lines[i] && ++wrong <= 10)
                qWarning("U+%04X..: %s, not %s", uint(first), sums.constData(), lines[i].constData());
        }
        QCOMPARE(wrong, 0);
    }

    void chunksArePaddedByTheirConvention()
    {
        const std::vector<int> ids = m_first.encode("a cat");
        const TokenChunk first = m_first.chunk(ids);
        QCOMPARE(first.ids.size(), std::size_t{77});
        QCOMPARE(std::vector<std::int64_t>(first.ids.begin(), first.ids.begin() + 5),
            (std::vector<std::int64_t>{49406, 320, 2368, 49407, 49407}));
        QCOMPARE(first.ids.back(), std::int64_t{49407});
        QCOMPARE(first.used, 2);
        QVERIFY(first.dropped.empty() && first.droppedText.empty());

        const TokenChunk second = m_second.chunk(m_second.encode("a cat"));
        QCOMPARE(std::vector<std::int64_t>(second.ids.begin(), second.ids.begin() + 5),
            (std::vector<std::int64_t>{49406, 320, 2368, 49407, 0}));
        QCOMPARE(second.ids.back(), std::int64_t{0});

        const TokenChunk empty = m_first.chunk({});
        QCOMPARE(empty.ids.front(), std::int64_t{49406});
        QVERIFY(std::all_of(empty.ids.begin() + 1, empty.ids.end(), [](auto id) { return id == 49407; }));
    }

    void whatDoesNotFitIsReported()
    {
        std::string prompt;
        for (int i = 0; i < 75; ++i)
            prompt += "cat ";
        QVERIFY(m_first.chunk(m_first.encode(prompt)).dropped.empty());
        const TokenChunk chunk = m_first.chunk(m_first.encode(prompt + "A Lighthouse, at dusk 😀"));
        QCOMPARE(chunk.used, 75);
        QCOMPARE(chunk.ids.size(), std::size_t{77});
        QCOMPARE(chunk.ids.back(), std::int64_t{49407});
        QCOMPARE(chunk.droppedText, std::string("a lighthouse , at dusk 😀"));
    }

    void decodingGivesTheTextBack()
    {
        QCOMPARE(m_first.decode(m_first.encode("Naïve  CAFÉ 猫\n12")), std::string("naïve café 猫 1 2"));
        QCOMPARE(m_first.decode(m_first.encode("a <|endoftext|> b")), std::string("a <|endoftext|> b"));
        QCOMPARE(m_first.decode({}), std::string());
    }

    void aFoldersOwnSettingsHold()
    {
        QCOMPARE(m_small.startToken(), 85);
        QCOMPARE(m_small.endToken(), 86);
        QCOMPARE(m_small.padToken(), 86);
        QCOMPARE(m_small.chunkLength(), 77);
    }
};

QTEST_GUILESS_MAIN(TestTokenizer)
#include "tst_tokenizer.moc"
