#include "core/base/error.h"
#include "core/text/tokenizer.h"
#include "tests/core/text/tokenizer_fixture.h"

#include <QtTest>

using namespace studio;
using text::Tokenizer;

class TestTokenizerFiles : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    QString file(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

    /// A sound little folder, to be spoilt by each test.
    void writeSound()
    {
        tests::writeFile(file("vocab.json"),
            R"({"a": 0, "b": 1, "a</w>": 2, "b</w>": 3, "ab</w>": 4, "<|startoftext|>": 5, "<|endoftext|>": 6})");
        tests::writeFile(file("merges.txt"), "#version: 0.2\na b</w>\n");
        tests::writeFile(file("tokenizer_config.json"), R"({"model_max_length": 77})");
        tests::writeFile(file("special_tokens_map.json"), "{}");
        QFile::remove(file("added_tokens.json"));
    }

    Tokenizer open() const { return Tokenizer::fromFolder(tests::pathOf(m_folder.path())); }

    ErrorKind failure() const
    {
        try {
            open();
        } catch (const Error& error) {
            if (std::string_view(error.what()).size() > 400)
                throw std::runtime_error("the message is no sentence");
            return error.kind();
        }
        throw std::runtime_error("the folder was accepted");
    }

private Q_SLOTS:
    void init() { writeSound(); }

    void aSoundFolderWorks()
    {
        QCOMPARE(open().encode("ab a"), (std::vector<int>{4, 2}));
        QCOMPARE(open().encode("aab"), (std::vector<int>{0, 4}));
    }

    void bytesWithoutATokenBecomeTheUnknownToken()
    {
        QCOMPARE(open().encode("zz é"), (std::vector<int>{6, 6, 6, 6}));
    }

    void configurationsMayBeMissing()
    {
        QFile::remove(file("tokenizer_config.json"));
        QFile::remove(file("special_tokens_map.json"));
        QCOMPARE(open().padToken(), 6);
        QCOMPARE(open().encode("a<|endoftext|>"), (std::vector<int>{2, 6}));
    }

    void addedTokensAreFound()
    {
        tests::writeFile(file("added_tokens.json"), R"({"<toy>": 7, "<toy>_1": 8})");
        QCOMPARE(open().encode("a<toy><TOY>_1 <toy>_2").size(), std::size_t{6});
        QCOMPARE(open().encode("a<toy>_1"), (std::vector<int>{2, 8}));
    }

    void missingFilesAreNamed()
    {
        QFile::remove(file("merges.txt"));
        QCOMPARE(failure(), ErrorKind::FileMissing);
    }

    void brokenVocabulariesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("abc");
        QTest::newRow("cut short") << QByteArray("{\"a\": 0, \"b");
        QTest::newRow("a list") << QByteArray(R"(["a", "b"])");
        QTest::newRow("negative") << QByteArray(R"({"a": -1})");
        QTest::newRow("fractional") << QByteArray(R"({"a": 0.5})");
        QTest::newRow("enormous") << QByteArray(R"({"a": 4294967296})");
        QTest::newRow("large enough to exhaust memory") << QByteArray(R"({"a": 1073741823})");
        QTest::newRow("nested") << QByteArray(R"({"a": {"b": 1}})");
        QTest::newRow("deep") << QByteArray(200000, '[');
        QTest::newRow("without special tokens") << QByteArray(R"({"a": 0, "b</w>": 1, "ab</w>": 2})");
        QTest::newRow("without a merge's half")
            << QByteArray(R"({"a": 0, "<|startoftext|>": 5, "<|endoftext|>": 6})");
    }

    void brokenVocabulariesAreRefused()
    {
        QFETCH(QByteArray, content);
        tests::writeFile(file("vocab.json"), content);
        QCOMPARE(failure(), ErrorKind::FileCorrupt);
    }

    void brokenMergesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("one token") << QByteArray("ab\n");
        QTest::newRow("three tokens") << QByteArray("a b c\n");
        QTest::newRow("an empty line") << QByteArray("a b</w>\n\na b</w>\n");
        QTest::newRow("unknown tokens") << QByteArray("x y\n");
    }

    void brokenMergesAreRefused()
    {
        QFETCH(QByteArray, content);
        tests::writeFile(file("merges.txt"), content);
        QCOMPARE(failure(), ErrorKind::FileCorrupt);
    }

    void brokenConfigurationsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("no JSON") << QByteArray("{");
        QTest::newRow("a list") << QByteArray("[]");
        QTest::newRow("a number for a token") << QByteArray(R"({"pad_token": 3})");
        QTest::newRow("an empty token") << QByteArray(R"({"pad_token": ""})");
        QTest::newRow("a token without content") << QByteArray(R"({"pad_token": {"lstrip": false}})");
        QTest::newRow("a token the vocabulary lacks") << QByteArray(R"({"pad_token": "<pad>"})");
        QTest::newRow("unnumbered") << QByteArray(R"({"added_tokens_decoder": {"x": {"content": "<x>"}}})");
        QTest::newRow("deep") << QByteArray("{\"a\":") + QByteArray(100000, '[');
    }

    void brokenConfigurationsAreRefused()
    {
        QFETCH(QByteArray, content);
        tests::writeFile(file("tokenizer_config.json"), content);
        QCOMPARE(failure(), ErrorKind::FileCorrupt);
    }

    void tokensThatMatchWholeWordsAreRefused()
    {
        tests::writeFile(
            file("special_tokens_map.json"), R"({"pad_token": {"content": "ab</w>", "single_word": true}})");
        QCOMPARE(failure(), ErrorKind::UnsupportedModel);
    }

    void aListThatIsNotClipsIsRefused()
    {
        try {
            Tokenizer::fromMerges(tests::pathOf(file("merges.txt")));
            QFAIL("accepted");
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::FileCorrupt);
        }
        try {
            Tokenizer::fromMerges(tests::pathOf(file("nothing.txt")));
            QFAIL("accepted");
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::FileMissing);
        }
    }
};

QTEST_GUILESS_MAIN(TestTokenizerFiles)
#include "tst_tokenizer_files.moc"
