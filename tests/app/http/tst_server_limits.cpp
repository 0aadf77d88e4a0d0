#include "tests/app/http/raw_client.h"
#include "tests/app/http/running_server.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <future>
#include <random>

using namespace studio;
using namespace studio::test;
using namespace std::chrono_literals;

namespace {

QJsonObject json(const RawAnswer& answer)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(answer.body)).object();
}

RawAnswer post(int port, const std::string& path, const std::string& body)
{
    return talk(port, request("POST", path, body));
}

const char* const kBody = R"({"prompt": "a cat", "seed": 3})";

} // namespace

/// Many clients, slow ones, hostile ones, and ones that leave.
class TestServerLimits : public QObject {
    Q_OBJECT

private:
    void verifyAlive(int port) { QCOMPARE(talk(port, request("GET", "/health")).status, 200); }

private Q_SLOTS:
    void aBodyInPiecesIsBoundedToo()
    {
        RunningServer server;
        RawClient client(server.port());
        client.send("POST /generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    "Transfer-Encoding: chunked\r\n\r\n");
        const std::string piece = "10000\r\n" + std::string(65536, ' ') + "\r\n";
        for (int i = 0; i < 40 && client.send(piece); ++i) { }
        QCOMPARE(takeApart(client.receive()).status, 413);
        const std::string small
            = "POST /generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              "Transfer-Encoding: chunked\r\n\r\nf\r\n{\"prompt\": \"x\"}\r\n0\r\n\r\n";
        QCOMPARE(talk(server.port(), small).status, 200);
    }

    void hostileBytesDoNoHarm()
    {
        RunningServer server(
            [](http::ServerSettings& settings, FakeEngine&) { settings.patience.request = 300ms; });
        std::mt19937 random(1);
        for (int round = 0; round < 60; ++round) {
            std::string bytes = round % 2 ? request("POST", "/generate", kBody) : std::string();
            for (int i = 0; i < 200; ++i) {
                const std::size_t place = bytes.empty() ? 0 : random() % bytes.size();
                bytes.insert(place, 1, static_cast<char>(random()));
            }
            RawClient client(server.port());
            client.send(bytes);
            client.receive(5s);
            QVERIFY(!client.timedOut);
        }
        std::string manyHeaders = "GET /health HTTP/1.1\r\nHost: localhost\r\n";
        for (int i = 0; i < 2000; ++i)
            manyHeaders += "X-" + std::to_string(i) + ": y\r\n";
        talk(server.port(), manyHeaders + "\r\n");
        talk(server.port(),
            "GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(100000, 'y') + "\r\n\r\n");
        talk(server.port(), "GET /health HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-0,1-1,2-2\r\n\r\n");
        verifyAlive(server.port());
    }

    void aHeadWithoutEndIsCutOff_data()
    {
        QTest::addColumn<QByteArray>("start");
        QTest::addColumn<QByteArray>("more");
        const QByteArray line("GET /health HTTP/1.1\r\nHost: localhost\r\n");
        QTest::newRow("a request line") << QByteArray("GET /") << QByteArray(1 << 16, 'y');
        QTest::newRow("a header") << line + "X: " << QByteArray(1 << 16, 'y');
        QTest::newRow("headers") << line << QByteArray("X: yyyyyyyyyyyy\r\n").repeated(4096);
    }

    void aHeadWithoutEndIsCutOff()
    {
        QFETCH(const QByteArray, start);
        QFETCH(const QByteArray, more);
        RunningServer server(
            [](http::ServerSettings& settings, FakeEngine&) { settings.patience.request = 120s; });
        RawClient client(server.port());
        QVERIFY(client.send(start.toStdString()));
        QElapsedTimer elapsed;
        elapsed.start();
        bool taken = true; // for half a second more it is, and forgotten
        while (taken && elapsed.elapsed() < 20000)
            taken = client.send(more.toStdString());
        QVERIFY2(!taken, "the server reads on and on");
        verifyAlive(server.port());
    }

    void healthAnswersWhileAPictureIsMade()
    {
        RunningServer server([](http::ServerSettings&, FakeEngine& engine) {
            engine.step = 50ms;
            engine.steps = 100000;
        });
        RawClient waiting(server.port());
        waiting.send(request("POST", "/generate", kBody));
        QTRY_COMPARE(int(server.engine.running), 1);
        for (int i = 0; i < 20; ++i) {
            const QJsonObject answer = json(talk(server.port(), request("GET", "/health")));
            QCOMPARE(answer[u"busy"].toBool(), true);
        }
        QCOMPARE(int(server.engine.running), 1);
    }

    void fiftyClientsAtOnceAreAllAnswered()
    {
        RunningServer server([](http::ServerSettings& settings, FakeEngine& engine) {
            settings.queue = 4;
            engine.step = 2ms;
        });
        std::vector<std::future<RawAnswer>> answers;
        for (int i = 0; i < 50; ++i)
            answers.push_back(
                std::async(std::launch::async, [&] { return post(server.port(), "/generate", kBody); }));
        int made = 0;
        int refused = 0;
        for (auto& each : answers) {
            const RawAnswer answer = each.get();
            made += answer.status == 200;
            if (answer.status == 429) {
                ++refused;
                QVERIFY(answer.has("Retry-After: "));
            }
        }
        QCOMPARE(made + refused, 50);
        QVERIFY(made >= 4); // the queue's length; one more if the first began before the others came
        QCOMPARE(int(server.engine.runs), made);
        QCOMPARE(int(server.engine.mostRunning), 1);
    }

    void aClientThatGoesAwayCancelsItsPicture()
    {
        RunningServer server([](http::ServerSettings&, FakeEngine& engine) {
            engine.step = 5ms;
            engine.steps = 100000;
        });
        const auto waitingNow
            = [&] { return json(talk(server.port(), request("GET", "/health")))[u"waiting"].toInt(); };
        auto client = std::make_unique<RawClient>(server.port());
        client->send(request("POST", "/generate", kBody));
        QTRY_COMPARE(int(server.engine.running), 1);
        auto waiting = std::make_unique<RawClient>(server.port());
        waiting->send(request("POST", "/generate", kBody));
        QTRY_COMPARE(waitingNow(), 1);
        waiting.reset();
        QTRY_COMPARE(waitingNow(), 0);
        QCOMPARE(int(server.engine.running), 1);
        client.reset();
        QTRY_COMPARE(int(server.engine.running), 0);
        QCOMPARE(int(server.engine.cancelled), 1);
        QCOMPARE(int(server.engine.runs), 1); // the one that waited never ran
    }

    void slowClientsAreCutOff()
    {
        RunningServer server(
            [](http::ServerSettings& settings, FakeEngine&) { settings.patience.request = 500ms; });
        std::vector<std::unique_ptr<RawClient>> slow;
        for (int i = 0; i < 40; ++i)
            slow.push_back(std::make_unique<RawClient>(server.port()));
        const std::string bytes = request("POST", "/generate", kBody);
        bool someoneIsThere = true;
        for (std::size_t at = 0; at < bytes.size() && someoneIsThere; ++at) {
            someoneIsThere = false;
            for (const auto& client : slow)
                someoneIsThere = client->send(bytes.substr(at, 1)) || someoneIsThere;
            if (at == 0)
                verifyAlive(server.port());
            std::this_thread::sleep_for(50ms);
        }
        QVERIFY(!someoneIsThere);
        QCOMPARE(int(server.engine.runs), 0);
        verifyAlive(server.port());
    }

    void slowClientsInCrowdsLeaveRoomForOthers()
    {
        RunningServer server([](http::ServerSettings& settings, FakeEngine&) {
            settings.patience.request = 10min; // were it for that, nobody else would be answered
            settings.patience.crowded = 100ms;
        });
        std::vector<std::unique_ptr<RawClient>> slow;
        for (int i = 0; i < 100; ++i) { // more than there are threads
            slow.push_back(std::make_unique<RawClient>(server.port()));
            slow.back()->send("GET /health HTTP/1.1\r\nHost: loc");
        }
        verifyAlive(server.port());
        slow.back()->send("alhost\r\n\r\n"); // in no crowd any more: as much time as ever
        QCOMPARE(takeApart(slow.back()->receive()).status, 200);
    }

    void aClientThatDoesNotReadIsCutOff()
    {
        RunningServer server(
            [](http::ServerSettings& settings, FakeEngine&) { settings.patience.answer = 200ms; });
        RawClient client(server.port());
        client.send(request("POST", "/generate", R"({"prompt": "x", "width": 2048, "height": 2048})"));
        QTRY_COMPARE(int(server.engine.runs), 1);
        server.stop(); // would wait for the connection
        QVERIFY(client.connected());
    }

    void stopAnswersThoseWhoWait()
    {
        RunningServer server([](http::ServerSettings&, FakeEngine& engine) {
            engine.step = 5ms;
            engine.steps = 100000;
        });
        RawClient first(server.port());
        first.send(request("POST", "/generate", kBody));
        QTRY_COMPARE(int(server.engine.running), 1);
        RawClient second(server.port());
        second.send(request("POST", "/generate", kBody));
        RawClient idle(server.port());
        QTRY_COMPARE(json(talk(server.port(), request("GET", "/health")))[u"waiting"].toInt(), 1);
        server.stop();
        QCOMPARE(takeApart(first.receive()).status, 503);
        QCOMPARE(takeApart(second.receive()).status, 503);
        QVERIFY(!RawClient(server.port()).connected());
        QCOMPARE(int(server.engine.runs), 1);
    }

    void aPortIsNotShared()
    {
        RunningServer server;
        RunningServer second(
            [&](http::ServerSettings& settings, FakeEngine&) { settings.port = server.port(); });
        QVERIFY(server.bound());
        QVERIFY(!second.bound());
    }
};

QTEST_GUILESS_MAIN(TestServerLimits)
#include "tst_server_limits.moc"
