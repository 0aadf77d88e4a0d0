#include "app/http/generate_service.h"
#include "app/http/http_error.h"
#include "tests/app/fake_engine.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace studio;
using namespace studio::http;

namespace {

ModelFacts facts(bool refiner = true)
{
    test::FakeEngine engine;
    engine.hasRefiner = refiner;
    Request defaults;
    defaults.models.base = "/models/test.safetensors";
    return std::get<ModelFacts>(learnFacts(engine, defaults));
}

struct Refusal {
    int status = 0;
    std::string field;
    std::string sentence;
};

Refusal refusal(const std::string& body)
{
    try {
        parseGenerate(body, facts());
    } catch (const HttpError& error) {
        return {error.status(), error.field(), error.what()};
    }
    return {};
}

bool noted(const GenerateCall& call, const std::string& part)
{
    return std::any_of(call.notes.begin(), call.notes.end(),
        [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

/// The largest body its users send; each test takes away or changes what it is about.
const char* const kFullBody = R"({"prompt": "a lighthouse at dusk", "negative_prompt": "blurry, low quality",
    "width": 1024, "height": 1024, "num_inference_steps": 30, "guidance_scale": 7.5, "use_refiner": false,
    "hires_fix": true, "hires_fix_simple": false, "hires_scale": 1.5, "use_face_restoration": false, "seed": 42})";

QByteArray with(std::initializer_list<std::pair<const char*, QJsonValue>> changes)
{
    QJsonObject body = QJsonDocument::fromJson(kFullBody).object();
    for (const auto& [name, value] : changes) {
        if (value.isUndefined())
            body.remove(QLatin1String(name));
        else
            body[QLatin1String(name)] = value;
    }
    return QJsonDocument(body).toJson();
}

GenerateCall parsed(const QByteArray& body, bool refiner = true)
{
    return parseGenerate(body.toStdString(), facts(refiner));
}

} // namespace

class TestGenerateService : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hiresFixWinsAndNamesWhatWasNotUsed()
    {
        const GenerateCall call = parsed(kFullBody);
        QVERIFY(call.request.mode == Mode::Hires);
        QCOMPARE(call.request.prompt, std::string("a lighthouse at dusk"));
        QCOMPARE(call.request.negativePrompt, std::string("blurry, low quality"));
        QCOMPARE(call.request.sampling.steps, 30);
        QCOMPARE(call.request.sampling.guidance, 7.5);
        QVERIFY(call.request.seed == std::optional<std::uint64_t>(42));
        QVERIFY(!call.request.standard.size);
        QVERIFY(call.request.hires == HiresSettings{});
        QCOMPARE(call.notes.size(), std::size_t(1));
        QCOMPARE(call.notes.front(),
            std::string("hires_fix was on: width, height, use_refiner, hires_fix_simple and hires_scale were "
                        "not used."));
    }

    void hiresFixAloneNeedsNoNote()
    {
        const GenerateCall call = parsed(R"({"prompt": "x", "hires_fix": true})");
        QVERIFY(call.request.mode == Mode::Hires);
        QVERIFY(call.notes.empty());
    }

