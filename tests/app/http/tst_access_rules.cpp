#include "app/http/access_rules.h"

#include <QByteArray>
#include <QtTest>

using namespace studio::http;

class TestAccessRules : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void loopbackIsThisMachineAlone()
    {
        for (const char* host : {"127.0.0.1", "127.9.9.9", "::1", "localhost", "LocalHost"})
            QVERIFY2(isLoopback(host), host);
        for (const char* host :
            {"0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example.org", "localhost.example.org", ""})
            QVERIFY2(!isLoopback(host), host);
    }

    void hostsAreReadWithoutTheirPort()
    {
        QCOMPARE(hostOf("localhost:7860"), std::string("localhost"));
        QCOMPARE(hostOf("LOCALHOST"), std::string("localhost"));
        QCOMPARE(hostOf("[::1]:7860"), std::string("::1"));
        QCOMPARE(hostOf("[::1]"), std::string("::1"));
        for (const char* broken :
            {"", "[::1", "[::1]x", "host:", "host:port", "host:1:2", "[::1]:", "host:999999"})
            QVERIFY2(hostOf(broken).empty(), broken);
    }

    void onlyKnownNamesAreAnswered()
    {
        AccessRules rules;
        rules.hosts = {"Studio.lan"};
        for (const char* header :
            {"localhost:7860", "127.0.0.1:7860", "[::1]:7860", "192.168.1.4", "studio.lan:7860"})
            QVERIFY2(hostAllowed(header, rules), header);
        for (const char* header : {"evil.example", "evil.example:7860", "127.0.0.1.evil.example",
                 "localhost.evil.example", "", "studio.lan.evil.example", "1.2.3.4.5", "0x7f.1"})
            QVERIFY2(!hostAllowed(header, rules), header);
    }

    void originsAreComparedLetterByLetter()
    {
        AccessRules rules;
        rules.origins = {"https://example.org", "null"};
        QVERIFY(originAllowed("https://example.org", "127.0.0.1:7860", rules));
        QVERIFY(originAllowed("null", "127.0.0.1:7860", rules));
        QVERIFY(originAllowed("http://127.0.0.1:7860", "127.0.0.1:7860", rules));
        for (const char* origin :
            {"http://example.org", "https://example.org:443", "https://example.org.evil.example",
                "https://EXAMPLE.org", "https://sub.example.org", "http://127.0.0.1:9999"})
            QVERIFY2(!originAllowed(origin, "127.0.0.1:7860", rules), origin);
    }

    void theKeyMayComeInThreeWays()
    {
        AccessRules rules;
        QVERIFY(keyMatches("", "", rules));
        rules.apiKey = "a:secret";
        QVERIFY(keyMatches("Bearer a:secret", "", rules));
        QVERIFY(keyMatches("bearer a:secret", "", rules));
        QVERIFY(keyMatches("", "a:secret", rules));
        const QByteArray pair = QByteArray("user:a:secret").toBase64();
        QVERIFY(keyMatches("Basic " + pair.toStdString(), "", rules));
        for (const char* authorization : {"", "Bearer", "Bearer ", "Bearer a:secre", "Bearer a:secretx",
                 "Basic", "Basic !!!", "a:secret", "Bearer a:secreta:secret"})
            QVERIFY2(!keyMatches(authorization, "", rules), authorization);
        QVERIFY(!keyMatches("", "a:secreT", rules));
        QVERIFY(!keyMatches("Basic " + QByteArray("asecret").toBase64().toStdString(), "", rules));
    }

    void base64ReadsWhatQtWrites()
    {
        for (int length = 0; length < 40; ++length) {
            QByteArray bytes;
            for (int i = 0; i < length; ++i)
                bytes.append(static_cast<char>(i * 37 + length));
            QCOMPARE(fromBase64(bytes.toBase64().toStdString()), bytes.toStdString());
        }
        QCOMPARE(fromBase64("not base64!"), std::string());
    }
};

QTEST_GUILESS_MAIN(TestAccessRules)
#include "tst_access_rules.moc"
