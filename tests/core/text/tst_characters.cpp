#include "core/text/characters.h"

#include <QtTest>

#include <random>

using namespace studio::text;

class TestCharacters : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void utf8SurvivesTheRoundTrip()
    {
        std::u32string all;
        for (char32_t c = 0; c < 0x110000; ++c) {
            if (c < 0xD800 || c > 0xDFFF)
                all.push_back(c);
        }
        QVERIFY(decodeUtf8(encodeUtf8(all)) == all);
    }

    void faultyBytesAreReplacedPieceByPiece_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("replaced");
        QTest::newRow("a stray byte") << QByteArray("\x80") << 1;
        QTest::newRow("never a first byte") << QByteArray("\xC0\xAF") << 2;
        QTest::newRow("overlong") << QByteArray("\xE0\x80\x80") << 3;
        QTest::newRow("a surrogate") << QByteArray("\xED\xA0\x80") << 3;
        QTest::newRow("beyond the last") << QByteArray("\xF4\x90\x80\x80") << 4;
        QTest::newRow("cut short at the end") << QByteArray("\xF0\x9F\x98") << 1;
        QTest::newRow("cut short by text") << QByteArray("\xE2\x82q") << 1;
    }

    void faultyBytesAreReplacedPieceByPiece()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, replaced);
        const std::u32string text = decodeUtf8(bytes.toStdString());
        QCOMPARE(static_cast<int>(std::ranges::count(text, U'\uFFFD')), replaced);
    }

    void compositionIsStable()
    {
        std::mt19937 dice(7);
        std::uniform_int_distribution<char32_t> marks(0x300, 0x36F);
        for (int i = 0; i < 2000; ++i) {
            std::u32string text = U"aE";
            for (int k = 0; k < 6; ++k)
                text.insert(text.begin() + 1, marks(dice));
            const std::u32string once = composed(text);
            QVERIFY(composed(once) == once);
        }
        QVERIFY(composed(U"e\u0301") == U"\u00E9");
        QVERIFY(composed(U"\u1100\u1161\u11A8") == U"\uAC01");
        QVERIFY(composed(U"q\u0307\u0323") == U"q\u0323\u0307");
    }

    void lowerCaseLooksAtOneLetterAtATime()
    {
        QVERIFY(lowerCase(U"\u03A3\u0391\u03A3") == U"\u03C3\u03B1\u03C3");
        QVERIFY(lowerCase(U"\u0130") == U"i\u0307");
        QVERIFY(lowerCase(U"\u1E9E") == U"\u00DF");
    }
};

QTEST_GUILESS_MAIN(TestCharacters)
#include "tst_characters.moc"
