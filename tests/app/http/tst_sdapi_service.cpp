#include "app/http/http_error.h"
#include "app/http/sdapi_names.h"
#include "app/http/sdapi_service.h"
#include "tests/app/fake_engine.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace studio;
using namespace studio::http;

namespace {

ModelFacts facts()
{
    test::FakeEngine engine;
    engine.hasRefiner = true;
    ModelFacts facts = std::get<ModelFacts>(learnFacts(engine, {}));
    facts.catalog.schedules.push_back({"automatic", "Automatic", ""});
    facts.catalog.schedules.push_back({"uniform", "Uniform", ""});
    facts.catalog.schedules.push_back({"exponential", "Exponential", ""});
    return facts;
}

TextToImageCall parsed(const std::string& body)
{
    return parseTextToImage(body, facts());
}

std::string refusedField(const std::string& body)
{
    try {
        parsed(body);
    } catch (const HttpError& error) {
        return std::to_string(error.status()) + " " + error.field();
    }
    return {};
}

bool noted(const TextToImageCall& call, const std::string& part)
{
    return std::any_of(call.notes.begin(), call.notes.end(),
        [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

QJsonObject object(const std::string& json)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
}

} // namespace

class TestSdapiService : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void defaultsAreThoseOfA1111ButForTheSize()
    {
        const Request request = parsed("{}").requests.front();
        QCOMPARE(request.sampling.steps, 50);
        QCOMPARE(request.sampling.guidance, 7.0);
        QCOMPARE(request.sampling.sampler, std::string("euler"));
        QCOMPARE(request.sampling.schedule, std::string("automatic"));
        QVERIFY(request.standard.size == (Extent{96, 96}));
        QVERIFY(request.mode == Mode::Standard);
        QVERIFY(request.seed);
    }

    void hiresHasA1111sMeaning()
    {
        const Request request
            = parsed(R"({"prompt": "x", "enable_hr": true, "width": 768, "height": 512, "hr_scale": 1.5,
            "denoising_strength": 0.35, "steps": 30, "hr_second_pass_steps": 25, "hr_upscaler": "Lanczos",
            "hr_prompt": "sharp", "hr_negative_prompt": "soft"})")
                  .requests.front();
        QVERIFY(request.mode == Mode::Hires);
        QVERIFY(request.hires.base == (Extent{768, 512}));
        const Rung& rung = request.hires.rungs.front();
        QVERIFY(rung.target == (Extent{1152, 768}));
        QVERIFY(rung.meaning == StrengthMeaning::A1111);
        QCOMPARE(rung.strength, 0.35);
        QCOMPARE(rung.steps, 25);
        QCOMPARE(rung.upscaler, std::string("lanczos"));
        QVERIFY(rung.prompt == std::optional<std::string>("sharp"));
        QVERIFY(rung.negativePrompt == std::optional<std::string>("soft"));
        QCOMPARE(rung.model, std::string("/models/test.safetensors"));
    }

    void hiresDefaultsAreThoseOfA1111()
    {
        const Rung rung = parsed(R"({"enable_hr": true, "steps": 20})").requests.front().hires.rungs.front();
        QCOMPARE(rung.strength, 0.75);
        QCOMPARE(rung.steps, 20);
        QVERIFY(rung.target == (Extent{128, 128}));
        QVERIFY(!rung.guidance);
    }

    void bothNamesOfTheSecondPassStepsAreRead()
    {
        const auto steps = [](const std::string& more) {
            return parsed(R"({"enable_hr": true, "steps": 20)" + more + "}")
                .requests.front()
                .hires.rungs.front()
                .steps;
        };
        QCOMPARE(steps(R"(, "hr_second_pass_steps": 9)"), 9);
        QCOMPARE(steps(R"(, "hr_steps": 8)"), 8);
        QCOMPARE(steps(R"(, "hr_second_pass_steps": 9, "hr_steps": 8)"), 9);
        QCOMPARE(steps(R"(, "hr_second_pass_steps": 0)"), 20);
    }

