#include "core/api/engine.h"
#include "core/api/infotext.h"
#include "core/api/request_json.h"
#include "tests/core/pipeline/small_requests.h"

#include <QtTest>

#include <functional>
#include <memory>

using namespace studio;
using studio::testing::makeEngine;
using studio::testing::planOf;
using studio::testing::relativeError;
using studio::testing::runBy;
using studio::testing::says;
using studio::testing::smallRequest;
using studio::testing::tensorOf;

Q_DECLARE_METATYPE(std::string)
Q_DECLARE_METATYPE(std::function<void(studio::SamplerSettings&)>)

namespace {

/// Twenty times what two right pictures may differ by.
constexpr double kClearlyOther = 20 * 1e-3;

} // namespace

/// What can be turned on a sampler and its schedule, and that it comes back from what is saved.
class TestTuning : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<Engine> m_engine;

private Q_SLOTS:
    void initTestCase()
    {
        m_engine = makeEngine();
        QVERIFY(m_engine);
    }

    void customLevelsTakeThePlaceOfTheSchedule()
    {
        Request request = smallRequest();
        request.sampling.sigmas = {10.0, 2.0, 0.5, 0.0};
        const Plan plan = planOf(*m_engine, request);
        QVERIFY(plan.stages[1].sigmas == request.sampling.sigmas);
        QCOMPARE(plan.stages[1].steps, 3);
        QVERIFY(says(plan.notes, "noise levels"));
        QCOMPARE(runBy(*m_engine, request).ending, Ending::Finished);
        request.sampling.sigmas = {1.0, 2.0};
        QVERIFY(failureOf(m_engine->plan(request)));
    }

    void whatIsTurnedOnASamplerReachesIt_data()
    {
        QTest::addColumn<std::string>("sampler");
        QTest::addColumn<std::function<void(SamplerSettings&)>>("change");
        const auto row
            = [](const char* name, const char* sampler, std::function<void(SamplerSettings&)> change) {
                  QTest::newRow(name) << std::string(sampler) << std::move(change);
              };
        row("eta", "euler_a", [](SamplerSettings& s) { s.eta = 0.5; });
        row("eta of DDIM", "ddim", [](SamplerSettings& s) { s.eta = 0.5; });
        row("noise scale", "euler_a", [](SamplerSettings& s) { s.noiseScale = 1.5; });
        row("noise scale of Brownian paths", "dpmpp_2m_sde", [](SamplerSettings& s) { s.noiseScale = 1.1; });
        row("churn", "euler", [](SamplerSettings& s) { s.churn = 5.0; });
        row("churn in a range", "heun", [](SamplerSettings& s) {
            s.churn = 5.0;
            s.churnFrom = 0.5;
            s.churnTo = 5.0;
        });
        row("seed delta", "euler_a", [](SamplerSettings& s) { s.noiseSeedDelta = 31337; });
    }
    void whatIsTurnedOnASamplerReachesIt()
    {
        QFETCH(std::string, sampler);
        QFETCH(std::function<void(SamplerSettings&)>, change);
        Request request = smallRequest();
        request.sampling.steps = 5;
        request.sampling.sampler = sampler;
        const at::Tensor before = tensorOf(runBy(*m_engine, request).finalLatent);
        change(request.sampling.tuning);
        const Take take = runBy(*m_engine, request);
        QCOMPARE(take.ending, Ending::Finished);
        QVERIFY(relativeError(tensorOf(take.finalLatent), before) > kClearlyOther);
    }

    void theSeedDeltaLeavesBrownianPathsAlone()
    {
        Request request = smallRequest();
        request.sampling.steps = 4;
        request.sampling.sampler = "dpmpp_2m_sde";
        const Take before = runBy(*m_engine, request);
        request.sampling.tuning.noiseSeedDelta = 31337;
        QVERIFY(runBy(*m_engine, request).finalLatent == before.finalLatent);
    }

    // One set of names everywhere: the engine's tables, infotext, JSON.
    void everySamplerAndScheduleGoesThroughInfotextAndJson()
    {
        const Catalog& catalog = m_engine->catalog();
        QVERIFY(catalog.samplers.size() >= 25 && catalog.schedules.size() >= 16);
        for (const CatalogEntry& sampler : catalog.samplers)
            for (const CatalogEntry& schedule : catalog.schedules) {
                Request request = smallRequest();
                request.sampling.sampler = sampler.id;
                request.sampling.schedule = schedule.id;
                const Outcome<Request> saved = requestFromJson(toJson(request));
                QVERIFY(!failureOf(saved) && std::get<Request>(saved) == request);
                const Plan plan = planOf(*m_engine, request);
                const std::string infotext = toInfotext(plan, LayerKind::Standard);
                QVERIFY2(
                    infotext.find("Sampler: " + sampler.label + ",") != std::string::npos, infotext.c_str());
                const Outcome<ImportedRequest> read = requestFromInfotext(infotext);
                QVERIFY(!failureOf(read));
                const SamplingSettings& found = std::get<ImportedRequest>(read).request.sampling;
                QCOMPARE(found.sampler, sampler.id);
                QCOMPARE(found.schedule, plan.stages[1].schedule);
            }
    }

    void automaticIsWhatA1111RunsWithTheSampler()
    {
        for (const CatalogEntry& sampler : m_engine->catalog().samplers) {
            Request request = smallRequest();
            request.sampling.sampler = sampler.id;
            request.sampling.schedule = "automatic";
            const std::string text = "x\nSteps: 20, Sampler: " + sampler.label
                + ", Schedule type: Automatic, CFG scale: 7, Seed: 1, Size: 64x64, Version: v1.10.1";
            QCOMPARE(std::get<ImportedRequest>(requestFromInfotext(text)).request.sampling.schedule,
                planOf(*m_engine, request).stages[1].schedule);
        }
    }

    void theSecondPassMayHaveASamplerAndScheduleOfItsOwn()
    {
        Request request = smallRequest();
        request.mode = Mode::Hires;
        request.sampling.sampler = "euler_a";
        request.hires.rungs[0].sampler = "dpmpp_2m_sde";
        request.hires.rungs[0].schedule = "karras";
        request.hires.rungs[0].strength = 0.5;
        const Plan plan = planOf(*m_engine, request);
        const PlannedStage& second = plan.stages[plan.stages.size() - 2];
        QCOMPARE(second.sampler, std::string("dpmpp_2m_sde"));
        QCOMPARE(second.schedule, std::string("karras"));
        QVERIFY(second.largestSigma > second.sigmas.front()); // Brownian paths go over the whole schedule
        QCOMPARE(runBy(*m_engine, request).ending, Ending::Finished);
    }

    void everySettingOfThisKindGoesThroughInfotextAndJson()
    {
        Request request = smallRequest();
        request.prompt = "a (fox:1.2)";
        request.prompts.emphasis = Emphasis::NoNorm;
        request.prompts.clipSkip = 3;
        request.sampling.sigmas = {14.5, 3.0, 0.75, 0.0};
        request.sampling.guidanceShape = {0.7, 0.1, 0.9, 2.5, true};
        request.sampling.tuning = {0.5, 1.05, 3.0, 0.25, 8.0, 31337};
        const auto read = [&] {
            return std::get<ImportedRequest>(
                requestFromInfotext(toInfotext(planOf(*m_engine, request), LayerKind::Standard)));
        };
        const ImportedRequest found = read();
        QVERIFY(found.request.prompts == request.prompts);
        QVERIFY(found.request.sampling.sigmas == request.sampling.sigmas);
        QVERIFY(found.request.sampling.guidanceShape == request.sampling.guidanceShape);
        QVERIFY(found.request.sampling.tuning == request.sampling.tuning);
        QVERIFY(std::get<Request>(requestFromJson(toJson(request))) == request);
        request.prompts = {};
        request.prompts.syntax = PromptSyntax::Plain;
        QVERIFY(read().request.prompts == request.prompts);
        request.prompts = {};
        request.prompts.emphasis = Emphasis::Comfy;
        QVERIFY(read().request.prompts == request.prompts);
    }
};

QTEST_GUILESS_MAIN(TestTuning)
#include "tst_tuning.moc"