    void simpleTakesSizeAndScale()
    {
        const GenerateCall call
            = parsed(R"({"prompt": "x", "hires_fix_simple": true, "width": 640, "height": 512,
            "hires_scale": 2, "use_refiner": true})");
        QVERIFY(call.request.mode == Mode::Simple);
        QVERIFY(call.request.simple.base == (Extent{640, 512}));
        QCOMPARE(call.request.simple.scale, 2.0);
        QVERIFY(!call.request.standard.useRefiner);
        QVERIFY(noted(call, "use_refiner was not used"));
    }

    void standardTakesSizeAndRefiner()
    {
        const GenerateCall call
            = parsed(R"({"prompt": "x", "width": 640, "height": 512, "use_refiner": true})");
        QVERIFY(call.request.mode == Mode::Standard);
        QVERIFY(call.request.standard.size == (Extent{640, 512}));
        QVERIFY(call.request.standard.useRefiner);
        QVERIFY(call.notes.empty());
    }

    void withoutARefinerTheSwitchIsNoted()
    {
        const GenerateCall call = parsed(R"({"prompt": "x", "use_refiner": true})", false);
        QVERIFY(!call.request.standard.useRefiner);
        QVERIFY(noted(call, "without a refiner"));
    }

    void aMissingSideIsTheModelsOwn()
    {
        QVERIFY(parsed(R"({"prompt": "x", "width": 128})").request.standard.size == (Extent{128, 96}));
        QVERIFY(parsed(R"({"prompt": "x", "height": 128, "hires_fix_simple": true})").request.simple.base
            == (Extent{64, 128}));
        QVERIFY(!parsed(R"({"prompt": "x"})").request.standard.size);
    }

    void whatIsNotSaidIsAtItsDefault()
    {
        const Request request = parsed(R"({"prompt": "x"})").request;
        Request wanted;
        wanted.prompt = "x";
        wanted.models.base = "/models/test.safetensors";
        QVERIFY(request == wanted);
    }

    void nullCountsAsAbsent()
    {
        const GenerateCall call = parsed(R"({"prompt": "x", "seed": null, "width": null, "hires_fix": null,
            "guidance_scale": null, "negative_prompt": null})");
        QVERIFY(!call.request.seed);
        QVERIFY(call.request.mode == Mode::Standard);
        QCOMPARE(call.request.sampling.guidance, 7.5);
        QVERIFY(call.notes.empty());
    }

    void seedsOfEverySize()
    {
        QVERIFY(parsed(with({{"seed", -1}})).request.seed == std::nullopt);
        QVERIFY(parsed(with({{"seed", 0}})).request.seed == std::optional<std::uint64_t>(0));
        QVERIFY(parsed(R"({"prompt": "x", "seed": 18446744073709551615})").request.seed
            == std::optional<std::uint64_t>(UINT64_MAX));
    }

    void faceRestorationIsAcceptedAndNoted()
    {
        QVERIFY(
            noted(parsed(with({{"use_face_restoration", true}})), "use_face_restoration was not applied"));
    }

    void unknownFieldsAreNoted()
    {
        QVERIFY(noted(parsed(with({{"hires_fx", true}})), "There is no field hires_fx"));
    }

    void aScaleWithoutHiresIsNoted()
    {
        QVERIFY(noted(parsed(with({{"hires_fix", false}})), "hires_scale was not used"));
    }

    void wrongFieldsAreNamed_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("field");
        const auto row = [](const char* field, const QJsonValue& value, const char* why) {
            QTest::addRow("%s: %s", field, why)
                << with({{"hires_fix", false}, {field, value}}) << QString::fromLatin1(field);
        };
        row("prompt", QJsonValue(QJsonValue::Undefined), "absent");
        row("prompt", QJsonValue::Null, "null");
        row("prompt", 5, "a number");
        row("prompt", QStringLiteral("a\0b").left(1) + QChar(0) + QStringLiteral("b"), "a zero character");
        row("prompt", QString(100001, QLatin1Char('x')), "too long");
        row("negative_prompt", QJsonArray{}, "a list");
        row("width", QStringLiteral("1024"), "a text");
        row("width", 1001, "no multiple of 8");
        row("height", 1001, "no multiple of 8");
        row("width", 0, "zero");
        row("height", -8, "negative");
        row("width", 1e9, "huge");
        row("width", 512.5, "broken");
        row("num_inference_steps", 0, "zero");
        row("num_inference_steps", 1001, "too many");
        row("num_inference_steps", true, "a switch");
        row("guidance_scale", -1, "negative");
        row("guidance_scale", QStringLiteral("7.5"), "a text");
        row("use_refiner", QStringLiteral("yes"), "a text");
        row("hires_fix", 1, "a number");
        row("hires_fix_simple", QJsonObject{}, "an object");
        row("hires_scale", 0.5, "too small");
        row("hires_scale", 9, "too large");
        row("use_face_restoration", 0, "a number");
        row("seed", -2, "negative");
        row("seed", 1.5, "broken");
        row("seed", QStringLiteral("42"), "a text");
    }
    void wrongFieldsAreNamed()
    {
        QFETCH(QByteArray, body);
        QFETCH(QString, field);
        const Refusal refused = refusal(body.toStdString());
        QCOMPARE(refused.status, 422);
        QCOMPARE(QString::fromStdString(refused.field), field);
        QVERIFY2(refused.sentence.find(field.toStdString()) == 0, refused.sentence.c_str());
    }

    void whatIsNoJsonIsRefused_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::newRow("empty") << QByteArray() << 400;
        QTest::newRow("text") << QByteArray("hello") << 400;
        QTest::newRow("cut") << QByteArray("{\"prompt\": \"x\"") << 400;
        QTest::newRow("trailing") << QByteArray("{\"prompt\": \"x\"} x") << 400;
        QTest::newRow("deep") << QByteArray("{\"prompt\": ") + QByteArray(500000, '[') << 400;
        QTest::newRow("deep objects") << QByteArray("{\"a\":").repeated(100000) << 400;
        QTest::newRow("not utf-8") << QByteArray("{\"prompt\": \"\xFF\xFE\"}") << 400;
        QTest::newRow("lone surrogate") << QByteArray("{\"prompt\": \"\\ud800\"}") << 400;
        QTest::newRow("list") << QByteArray("[]") << 422;
        QTest::newRow("number") << QByteArray("3") << 422;
        QTest::newRow("infinite") << QByteArray("{\"prompt\": \"x\", \"guidance_scale\": 1e999}") << 400;
    }
    void whatIsNoJsonIsRefused()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QCOMPARE(refusal(body.toStdString()).status, status);
    }

    void theAnswerHoldsWhatItsUsersRead()
    {
        test::FakeEngine engine;
        Request request;
        request.mode = Mode::Hires;
        request.seed = 42;
        Take take = engine.run(request, {});
        take.notes = {"The picture was decoded again in float32."};
        const std::string answer
            = generateAnswer(take, *take.find(LayerKind::Hires), "PNG bytes", {"A note."});
        const QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(answer)).object();
        QCOMPARE(QByteArray::fromBase64(json[u"image"].toString().toLatin1()), QByteArray("PNG bytes"));
        QCOMPARE(json[u"final_resolution"].toString(), QStringLiteral("128x128"));
        QCOMPARE(json[u"generation_time_seconds"].toDouble(), take.seconds);
        QCOMPARE(json[u"seed"].toInt(), 42);
        QCOMPARE(json[u"mode"].toString(), QStringLiteral("hires"));
        QCOMPARE(json[u"notes"].toArray().size(), 2);
    }
};

QTEST_GUILESS_MAIN(TestGenerateService)
#include "tst_generate_service.moc"
