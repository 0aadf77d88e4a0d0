#include "core/base/unicode.h"

#include <QtTest>

using namespace studio;

class TestUnicode : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyCharacterSurvivesBothForms()
    {
        for (char32_t c = 1; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 97) {
            if (c >= 0xD800 && c <= 0xDFFF)
                continue;
            std::string text;
            appendUtf8(text, c);
            QCOMPARE(QString::fromStdString(text), QString::fromUcs4(&c, 1));
            QVERIFY(isUtf8(text));
            std::size_t position = 0;
            QCOMPARE(std::uint32_t(nextCharacter(text, position)), std::uint32_t(c));
            QCOMPARE(position, text.size());
            QCOMPARE(utf16ToUtf8(utf8ToUtf16BigEndian(text), true), text);
        }
    }

    void wrongBytesAreFound_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("stray") << QByteArray("a\x80");
        QTest::newRow("cut") << QByteArray("\xE7\x81");
        QTest::newRow("overlong") << QByteArray("\xC0\xAF");
        QTest::newRow("overlong, three") << QByteArray("\xE0\x80\xAF");
        QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80");
        QTest::newRow("beyond") << QByteArray("\xF4\x90\x80\x80");
        QTest::newRow("Latin-1") << QByteArray("caf\xE9");
    }
    void wrongBytesAreFound()
    {
        QFETCH(QByteArray, bytes);
        QVERIFY(!isUtf8(bytes.toStdString()));
        QVERIFY(!utf8ToLatin1(bytes.toStdString()));
    }

    void theReplacementCharacterItselfIsText() { QVERIFY(isUtf8("\uFFFD")); }

    void latin1GoesBothWays()
    {
        QCOMPARE(latin1ToUtf8("caf\xE9"), std::string("caf\u00e9"));
        QCOMPARE(utf8ToLatin1("caf\u00e9").value(), std::string("caf\xE9"));
        QVERIFY(!utf8ToLatin1("\u706f"));
    }

    void halfPairsBecomeTheReplacementCharacter()
    {
        QCOMPARE(utf16ToUtf8(std::string("\xD8\x00\x00\x41", 4), true), std::string("\uFFFDA"));
        QCOMPARE(utf16ToUtf8(std::string("\x41\x00\x42", 3), false), std::string("A\uFFFD"));
    }
};

QTEST_GUILESS_MAIN(TestUnicode)
#include "tst_unicode.moc"
