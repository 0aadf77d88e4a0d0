#include "core/api/engine.h"
#include "core/api/picture_file.h"
#include "core/api/request_json.h"
#include "tests/core/pipeline/small_requests.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <fstream>
#include <memory>

using namespace studio;
using studio::testing::makeEngine;
using studio::testing::planOf;
using studio::testing::says;
using studio::testing::smallRequest;
using studio::testing::tinyModel;

/// What plans say of a request: sizes that follow from others, and settings that are not used.
class TestPlan : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_state;
    std::unique_ptr<Engine> m_engine;

private Q_SLOTS:
    void initTestCase()
    {
        m_engine = makeEngine();
        QVERIFY(m_engine);
    }

    void aTargetOfAnotherShapeIsWarnedOf()
    {
        Request request = smallRequest(Mode::Hires);
        QVERIFY(!says(planOf(*m_engine, request).warnings, "stretches"));
        request.hires.rungs[0].target = Extent{192, 96};
        const Plan plan = planOf(*m_engine, request);
        QVERIFY(says(plan.warnings, "64 × 64 and 192 × 96 are of other shapes"));
        QVERIFY(says(plan.warnings, "128 × 128 keeps its shape")); // as many pixels, on cells
        request.hires.base = Extent{128, 72};
        request.hires.rungs[0].target = Extent{184, 104}; // the nearest cells
        QVERIFY(!says(planOf(*m_engine, request).warnings, "stretches"));
    }

    void whatOneOptionGivesToTwoModesIsUsedByOne()
    {
        Request request = smallRequest(Mode::Hires);
        request.standard.size.reset();
        request.hires.rungs[0].target.reset();
        request.hires.rungs[0].scale = request.simple.scale = 2.0;
        request.hires.rungs[0].upscaler = request.simple.upscaler = "nearest";
        QVERIFY(planOf(*m_engine, request).unused.empty());
        request.mode = Mode::Simple;
        request.hires.rungs[0].steps = Rung{}.steps;
        request.models.refiner.clear();
        QVERIFY(planOf(*m_engine, request).unused.empty());
        request.hires.rungs[0].strength = 0.5;
        QCOMPARE(planOf(*m_engine, request).unused.size(), std::size_t(1));
        request.mode = Mode::Standard;
        QCOMPARE(planOf(*m_engine, request).unused.size(), std::size_t(2));
    }

    void aRefinerThatDoesNotRunIsNamed()
    {
        const auto names = [](const Plan& plan) {
            return std::ranges::count_if(plan.unused,
                [](const std::string& sentence) { return sentence.find("refiner") != std::string::npos; });
        };
        Request request;
        request.models = smallRequest(Mode::Standard).models;
        QCOMPARE(names(planOf(*m_engine, request)), 1);
        request.standard.refinerStrength = 0.5;
        QCOMPARE(names(planOf(*m_engine, request)), 2);
        request.standard.useRefiner = true;
        QCOMPARE(names(planOf(*m_engine, request)), 0);
        request = Request{.mode = Mode::Hires, .models = request.models};
        QCOMPARE(names(planOf(*m_engine, request)), 0);
        request.hires.rungs[0].model = request.models.base;
        QCOMPARE(names(planOf(*m_engine, request)), 1);
    }

    void aSecondPassSaysWhichModelItRuns()
    {
        const auto label = [this](const Request& request) {
            const Plan plan = planOf(*m_engine, request);
            const auto pass = std::ranges::find_if(plan.stages, [](const PlannedStage& stage) {
                return stage.kind == StageKind::Denoise && stage.rung == 0;
            });
            return pass == plan.stages.end() ? QString() : QString::fromStdString(pass->label);
        };
        Request request = smallRequest(Mode::Hires);
        QCOMPARE(label(request), QStringLiteral("Second pass with the refiner, 3 of 10 steps"));
        request.models.refiner.clear();
        QCOMPARE(label(request), QStringLiteral("Second pass with the base, 3 of 10 steps"));
        request.hires.rungs[0].model = tinyModel("tiny_base_v").string();
        QCOMPARE(label(request), QStringLiteral("Second pass with a model of its own, 3 of 10 steps"));
        request.hires.rungs[0].strength = 0.01;
        const std::vector<std::string> warnings = planOf(*m_engine, request).warnings;
        QCOMPARE(warnings.size(), std::size_t(1));
        QCOMPARE(QString::fromStdString(warnings.front()),
            QStringLiteral("Second pass with a model of its own: at this strength no step runs, and the "
                           "picture is left as it is."));
    }

    void aPlannedRequestAsksForNothingThatIsNotUsed()
    {
        for (const Mode mode : {Mode::Standard, Mode::Simple, Mode::Hires, Mode::Compare}) {
            Request request{.mode = mode};
            request.models.base = tinyModel("tiny_base").string();
            const Plan plan = planOf(*m_engine, request);
            const Plan again = planOf(*m_engine, plan.request);
            QVERIFY2(again.unused.empty(), again.unused.empty() ? "" : again.unused.front().c_str());
            QVERIFY(again.stages == plan.stages);
        }
        Request request = smallRequest(Mode::Standard);
        request.hires.rungs[0].model = "/no/such/model.safetensors"; // of a pass that does not run
        request.hires.rungs[0].upscaler = request.simple.upscaler = "4x-of-another-machine";
        request.hires.rungs[0].sampler = "of a later version";
        QVERIFY(std::holds_alternative<Plan>(m_engine->plan(request)));
    }

    void sizesThatFollowFromScalesAreBounded()
    {
        const auto refusal = [this](const Request& request) {
            const Outcome<Plan> plan = m_engine->plan(request);
            const Failure* failure = failureOf(plan);
            return failure && failure->kind == ErrorKind::BadInput ? failure->detail : std::string();
        };
        Request request = smallRequest(Mode::Hires);
        request.hires.base = Extent{8192, 64};
        request.hires.rungs.assign(8, Rung{.scale = 8.0});
        QVERIFY2(refusal(request).find("8192") != std::string::npos, refusal(request).c_str());
        request.mode = Mode::Simple;
        request.simple = {Extent{8192, 8192}, 8.0, "lanczos"};
        QVERIFY2(refusal(request).find("16384") != std::string::npos, refusal(request).c_str());
        // Settings of another mode harm nothing, and the request can be read back.
        request.mode = Mode::Standard;
        QVERIFY(std::holds_alternative<Request>(requestFromJson(toJson(planOf(*m_engine, request).request))));
    }

    void aPictureOfAnySizeIsTheFirstPass_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::newRow("odd") << 101 << 75;
        QTest::newRow("small") << 24 << 17;
    }
    void aPictureOfAnySizeIsTheFirstPass()
    {
        QFETCH(int, width);
        QFETCH(int, height);
        Request request = smallRequest(Mode::Simple);
        request.initPicture = m_state.filePath(QStringLiteral("first.png")).toStdString();
        const Picture8 picture{
            {width, height}, std::vector<std::uint8_t>(std::size_t(3 * width * height), 99)};
        std::ofstream(request.initPicture, std::ios::binary)
            << std::get<std::string>(encodePicture(picture, {}));
        request.simple.scale = 2.0;
        const Take enlarged = m_engine->run(request, {});
        QVERIFY(enlarged.find(LayerKind::Simple)->size == (Extent{2 * width, 2 * height}));
        QVERIFY(std::holds_alternative<Request>(requestFromJson(toJson(enlarged.plan.request))));
        request.mode = Mode::Hires;
        request.hires.rungs[0].target = Extent{152, 104};
        const Take again = m_engine->run(request, {});
        QVERIFY2(again.ending == Ending::Finished, again.failure ? again.failure->detail.c_str() : "");
        QVERIFY(again.find(LayerKind::FirstPass)->size == (Extent{width / 8 * 8, height / 8 * 8}));
        QVERIFY(again.find(LayerKind::Hires)->size == (Extent{152, 104}));
        QVERIFY(std::holds_alternative<Request>(requestFromJson(toJson(again.plan.request))));
    }
};

QTEST_GUILESS_MAIN(TestPlan)
#include "tst_plan.moc"