    void resizesKeepTheShapeOrAreTakenAsTheyAre()
    {
        const auto target = [](const std::string& more) {
            return *parsed(R"({"enable_hr": true, "width": 768, "height": 512)" + more + "}")
                        .requests.front()
                        .hires.rungs.front()
                        .target;
        };
        QVERIFY(target(R"(, "hr_resize_x": 1536)") == (Extent{1536, 1024}));
        QVERIFY(target(R"(, "hr_resize_y": 1024)") == (Extent{1536, 1024}));
        QVERIFY(target(R"(, "hr_resize_x": 1024, "hr_resize_y": 1024)") == (Extent{1024, 1024}));
        QVERIFY(target("") == (Extent{1536, 1024}));
    }

    void samplersGoByTheirNamesThere_data()
    {
        QTest::addColumn<QString>("sampler");
        QTest::addColumn<QString>("scheduler");
        QTest::addColumn<QString>("samplerId");
        QTest::addColumn<QString>("scheduleId");
        const auto row
            = [](const char* sampler, const char* scheduler, const char* id, const char* schedule) {
                  QTest::addRow("%s/%s", sampler, scheduler)
                      << QString::fromLatin1(sampler) << QString::fromLatin1(scheduler)
                      << QString::fromLatin1(id) << QString::fromLatin1(schedule);
              };
        row("Euler", "Automatic", "euler", "automatic");
        row("Euler", "", "euler", "automatic");
        row("euler", "Karras", "euler", "karras");
        row("DPM++ 2M", "Automatic", "dpmpp_2m", "automatic");
        row("DPM++ 2M Karras", "", "dpmpp_2m", "karras");
        row("DPM++ 2M Karras", "Exponential", "dpmpp_2m", "exponential");
        row("DPM++ 2M", "uniform", "dpmpp_2m", "uniform");
        row("DPM++ 2M", "model", "dpmpp_2m", "model");
    }
    void samplersGoByTheirNamesThere()
    {
        QFETCH(QString, sampler);
        QFETCH(QString, scheduler);
        QFETCH(QString, samplerId);
        QFETCH(QString, scheduleId);
        const SamplerChoice choice
            = chooseSampler(facts().catalog, sampler.toStdString(), scheduler.toStdString(), "a", "b");
        QCOMPARE(QString::fromStdString(choice.sampler), samplerId);
        QCOMPARE(QString::fromStdString(choice.schedule), scheduleId);
    }

