#include "core/api/engine.h"
#include "core/request/infotext_names.h"
#include "core/weights/format/safetensors.h"
#include "tests/core/pipeline/small_requests.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <memory>

using namespace studio;
using studio::testing::makeEngine;
using studio::testing::planOf;
using studio::testing::smallOptions;
using studio::testing::smallRequest;
using studio::testing::tinyModel;

namespace {

namespace fs = std::filesystem;

/// Overwrites part of a weight file's data with bytes that are NaN in float32.
void poison(const fs::path& file)
{
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(-64 * 1024, std::ios::end);
    const std::string bytes(64 * 1024, char(0xff));
    stream.write(bytes.data(), std::streamsize(bytes.size()));
}

/// Makes the first convolution of a UNet stored in float32 so large that float16 does not hold its sums.
void enlargeFirstConvolution(const fs::path& file)
{
    const SafetensorsFile weights(file);
    const SafetensorsEntry& entry = *weights.header().find("conv_in.weight");
    const std::vector<float> values((entry.end - entry.begin) / sizeof(float), 2e4f);
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(std::streamoff(weights.header().dataStart + entry.begin));
    stream.write(reinterpret_cast<const char*>(values.data()), std::streamsize(entry.end - entry.begin));
}

} // namespace

class TestEngine : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_state;
    std::unique_ptr<Engine> m_engine;

    static std::vector<StageKind> kinds(const Plan& plan)
    {
        std::vector<StageKind> out;
        for (const PlannedStage& stage : plan.stages)
            out.push_back(stage.kind);
        return out;
    }

    static std::vector<LayerKind> layers(const Take& take)
    {
        std::vector<LayerKind> out;
        for (const Layer& layer : take.layers)
            out.push_back(layer.kind);
        return out;
    }

