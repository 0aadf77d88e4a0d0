#include "tests/app/http/raw_client.h"
#include "tests/app/http/running_server.h"

#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

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

QImage pictureOf(const QJsonValue& value)
{
    return QImage::fromData(QByteArray::fromBase64(value.toString().toLatin1()), "PNG");
}

const char* const kBody = R"({"prompt": "a cat", "seed": 3})";

} // namespace

/// The service over real sockets of this machine.
class TestServer : public QObject {
    Q_OBJECT

private:
    void verifyAlive(int port) { QCOMPARE(talk(port, request("GET", "/health")).status, 200); }

private Q_SLOTS:
    void health()
    {
        RunningServer server;
        const QJsonObject answer = json(talk(server.port(), request("GET", "/health")));
        QCOMPARE(answer[u"status"].toString(), QStringLiteral("healthy"));
        QCOMPARE(answer[u"model"].toString(), QStringLiteral("test"));
        QCOMPARE(answer[u"device"].toString(), QStringLiteral("cpu"));
    }

    void everyExampleBodyMakesItsPicture_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("resolution");
        QTest::addColumn<QString>("mode");
        const auto row = [](const char* name, const char* body, const char* resolution, const char* mode) {
            QTest::newRow(name) << QByteArray(body) << QString::fromLatin1(resolution)
                                << QString::fromLatin1(mode);
        };
        row("prompt alone", R"({"prompt": "a cat"})", "96x96", "standard");
        row("standard", R"({"prompt": "a cat", "width": 128, "height": 64, "num_inference_steps": 30,
            "guidance_scale": 7.5, "use_refiner": true, "seed": 42})",
            "128x64", "standard");
        row("hires", R"({"prompt": "a cat", "negative_prompt": "blurry, low quality", "hires_fix": true})",
            "128x128", "hires");
        row("simple", R"({"prompt": "a cat", "hires_fix_simple": true, "hires_scale": 1.5})", "96x96",
            "simple");
        row("all fields", R"({"prompt": "a cat", "negative_prompt": "blurry", "width": 1024, "height": 1024,
            "num_inference_steps": 30, "guidance_scale": 7.5, "use_refiner": false, "hires_fix": true,
            "hires_fix_simple": false, "hires_scale": 1.5, "use_face_restoration": false, "seed": null})",
            "128x128", "hires");
    }

    void everyExampleBodyMakesItsPicture()
    {
        QFETCH(QByteArray, body);
        QFETCH(QString, resolution);
        QFETCH(QString, mode);
        RunningServer server([](http::ServerSettings&, FakeEngine& engine) { engine.hasRefiner = true; });
        const RawAnswer answer = post(server.port(), "/generate", body.toStdString());
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.has("Content-Type: application/json"));
        const QJsonObject object = json(answer);
        QCOMPARE(object[u"final_resolution"].toString(), resolution);
        QCOMPARE(object[u"mode"].toString(), mode);
        QVERIFY(object[u"seed"].isDouble());
        QVERIFY(object[u"generation_time_seconds"].isDouble());
        QVERIFY(object[u"notes"].isArray());
        const QImage picture = pictureOf(object[u"image"]);
        QCOMPARE(QStringLiteral("%1x%2").arg(picture.width()).arg(picture.height()), resolution);
    }

    void theSeedThatWasDrawnMakesThePictureAgain()
    {
        RunningServer server;
        const QJsonObject first = json(post(server.port(), "/generate", R"({"prompt": "x", "seed": null})"));
        const QJsonObject again = json(post(server.port(), "/generate",
            "{\"prompt\": \"x\", \"seed\": " + std::to_string(first[u"seed"].toInteger()) + "}"));
        QCOMPARE(again[u"image"].toString(), first[u"image"].toString());
        const QJsonObject other = json(post(server.port(), "/generate", R"({"prompt": "x"})"));
        QVERIFY(other[u"seed"].toInteger() != first[u"seed"].toInteger());
    }

    void wrongRequestsGetTheirStatus_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("part");
        const auto row = [](const char* name, const std::string& bytes, int status, const char* part) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << status << QByteArray(part);
        };
        row("unknown path", request("GET", "/nothing"), 404, "nothing at this path");
        row("dot dot", request("GET", "/../etc/passwd"), 404, "nothing at this path");
        row("get of generate", request("GET", "/generate"), 405, "\r\nAllow: POST");
        row("post of health", request("POST", "/health", "{}"), 405, "\r\nAllow: GET");
        row("delete", request("DELETE", "/generate"), 405, "\r\nAllow: POST");
        row("put", request("PUT", "/generate", kBody, "Content-Length: 0\r\n"), 405, "\r\nAllow: POST");
        row("options of sdapi", request("POST", "/sdapi/v1/options", "{}"), 405, "\r\nAllow: GET");
        row("form",
            request("POST", "/generate", "prompt=x", "Content-Type: application/x-www-form-urlencoded\r\n"),
            415, "application/json");
        row("plain text", request("POST", "/generate", kBody, "Content-Type: text/plain\r\n"), 415,
            "application/json");
        row("multipart",
            request("POST", "/generate", kBody, "Content-Type: multipart/form-data; boundary=x\r\n"), 415,
            "application/json");
        row("no type", request("POST", "/generate", kBody, ""), 415, "application/json");
        row("no body", "POST /generate HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "no JSON");
        row("no json", request("POST", "/generate", "hello"), 400, "no JSON");
        row("no prompt", request("POST", "/generate", "{}"), 422, "\"field\":\"prompt\"");
        row("wrong field", request("POST", "/generate", R"({"prompt": "x", "width": "wide"})"), 422,
            "\"field\":\"width\"");
        row("too large", request("POST", "/generate", std::string((1u << 20) + 1, ' ')), 413, "1048576");
        row("declared too large",
            "POST /generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            "Content-Length: 99999999999999999999\r\n\r\n{}",
            413, "1048576");
        row("negative length",
            "POST /generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            "Content-Length: -1\r\n\r\n{}",
            413, "1048576");
        row("strange host", request("GET", "/health", "", "", "evil.example"), 403, "--allow-host");
        row("no host", "GET /health HTTP/1.1\r\n\r\n", 403, "--allow-host");
        row("two hosts", "GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", 403,
            "--allow-host");
        row("strange origin", request("POST", "/sdapi/v1/interrupt", "", "Origin: https://evil.example\r\n"),
            403, "--cors");
        row("malformed line", "NONSENSE\r\n\r\n", 400, "malformed");
        row("long path", request("GET", "/" + std::string(9000, 'a')), 414, "malformed");
    }

    void wrongRequestsGetTheirStatus()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        QFETCH(QByteArray, part);
        RunningServer server;
        const RawAnswer answer = talk(server.port(), bytes.toStdString());
        QCOMPARE(answer.status, status);
        QVERIFY2((answer.head + answer.body).find(part.toStdString()) != std::string::npos,
            (answer.head + "\n" + answer.body).c_str());
        QVERIFY(json(answer)[u"error"].isString());
        QCOMPARE(int(server.engine.runs), 0);
        verifyAlive(server.port());
    }

    void pagesOfNamedOriginsMayCall()
    {
        RunningServer server([](http::ServerSettings& settings, FakeEngine&) {
            settings.rules.origins = {"https://studio.example"};
        });
        const RawAnswer preflight = talk(server.port(),
            "OPTIONS /generate HTTP/1.1\r\nHost: localhost\r\nOrigin: https://studio.example\r\n"
            "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n\r\n");
        QCOMPARE(preflight.status, 204);
        QVERIFY(preflight.has("Access-Control-Allow-Origin: https://studio.example"));
        QVERIFY(preflight.has("Access-Control-Allow-Methods: POST"));
        QVERIFY(preflight.head.find("Content-Type") != std::string::npos);
        const std::string headers = "Content-Type: application/json\r\nOrigin: https://studio.example\r\n";
        const RawAnswer answer = talk(server.port(), request("POST", "/generate", kBody, headers));
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.has("Access-Control-Allow-Origin: https://studio.example"));
        const RawAnswer wrong = talk(server.port(), request("POST", "/generate", "{}", headers));
        QCOMPARE(wrong.status, 422);
        QVERIFY(wrong.has("Access-Control-Allow-Origin: https://studio.example"));
        const RawAnswer stranger = talk(server.port(),
            "OPTIONS /generate HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n"
            "Access-Control-Request-Method: POST\r\n\r\n");
        QCOMPARE(stranger.status, 403);
        QVERIFY(!stranger.has("Access-Control-Allow-Origin"));
    }

    void theKeyIsAskedFor()
    {
        RunningServer server(
            [](http::ServerSettings& settings, FakeEngine&) { settings.rules.apiKey = "secret"; });
        const RawAnswer without = talk(server.port(), request("GET", "/health"));
        QCOMPARE(without.status, 401);
        QVERIFY(without.has("WWW-Authenticate: Bearer"));
        const auto with
            = [](const std::string& header) { return header + "\r\nContent-Type: application/json\r\n"; };
        QCOMPARE(talk(server.port(), request("POST", "/generate", kBody, with("Authorization: Bearer wrong")))
                     .status,
            401);
        QCOMPARE(int(server.engine.runs), 0);
        QCOMPARE(
            talk(server.port(), request("POST", "/generate", kBody, with("Authorization: Bearer secret")))
                .status,
            200);
        QCOMPARE(
            talk(server.port(), request("POST", "/generate", kBody, with("X-API-Key: secret"))).status, 200);
    }

    void aFailureIsSaidInASentence()
    {
        RunningServer server(
            [](http::ServerSettings&, FakeEngine& engine) { engine.failSecondStage = true; });
        const RawAnswer answer = post(server.port(), "/generate", R"({"prompt": "x", "hires_fix": true})");
        QCOMPARE(answer.status, 500);
        QCOMPARE(json(answer)[u"error"].toString(), QStringLiteral("Memory ran out in the second stage."));
        QCOMPARE(post(server.port(), "/generate", kBody).status, 200);
    }

    void a1111sClientsMakePictures()
    {
        RunningServer server;
        const RawAnswer answer = post(server.port(), "/sdapi/v1/txt2img",
            R"({"prompt": "a cat", "seed": 5, "batch_size": 2, "steps": 4, "sampler_name": "Euler"})");
        QCOMPARE(answer.status, 200);
        const QJsonArray images = json(answer)[u"images"].toArray();
        QCOMPARE(images.size(), 2);
        QCOMPARE(pictureOf(images[0]).width(), 96);
        QVERIFY(images[0] != images[1]);
        QJsonObject body;
        body[u"image"] = QStringLiteral("data:image/png;base64,") + images[1].toString();
        const RawAnswer info
            = post(server.port(), "/sdapi/v1/png-info", QJsonDocument(body).toJson().toStdString());
        QCOMPARE(info.status, 200);
        QVERIFY(json(info)[u"info"].toString().contains(QStringLiteral("Seed: 6")));
        for (const char* path : {"samplers", "schedulers", "upscalers", "sd-models", "options", "progress"})
            QCOMPARE(talk(server.port(), request("GET", std::string("/sdapi/v1/") + path)).status, 200);
    }

    void pictureBodiesMayBeLarger()
    {
        RunningServer server;
        const std::string body = "{\"image\": \"" + std::string(3u << 20, 'A') + "\"}";
        QCOMPARE(post(server.port(), "/sdapi/v1/png-info", body).status, 422);
    }

    void progressFollowsAndInterruptKeepsWhatIsFinished()
    {
        RunningServer server([](http::ServerSettings&, FakeEngine& engine) {
            engine.step = 5ms;
            engine.steps = 60;
        });
        RawClient client(server.port());
        client.send(request("POST", "/sdapi/v1/txt2img", R"({"prompt": "x", "enable_hr": true})"));
        const auto progress = [&] { return json(talk(server.port(), request("GET", "/sdapi/v1/progress"))); };
        QTRY_VERIFY(progress()[u"progress"].toDouble() > 0.55);
        QVERIFY(!pictureOf(progress()[u"current_image"]).isNull());
        // As curl sends it: no body, no length.
        const RawAnswer interrupted
            = talk(server.port(), "POST /sdapi/v1/interrupt HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QCOMPARE(interrupted.status, 200);
        const RawAnswer answer = takeApart(client.receive());
        QCOMPARE(answer.status, 200);
        const QJsonArray images = json(answer)[u"images"].toArray();
        QCOMPARE(images.size(), 1);
        QCOMPARE(pictureOf(images[0]).width(), 64); // the first pass
        QCOMPARE(int(server.engine.cancelled), 1);
    }
};

QTEST_GUILESS_MAIN(TestServer)
#include "tst_server.moc"
