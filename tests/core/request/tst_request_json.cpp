#include "core/api/infotext.h"
#include "core/api/picture_file.h"
#include "core/api/request_json.h"

#include <QtTest>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace studio;

namespace {

/// Every field differs from its default.
Request unusual()
{
    Request request;
    request.prompt = "a \"lighthouse\",\n\u706f\u53f0 \U0001f30a \\ caf\u00e9";
    request.negativePrompt = "blurry";
    request.mode = Mode::Compare;
    request.seed = 18446744073709551615u;
    request.noise = NoiseSource::Philox;
    request.prompts = {PromptSyntax::Plain, Emphasis::Comfy, 3, {"Ink", "Fog"}};
    request.sampling = {12, 6.1, "dpmpp_2m", "karras", {14.6, 3.25, 0.0}, {0.7, 0.1, 0.9, 2.5, true},
        {0.5, 1.05, 3.0, 0.25, 8.0, 31337}};
    request.standard = {Extent{832, 1216}, true, 0.123456789012345678, StrengthMeaning::A1111};
    request.simple = {Extent{640, 512}, 1.85, "nearest"};
    Rung first;
    first.scale = 1.3333333333333333;
    Rung second;
    second.target = Extent{1536, 1024};
    second.scale = 2.0;
    second.strength = 0.78;
    second.meaning = StrengthMeaning::Sigma;
    second.steps = 9;
    second.guidance = 5.0;
    second.sampler = "euler";
    second.schedule = "uniform";
    second.upscaler = "/models/4x.safetensors";
    second.prompt = "";
    second.negativePrompt = "noise";
    second.model = "/models/refiner.safetensors";
    request.hires = {Extent{768, 512}, {first, second}};
    request.handover = Handover::EightBit;
    request.conditioning = {Extent{1, 2}, Extent{3, 4}, 5, 6, 7.5, 1.5};
    request.models = {"/models/base.safetensors", "/models/refiner", "/models/vae.safetensors"};
    request.adapters = {{}, {"ink", 0.5, 0.25, 1.5, -0.75, {1, 0, 0.5, 1, 1, 1, 1, 1, 1, 1, 1, 2}}};
    request.adapters[0].name = "/loras/fog.safetensors";
    request.execution = {"cuda:1", Precision::BFloat16};
    request.initPicture = "/pictures/first pass.png";
    request.firstPass = "/takes/one/first_pass.safetensors";
    request.faceRestoration = true;
    return request;
}

PlannedStage unusualStage()
{
    PlannedStage stage;
    stage.kind = StageKind::LoadLatent;
    stage.label = "Stored first pass";
    stage.role = ModelRole::Second;
    stage.model = "/models/x";
    stage.size = {1536, 1024};
    stage.rung = 1;
    stage.input = 2;
    stage.text = 3;
    stage.prompt = "a";
    stage.negativePrompt = "b";
    stage.parts = {{0.5, {{4, "(a:1.1)"}, {-1, "c"}}}, {-1.0 / 3.0, {{-1, ""}}}};
    stage.negativePart = {2.0, {{-1, "b"}}};
    stage.guided = true;
    stage.adapters = {{"lora", "ink", "/loras/ink.safetensors", 0.1 + 0.2, 1.5, {}, {}}};
    stage.embeddings = {{"dull", "/embeddings/dull.safetensors", "0123456789ab"}};
    stage.steps = 4;
    stage.evaluations = 5;
    stage.sigmas = {0.78, 0.1 + 0.2, 0.0};
    stage.timesteps = {281.5, 1.0 / 7.0};
    stage.initialScale = 0.7;
    stage.largestSigma = 14.6;
    stage.smallestSigma = 0.0292;
    stage.guidance = 6.5;
    stage.sampler = "euler";
    stage.schedule = "karras";
    stage.upscaler = "lanczos";
    stage.layer = LayerKind::Upscaled;
    stage.predictedSeconds = 0.1;
    stage.predictedPeakBytes = 99;
    return stage;
}

Request read(const std::string& text)
{
    const Outcome<Request> outcome = requestFromJson(text);
    if (const Failure* failure = failureOf(outcome))
        qWarning("%s", failure->detail.c_str());
    return failureOf(outcome) ? Request{} : std::get<Request>(outcome);
}

/// Every field with its value; of a list of objects the last.
QMap<QString, QJsonValue> leavesOf(const QJsonValue& value, const QString& path = {})
{
    if (value.isArray() && value.toArray().last().isObject())
        return leavesOf(value.toArray().last(), path);
    if (!value.isObject())
        return {{path, value}};
    QMap<QString, QJsonValue> leaves;
    const QJsonObject object = value.toObject();
    for (auto field = object.begin(); field != object.end(); ++field)
        leaves.insert(leavesOf(field.value(), path + QLatin1Char('.') + field.key()));
    return leaves;
}

QJsonObject objectOf(const Request& request)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(toJson(request))).object();
}

} // namespace

class TestRequestJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everythingComesBack()
    {
        QVERIFY(read(toJson(unusual())) == unusual());
        QVERIFY(read(toJson(unusual(), 2)) == unusual());
        QVERIFY(read(toJson(Request{})) == Request{});
    }

    void everyFieldTakesPartInThisTest()
    {
        Request request;
        request.adapters.resize(1); // of a list that is usually empty, one without settings of its own
        const QMap<QString, QJsonValue> usual = leavesOf(objectOf(request));
        const QMap<QString, QJsonValue> changed = leavesOf(objectOf(unusual()));
        QCOMPARE(changed.keys(), usual.keys());
        for (auto field = usual.begin(); field != usual.end(); ++field)
            QVERIFY2(field.key() == QStringLiteral(".version") || changed[field.key()] != field.value(),
                qPrintable(field.key()));
    }

    void theTextIsAscii()
    {
        // EXIF's ImageDescription holds nothing else.
        const std::string text = toJson(unusual());
        QVERIFY(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; }));
    }

    void missingFieldsTakeTheirDefaults()
    {
        const Request request
            = read(R"({"prompt": "x", "hires": {"rungs": [{"strength": 0.5}, {}]}, "seed": null})");
        Request expected;
        expected.prompt = "x";
        expected.hires.rungs.resize(2);
        expected.hires.rungs[0].strength = 0.5;
        QVERIFY(request == expected);
    }

    void onlyPresentFieldsChangeOtherDefaults()
    {
        const Outcome<Request> outcome = requestFromJson(
            R"({"sampling": {"steps": 3}, "hires": {"rungs": [{"guidance": null}, {"steps": 4}]}})",
            unusual());
        Request expected = unusual();
        expected.sampling.steps = 3;
        expected.hires.rungs[1].steps = 4;
        QVERIFY(std::get<Request>(outcome) == expected);
        const Outcome<Request> emptied
            = requestFromJson(R"({"seed": null, "standard": {"size": null}})", unusual());
        QVERIFY(!std::get<Request>(emptied).seed);
        QVERIFY(!std::get<Request>(emptied).standard.size);
    }

    void whatIsWrongIsNamed_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("beginning");
        const auto row = [](const char* text, const char* beginning) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(beginning);
        };
        row(R"({"promt": "x"})", "promt: There is no such field");
        row(R"({"hires": {"rungs": [{}, {"step": 3}]}})", "hires.rungs[1].step: There is no such field");
        row(R"({"prompt": 7})", "prompt: This must be a text");
        row(R"({"prompt": null})", "prompt: This must be a text");
        row(R"({"sampling": {"steps": "30"}})", "sampling.steps: This must be a whole number");
        row(R"({"sampling": {"steps": 30.5}})", "sampling.steps: This must be a whole number");
        row(R"({"sampling": {"steps": 99999999999}})", "sampling.steps: The number is far");
        row(R"({"sampling": {"steps": 2000}})",
            "sampling.steps: The number must lie between 1 and 1000; it is 2000.");
        row(R"({"sampling": []})", "sampling: This must be an object");
        row(R"({"sampling": {"guidance": NaN}})", "The request is no JSON");
        row(R"({"sampling": {"guidance": 1e999}})", "The request holds a number");
        row(R"({"seed": -1})", "seed: This must be a whole number from 0");
        row(R"({"seed": 1.5})", "seed: This must be a whole number from 0");
        row(R"({"mode": "hi-res"})", "mode: This must be one of standard, simple, hires, compare.");
        row(R"({"standard": {"size": [1024]}})", "standard.size: This must be [width, height]");
        row(R"({"standard": {"size": [1024, "x"]}})", "standard.size: This must be [width, height]");
        row(R"({"standard": {"size": [1e5, 8]}})", "standard.size: This must be [width, height]");
        row(R"({"standard": {"size": [1000, 1001]}})", "standard.size: Both sides");
        row(R"({"standard": {"use_refiner": 1}})", "standard.use_refiner: This must be true or false");
        row(R"({"hires": {"rungs": {}}})", "hires.rungs: This must be a list");
        row(R"({"hires": {"rungs": [1]}})", "hires.rungs[0]: This must be an object");
        row(R"({"hires": {"rungs": []}})", "hires.rungs: The list must have");
        row(R"({"version": 2})", "version: The request was written by a newer version");
        row(R"({"version": "1"})", "version: This must be 1");
        row(R"({"sampling": {"version": 1}})", "sampling.version: There is no such field");
        row("[]", "A request is a JSON object");
        row("", "The request is no JSON");
        row("{\"prompt\": \"", "The request is no JSON");
    }
    void whatIsWrongIsNamed()
    {
        QFETCH(QString, text);
        QFETCH(QString, beginning);
        const Outcome<Request> outcome = requestFromJson(text.toStdString());
        QVERIFY(failureOf(outcome));
        QVERIFY(failureOf(outcome)->kind == ErrorKind::BadInput);
        const QString detail = QString::fromStdString(failureOf(outcome)->detail);
        QVERIFY2(detail.startsWith(beginning) && detail.endsWith(QLatin1Char('.')), qPrintable(detail));
    }

    void depthIsNoDanger()
    {
        QVERIFY(failureOf(requestFromJson(std::string(1'000'000, '['))));
        QVERIFY(failureOf(requestFromJson(std::string(300'000, '[') + std::string(300'000, ']'))));
    }

    void invalidTextInARequestStaysJson()
    {
        Request request;
        request.prompt = "\xFF";
        QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(toJson(request))).isObject());
    }

    void aPlanIsWrittenWhole()
    {
        Plan plan;
        plan.request = unusual();
        plan.device = "cpu";
        plan.warnings = {"Careful."};
        PlannedStage stage;
        stage.kind = StageKind::Denoise;
        stage.role = ModelRole::Second;
        stage.size = {1536, 1024};
        stage.steps = 2;
        stage.sigmas = {0.78, 0.4, 0.0};
        stage.layer = LayerKind::Hires;
        plan.stages = {stage, PlannedStage{}};
        const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(toJson(plan))).object();
        const QJsonObject written = object[QStringLiteral("stages")][0].toObject();
        QCOMPARE(written[QStringLiteral("kind")].toString(), QStringLiteral("denoise"));
        QCOMPARE(written[QStringLiteral("role")].toString(), QStringLiteral("second"));
        QCOMPARE(written[QStringLiteral("layer")].toString(), QStringLiteral("hires"));
        QCOMPARE(written[QStringLiteral("sigmas")][0].toDouble(), 0.78);
        QCOMPARE(written[QStringLiteral("size")].toArray(), (QJsonArray{1536, 1024}));
        QVERIFY(object[QStringLiteral("stages")][1][QStringLiteral("layer")].isNull());
        QCOMPARE(object[QStringLiteral("warnings")][0].toString(), QStringLiteral("Careful."));
        QCOMPARE(
            object[QStringLiteral("request")][QStringLiteral("mode")].toString(), QStringLiteral("compare"));
    }

    void aPlanComesBack()
    {
        Plan plan;
        plan.request = unusual();
        plan.unused = {"One."};
        plan.warnings = {"Careful."};
        plan.notes = {"Two.", "Three."};
        plan.device = "cuda:1";
        plan.precision = "bfloat16";
        plan.predictedSeconds = 1.0 / 3.0;
        plan.predictedPeakBytes = 123456789012;
        plan.adapters
            = {{"lora", "ink", "/loras/ink.safetensors", 0.25, 0.1 + 0.2, {1.0, 0.5}, "0123456789ab"}};
        plan.stages = {unusualStage(), PlannedStage{}};
        QVERIFY(std::get<Plan>(planFromJson(toJson(plan))) == plan);
        QVERIFY(std::get<Plan>(planFromJson(toJson(plan, 2))) == plan);
        QVERIFY(std::get<Plan>(planFromJson(toJson(Plan{}))) == Plan{});
    }

    void whatIsNoPlanIsRefused()
    {
        std::string newer = toJson(Plan{});
        newer.replace(newer.find("\"version\":1"), 11, "\"version\":9");
        for (const std::string& text : {std::string(), std::string("{}"), std::string("[1]"), newer})
            QVERIFY(failureOf(planFromJson(text)));
        QVERIFY(failureOf(planFromJson(newer))->detail.find("newer") != std::string::npos);
    }

    void aRequestSurvivesAPicture_data()
    {
        QTest::addColumn<int>("format");
        QTest::newRow("PNG") << int(PictureFormat::Png);
        QTest::newRow("JPEG") << int(PictureFormat::Jpeg);
        QTest::newRow("WebP") << int(PictureFormat::WebP);
    }
    void aRequestSurvivesAPicture()
    {
        QFETCH(int, format);
        Take take;
        take.plan.request = unusual();
        const Layer layer{LayerKind::Hires, {8, 8}, nullptr, nullptr, 0.0};
        const PictureMetadata metadata = metadataFor(take, layer);
        const Picture8 picture{{8, 8}, std::vector<std::uint8_t>(3 * 64, 90)};
        const auto bytes = std::get<std::string>(
            encodePicture(picture, metadata, {.format = static_cast<PictureFormat>(format)}));
        const QTemporaryDir folder;
        const auto path = std::get<std::filesystem::path>(
            writeNewFile(folder.filePath(QStringLiteral("picture")).toStdString(), bytes));
        const auto loaded = std::get<PictureMetadata>(loadPictureMetadata(path));
        Request kept = unusual();
        kept.firstPass.clear(); // where a first pass lay on one machine is no part of a picture
        QVERIFY(read(loaded.requestJson) == kept);
        QCOMPARE(loaded.parameters, toInfotext(take.plan, LayerKind::Hires));
    }

    void layersOfATakeAreFound()
    {
        Take take;
        QVERIFY(!take.mainLayer());
        take.layers = {Layer{LayerKind::FirstPass, {}, {}, {}, 0}, Layer{LayerKind::Upscaled, {}, {}, {}, 0}};
        QVERIFY(take.mainLayer()->kind == LayerKind::Upscaled);
        take.layers.push_back(Layer{LayerKind::Simple, {}, {}, {}, 0});
        take.layers.insert(take.layers.begin(), Layer{LayerKind::Standard, {}, {}, {}, 0});
        QVERIFY(take.mainLayer()->kind == LayerKind::Simple);
        take.layers.insert(take.layers.begin(), Layer{LayerKind::Hires, {}, {}, {}, 0});
        QVERIFY(take.mainLayer()->kind == LayerKind::Hires);
        QVERIFY(take.find(LayerKind::Standard));
        QCOMPARE(layerId(LayerKind::FirstPass), std::string("first_pass"));
        QCOMPARE(modeId(Mode::Hires), std::string("hires"));
    }
};

QTEST_GUILESS_MAIN(TestRequestJson)
#include "tst_request_json.moc"