private Q_SLOTS:
    void initTestCase()
    {
        EngineOptions options = smallOptions();
        options.state = m_state.path().toStdString();
        m_engine = makeEngine(options);
        QVERIFY(m_engine);
    }

    void aRunTakesAsManyThreadsAsItIsTold()
    {
        const int own = m_engine->report().threads;
        JobContext context;
        context.threads = own + 1;
        int planned = 0;
        int used = 0;
        context.planned = [&](const Plan& plan) {
            planned = plan.threads;
            used = at::get_num_threads();
        };
        QCOMPARE(m_engine->run(smallRequest(Mode::Standard), context).plan.threads, own + 1);
        QCOMPARE(planned, own + 1);
        QCOMPARE(used, own + 1);
        QCOMPARE(m_engine->run(smallRequest(Mode::Standard), {}).plan.threads, own);
        QCOMPARE(planOf(*m_engine, smallRequest(Mode::Standard)).threads, own);
    }

    void theCatalogHoldsTheTables()
    {
        const Catalog& catalog = m_engine->catalog();
        QVERIFY(!catalog.samplers.empty() && !catalog.schedules.empty() && !catalog.upscalers.empty());
        QCOMPARE(catalog.devices.front().id, std::string("cpu"));
        for (const CatalogEntry& upscaler : catalog.upscalers) {
            const InfotextName* name = nameOf(infotextUpscalers(), upscaler.label);
            QVERIFY2(name && name->id == upscaler.id, upscaler.id.c_str());
        }
    }

    void honestStrength()
    {
        Request request = smallRequest(Mode::Hires);
        request.hires.rungs[0].steps = 25;
        const Plan plan = planOf(*m_engine, request);
        const PlannedStage& second = plan.stages[plan.stages.size() - 2];
        QVERIFY(second.kind == StageKind::Denoise);
        QCOMPARE(second.steps, 8);
        QCOMPARE(int(second.timesteps.front()), 281);
        QVERIFY(std::abs(second.sigmas.front() - 0.779) < 1e-3);
        request.hires.rungs[0].meaning = StrengthMeaning::A1111;
        request.hires.rungs[0].schedule = "uniform";
        const Plan other = planOf(*m_engine, request);
        const PlannedStage& longer = other.stages[other.stages.size() - 2];
        QCOMPARE(longer.steps, 25);
        QVERIFY(std::abs(longer.sigmas.front() - 0.9627) < 1e-3);
    }

    void modesAreRecipes()
    {
        using enum StageKind;
        QVERIFY(kinds(planOf(*m_engine, smallRequest(Mode::Standard)))
            == (std::vector{EncodeText, Denoise, Decode}));
        QVERIFY(kinds(planOf(*m_engine, smallRequest(Mode::Simple)))
            == (std::vector{EncodeText, Denoise, Decode, Upscale}));
        QVERIFY(kinds(planOf(*m_engine, smallRequest(Mode::Hires)))
            == (std::vector{EncodeText, EncodeText, Denoise, Decode, Upscale, EncodeImage, Denoise, Decode}));
        // Compare makes the first pass once, for simple and hires alike.
        QVERIFY(kinds(planOf(*m_engine, smallRequest(Mode::Compare)))
            == (std::vector{EncodeText, EncodeText, Denoise, Decode, Denoise, Decode, Upscale, Upscale,
                EncodeImage, Denoise, Decode}));
    }

    void networksEnlargeWhereTheyAreNamed()
    {
        const fs::path network = fs::path(STUDIO_SOURCE_DIR) / "tests/oracle/upscale/present_x2.safetensors";
        Request request = smallRequest(Mode::Hires);
        request.hires.rungs[0].upscaler = network.string();
        const Plan plan = planOf(*m_engine, request);
        QCOMPARE(plan.stages[4].model, network.string());
        QCOMPARE(plan.stages[4].size, (Extent{96, 96}));
        const Take take = m_engine->run(request, {});
        QVERIFY2(take.ending == Ending::Finished, take.failure ? take.failure->detail.c_str() : "");
        const Picture8 enlarged = *take.find(LayerKind::Upscaled)->picture;
        request.hires.rungs[0].upscaler = "lanczos";
        QVERIFY(*m_engine->run(request, {}).find(LayerKind::Upscaled)->picture != enlarged);
        // What it took is known from then on.
        request.hires.rungs[0].upscaler = network.string();
        QVERIFY(planOf(*m_engine, request).stages[4].predictedSeconds > 0.0);
    }

    void upscalersThatDoNotExistAreRefusedBeforeAnythingRuns()
    {
        Request request = smallRequest(Mode::Simple);
        request.simple.upscaler = "4x-UltraSharp";
        const Outcome<Plan> plan = m_engine->plan(request);
        const Failure* failure = failureOf(plan);
        QVERIFY(failure);
        QCOMPARE(failure->kind, ErrorKind::BadInput);
        QVERIFY(failure->detail.find("there are: lanczos, nearest") != std::string::npos);
    }

    void settingsThatDoNotApplyAreNamed()
    {
        const Plan plan = planOf(*m_engine, smallRequest(Mode::Hires));
        QVERIFY(!plan.unused.empty());
        Request plain;
        plain.mode = Mode::Hires;
        plain.models.base = tinyModel("tiny_base").string();
        QVERIFY(planOf(*m_engine, plain).unused.empty());
        plain.standard.useRefiner = true;
        QCOMPARE(planOf(*m_engine, plain).unused.size(), std::size_t(1));
    }

    void severalRungsClimbOneAfterTheOther()
    {
        Request request = smallRequest(Mode::Hires);
        Rung next = request.hires.rungs[0];
        next.target.reset();
        next.scale = 1.5;
        request.hires.rungs.push_back(next);
        const Take take = m_engine->run(request, {});
        QVERIFY(take.ending == Ending::Finished);
        QVERIFY(take.find(LayerKind::Hires)->size == (Extent{144, 144}));
    }

    void compareLeavesAllItsLayers()
    {
        using enum LayerKind;
        const Take take = m_engine->run(smallRequest(Mode::Compare), {});
        QVERIFY(take.ending == Ending::Finished);
        QVERIFY(layers(take) == (std::vector{Standard, FirstPass, Simple, Upscaled, Hires}));
        const Take alone = m_engine->run(smallRequest(Mode::Hires), {});
        QVERIFY(*alone.find(Hires)->picture == *take.find(Hires)->picture);
    }

    void progressNeverFallsAndEndsAtOne()
    {
        double last = 0.0;
        int previews = 0;
        JobContext context;
        bool falling = false;
        context.report = [&](const Progress& progress) {
            falling |= progress.fraction < last - 1e-9;
            last = progress.fraction;
        };
        context.preview = [&](const Preview& preview) {
            ++previews;
            QVERIFY(preview.picture.size.width == 8 || preview.picture.size.width == 12);
        };
        const Take take = m_engine->run(smallRequest(Mode::Hires), context);
        QVERIFY(take.ending == Ending::Finished);
        QVERIFY(!falling);
        QVERIFY(std::abs(last - 1.0) < 1e-6);
        int steps = 0;
        for (const StageRecord& stage : take.stages)
            steps += stage.steps;
        QCOMPARE(previews, steps);
    }

    void cancelInTheSecondPassKeepsTheFirst()
    {
        std::stop_source source;
        JobContext context;
        context.stop = source.get_token();
        context.preview = [&](const Preview& preview) {
            if (preview.stage > 5)
                source.request_stop();
        };
        const Take take = m_engine->run(smallRequest(Mode::Hires), context);
        QVERIFY(take.ending == Ending::Cancelled);
        QVERIFY(take.find(LayerKind::FirstPass) && take.find(LayerKind::Upscaled));
        QVERIFY(!take.find(LayerKind::Hires));
        QVERIFY(!take.firstPassLatent.values.empty());
    }

    void aFailureInTheSecondPassKeepsTheFirst()
    {
        QTemporaryDir folder;
        const fs::path copy = fs::path(folder.path().toStdString()) / "refiner";
        fs::copy(tinyModel("tiny_refiner"), copy, fs::copy_options::recursive);
        for (const auto& entry : fs::directory_iterator(copy / "unet"))
            if (entry.path().extension() == ".safetensors")
                poison(entry.path());
        Request request = smallRequest(Mode::Hires);
        request.models.refiner = copy.string();
        const Take take = m_engine->run(request, {});
        QVERIFY(take.ending == Ending::Failed);
        QVERIFY(take.failure->detail.find("not finite") != std::string::npos);
        QVERIFY(take.find(LayerKind::FirstPass));
    }

    void aPassThatOverflowsIsRunAgainInFloat32()
    {
        QTemporaryDir folder;
        const fs::path copy = fs::path(folder.path().toStdString()) / "base";
        fs::copy(tinyModel("tiny_base"), copy, fs::copy_options::recursive);
        Request request = smallRequest(Mode::Standard);
        request.execution.precision = Precision::Float16;
        request.models.base = copy.string();
        QVERIFY(m_engine->run(request, {}).notes.empty());
        // A file that changes while the program is open is read again.
        enlargeFirstConvolution(copy / "unet" / "diffusion_pytorch_model.safetensors");
        const Take take = m_engine->run(request, {});
        QVERIFY2(take.ending == Ending::Finished, take.failure ? take.failure->detail.c_str() : "");
        QCOMPARE(take.notes,
            std::vector<std::string>{
                "Base, 4 steps: the numbers overflowed in float16; the pass was run again in float32."});
        QCOMPARE(take.stages[1].evaluations, 4);
    }

    void countMakesTheSamePicturesAsSeedsAlone()
    {
        Request request = smallRequest(Mode::Standard);
        std::vector<Take> row;
        for (std::uint64_t seed = 5; seed < 8; ++seed) {
            request.seed = seed;
            row.push_back(m_engine->run(request, {}));
        }
        request.seed = 6;
        m_engine->releaseModels();
        QVERIFY(*m_engine->run(request, {}).mainLayer()->picture == *row[1].mainLayer()->picture);
    }

    void plansLearnFromRuns()
    {
        const Request request = smallRequest(Mode::Standard);
        const std::unique_ptr<Engine> fresh = makeEngine();
        const Plan estimated = planOf(*fresh, request);
        QVERIFY(estimated.predictedSeconds > 0.0);
        QVERIFY(estimated.predictedPeakBytes > 0);
        fresh->run(request, {});
        QVERIFY(planOf(*fresh, request).predictedSeconds != estimated.predictedSeconds);
        m_engine->run(request, {});
        EngineOptions options;
        options.vocabulary = STUDIO_VOCABULARY;
        options.state = m_state.path().toStdString();
        const std::unique_ptr<Engine> later = makeEngine(options);
        QVERIFY(std::get<Plan>(later->plan(request)).predictedSeconds > 0.0);
    }

    void memoryGrowsWithThePixelsAndAPlanThatDoesNotFitSaysSo()
    {
        const QTemporaryDir state;
        EngineOptions options = smallOptions();
        options.state = state.path().toStdString();
        std::unique_ptr<Engine> engine = makeEngine(options);
        Request request = smallRequest(Mode::Standard);
        engine->run(request, {});
        const auto planned = [&engine, &request] { return std::get<Plan>(engine->plan(request)); };
        const std::int64_t known = planned().stages.back().predictedPeakBytes;
        QVERIFY(known > 0);
        request.standard.size = Extent{128, 128};
        const std::int64_t larger = planned().stages.back().predictedPeakBytes;
        QVERIFY(larger > known && larger < 2 * known); // the process itself stays as large as it is
        QVERIFY(planned().warnings.empty());

        QFile file(state.filePath(QStringLiteral("timings.json")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QJsonObject root = QJsonDocument::fromJson(file.readAll()).object();
        file.close();
        QJsonArray rows = root[QStringLiteral("stages")].toArray();
        for (QJsonValueRef row : rows) {
            QJsonObject entry = row.toObject();
            entry[QStringLiteral("peak_bytes")] = qint64(1) << 47; // 141 TB
            row = entry;
        }
        root[QStringLiteral("stages")] = rows;
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(QJsonDocument(root).toJson());
        file.close();
        engine = makeEngine(options);
        request.standard.size = Extent{64, 64};
        QCOMPARE(planned().warnings.size(), std::size_t(1));
        QVERIFY(planned().warnings.front().find("up to 140737 GB") != std::string::npos);
    }

    void wrongModelsAreRefusedWithASentence()
    {
        Request request = smallRequest(Mode::Standard);
        std::swap(request.models.base, request.models.refiner);
        const Outcome<Plan> plan = m_engine->plan(request);
        QVERIFY(failureOf(plan));
        QVERIFY(failureOf(plan)->kind == ErrorKind::UnsupportedModel);
        QVERIFY(failureOf(plan)->detail.find("refiner") != std::string::npos);
        request.models.base = "/no/such/model.safetensors";
        QVERIFY(failureOf(m_engine->plan(request))->kind == ErrorKind::FileMissing);
    }

    void aDeviceThatIsNotHereIsRefused()
    {
        Request request = smallRequest(Mode::Standard);
        request.execution.device = "cuda:120";
        QVERIFY(failureOf(m_engine->plan(request))->kind == ErrorKind::BadInput);
        request.execution.device = "toaster";
        QVERIFY(failureOf(m_engine->plan(request))->detail.find("cuda:") != std::string::npos);
    }

    void textThatDoesNotFitIsSaid()
    {
        Request request = smallRequest(Mode::Standard);
        for (int i = 0; i < 100; ++i)
            request.prompt += " mountain";
        QVERIFY(planOf(*m_engine, request).warnings.empty()); // any length is read
        request.prompts.syntax = PromptSyntax::Plain;
        QCOMPARE(planOf(*m_engine, request).warnings.size(), std::size_t(1));
        QCOMPARE(std::get<int>(m_engine->countTokens(request.models.base, "a red fox")), 3);
    }
};

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