    void samplersAreTunedAsThere()
    {
        const TextToImageCall call
            = parsed(R"({"eta": 0.5, "s_churn": 3, "s_tmin": 0.25, "s_tmax": 8, "s_noise": 1.05,
            "s_min_uncond": 2.5, "styles": ["Ink"], "override_settings": {"eta_noise_seed_delta": 31337,
            "skip_early_cond": 0.1, "s_min_uncond_all": true, "emphasis": "No norm", "sd_vae": "x"}})");
        const Request& request = call.requests.front();
        QVERIFY(request.sampling.tuning == (SamplerSettings{0.5, 1.05, 3.0, 0.25, 8.0, 31337}));
        QVERIFY(request.sampling.guidanceShape == (GuidanceSettings{0.0, 0.1, 1.0, 2.5, true}));
        QVERIFY(request.prompts.emphasis == Emphasis::NoNorm);
        QVERIFY(request.prompts.styles == (std::vector<std::string>{"Ink"}));
        QVERIFY(noted(call, "sd_vae"));
        QVERIFY(!noted(call, "eta"));
        QVERIFY(!parsed(R"({"s_tmax": 999999999})").requests.front().sampling.tuning.churnTo);
        QCOMPARE(refusedField(R"({"eta": 5})"), std::string("422 eta"));
        QCOMPARE(refusedField(R"({"styles": "Ink"})"), std::string("422 styles"));
    }

    void picturesOfACallHaveSeedsThatFollow()
    {
        const TextToImageCall call = parsed(R"({"seed": 5, "n_iter": 2, "batch_size": 3})");
        QCOMPARE(call.requests.size(), std::size_t(6));
        for (std::size_t i = 0; i < 6; ++i)
            QVERIFY(call.requests[i].seed == std::optional<std::uint64_t>(5 + i));
        QVERIFY(parsed(R"({"seed": -1})").requests.front().seed);
    }

    void whatIsNotSupportedIsNoted()
    {
        const TextToImageCall call
            = parsed(R"({"enable_hr": true, "hr_upscaler": "Latent", "restore_faces": true,
            "override_settings": {"sd_model_checkpoint": "other"}, "alwayson_scripts": {"x": {}}, "styles": [],
            "tiling": false, "subseed_strength": 0, "s_noise": 1.0, "refiner_switch_at": 0.8})");
        QVERIFY(noted(call, "hr_upscaler Latent"));
        for (const char* field :
            {"restore_faces", "override_settings", "alwayson_scripts", "refiner_switch_at"})
            QVERIFY2(noted(call, field), field);
        QCOMPARE(call.notes.size(), std::size_t(5));
    }

    void wrongFieldsAreNamed_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("refused");
        const auto row = [](const char* body, const char* refused) {
            QTest::newRow(body) << QByteArray(body) << QString::fromLatin1(refused);
        };
        row(R"({"steps": "many"})", "422 steps");
        row(R"({"steps": 0})", "422 steps");
        row(R"({"cfg_scale": true})", "422 cfg_scale");
        row(R"({"sampler_name": "Nonsense"})", "422 sampler_name");
        row(R"({"scheduler": "Nonsense"})", "422 scheduler");
        row(R"({"width": 1001})", "422 width");
        row(R"({"height": 1001})", "422 height");
        row(R"({"enable_hr": true, "width": 1001})", "422 width");
        row(R"({"enable_hr": true, "hr_scale": 0.5})", "422 hr_scale");
        row(R"({"enable_hr": true, "width": 4096, "height": 4096, "hr_scale": 4})", "422 hr_scale");
        row(R"({"enable_hr": true, "hr_upscaler": "R-ESRGAN 9x"})", "422 hr_upscaler");
        row(R"({"enable_hr": true, "hr_checkpoint_name": "/etc/passwd"})", "422 hr_checkpoint_name");
        row(R"({"enable_hr": true, "hr_sampler_name": "Nonsense"})", "422 hr_sampler_name");
        row(R"({"enable_hr": true, "denoising_strength": 2})", "422 denoising_strength");
        row(R"({"batch_size": 8, "n_iter": 8})", "422 n_iter");
        row(R"({"seed": "x"})", "422 seed");
        row(R"(nonsense)", "400 ");
    }
    void wrongFieldsAreNamed()
    {
        QFETCH(QByteArray, body);
        QFETCH(QString, refused);
        QCOMPARE(QString::fromStdString(refusedField(body.toStdString())), refused);
    }

    void theAnswerHasA1111sShape()
    {
        test::FakeEngine engine;
        const TextToImageCall call
            = parsed(R"({"prompt": "a cat", "seed": 5, "batch_size": 2, "tiling": true})");
        std::vector<Take> takes;
        for (const Request& request : call.requests)
            takes.push_back(engine.run(request, {}));
        std::vector<SentPicture> pictures;
        for (const Take& take : takes)
            pictures.push_back({&take, take.mainLayer(), "bytes"});
        const QJsonObject answer = object(textToImageAnswer(call, pictures));
        QCOMPARE(answer[u"images"].toArray().size(), 2);
        QCOMPARE(answer[u"parameters"].toObject()[u"prompt"].toString(), QStringLiteral("a cat"));
        const QJsonObject info = object(answer[u"info"].toString().toStdString());
        QCOMPARE(info[u"seed"].toInt(), 5);
        QCOMPARE(info[u"all_seeds"].toArray(), (QJsonArray{5, 6}));
        QCOMPARE(info[u"infotexts"].toArray().size(), 2);
        QVERIFY(info[u"infotexts"].toArray().first().toString().contains(QStringLiteral("Seed: 5")));
        QCOMPARE(info[u"notes"].toArray().size(), 1);
    }

    void imagesAreLeftOutOnRequest()
    {
        test::FakeEngine engine;
        const TextToImageCall call = parsed(R"({"send_images": false})");
        const Take take = engine.run(call.requests.front(), {});
        QVERIFY(object(textToImageAnswer(call, {{&take, take.mainLayer(), "bytes"}}))[u"images"]
                    .toArray()
                    .isEmpty());
    }

    void progressOfNothingAndOfSomething()
    {
        const QJsonObject idle = object(progressAnswer(nullptr, 0, false, {}));
        QCOMPARE(idle[u"progress"].toDouble(), 0.0);
        QVERIFY(idle[u"current_image"].isNull());
        QCOMPARE(idle[u"state"].toObject()[u"job_count"].toInt(), 0);
        Job::State state;
        state.allTakes = 2;
        state.finishedTakes = 1;
        state.plan.stages.resize(1);
        state.plan.stages[0].label = "Base";
        state.progress = {0, 3, 4, 0.5, 12.0};
        const QJsonObject busy = object(progressAnswer(&state, 1, true, "png"));
        QCOMPARE(busy[u"progress"].toDouble(), 0.75);
        QCOMPARE(busy[u"eta_relative"].toDouble(), 12.0);
        QCOMPARE(busy[u"textinfo"].toString(), QStringLiteral("Base"));
        QCOMPARE(busy[u"current_image"].toString(), QStringLiteral("cG5n"));
        const QJsonObject inner = busy[u"state"].toObject();
        QCOMPARE(inner[u"sampling_step"].toInt(), 3);
        QCOMPARE(inner[u"interrupted"].toBool(), true);
        QCOMPARE(inner[u"job_count"].toInt(), 3);
    }

    void listsComeFromTheCatalog()
    {
        const auto names = [](const std::string& json, const char* key) {
            QStringList found;
            for (const QJsonValue& row : QJsonDocument::fromJson(QByteArray::fromStdString(json)).array())
                found.append(row.toObject()[QLatin1String(key)].toString());
            return found;
        };
        QCOMPARE(names(samplersAnswer(facts().catalog), "name"),
            (QStringList{QStringLiteral("Euler"), QStringLiteral("DPM++ 2M")}));
        QVERIFY(names(schedulersAnswer(facts().catalog), "name").contains(QStringLiteral("karras")));
        QCOMPARE(names(upscalersAnswer(facts().catalog), "name"), QStringList{QStringLiteral("Lanczos")});
        QCOMPARE(names(modelsAnswer(facts()), "model_name"),
            (QStringList{QStringLiteral("test"), QStringLiteral("refiner")}));
        QCOMPARE(object(optionsAnswer(facts()))[u"sd_model_checkpoint"].toString(), QStringLiteral("test"));
    }

    void picturesMayComeAsDataUrls()
    {
        QCOMPARE(pictureOf(R"({"image": "cG5n"})"), std::string("png"));
        QCOMPARE(pictureOf(R"({"image": "data:image/png;base64,cG5n"})"), std::string("png"));
        QVERIFY_EXCEPTION_THROWN(pictureOf(R"({"image": "***"})"), HttpError);
        QVERIFY_EXCEPTION_THROWN(pictureOf("{}"), HttpError);
    }
};

QTEST_GUILESS_MAIN(TestSdapiService)
#include "tst_sdapi_service.moc"
