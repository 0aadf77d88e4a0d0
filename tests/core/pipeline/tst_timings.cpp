#include "core/pipeline/timings.h"

#include <QTemporaryDir>
#include <QtTest>

#include <array>
#include <fstream>

using namespace studio;
using pipeline::StageCost;
using pipeline::Timings;

namespace {

constexpr std::int64_t kGigabyte = 1'000'000'000;

Plan planFor(const std::string& model, Extent size)
{
    PlannedStage denoise;
    denoise.kind = StageKind::Denoise;
    denoise.model = model;
    denoise.size = size;
    denoise.evaluations = 10;
    denoise.guided = true;
    PlannedStage decode;
    decode.kind = StageKind::Decode;
    decode.model = model;
    decode.size = size;
    Plan plan;
    plan.device = "cpu";
    plan.precision = "float32";
    plan.stages = {denoise, decode};
    return plan;
}

/// Of a network that is `large` times as large as SDXL's, roughly.
std::array<StageCost, 2> costsFor(const Plan& plan, double large = 1.0)
{
    const double pixels = double(plan.stages[0].size.width) * plan.stages[0].size.height;
    return {StageCost{60e6 * pixels * large, 4e8 * large, 5 * kGigabyte + std::int64_t(1000 * pixels)},
        StageCost{10e6 * pixels * large, 6e8 * large, kGigabyte + std::int64_t(3000 * pixels)}};
}

Take takeOf(const Plan& plan, double denoise, double decode)
{
    Take take;
    take.plan = plan;
    take.stages = {{StageKind::Denoise, {}, denoise, 10, 10, 6 * kGigabyte},
        {StageKind::Decode, {}, decode, 0, 0, 7 * kGigabyte}};
    return take;
}

double never()
{
    qFatal("the machine was measured again");
}

} // namespace

/// What is said of a run before it is begun.
class TestTimings : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatNeverRanIsEstimatedFromHowFastTheMachineMultiplies()
    {
        const QTemporaryDir folder;
        Plan plan = planFor("a", {1024, 1024});
        const auto costs = costsFor(plan);
        {
            Timings timings(folder.path().toStdString());
            timings.predict(plan, costs, [] { return 1e11; });
        }
        QCOMPARE(plan.stages[0].predictedSeconds,
            costs[0].operations / 1e11 / pipeline::shareOfRate(StageKind::Denoise, true));
        QCOMPARE(plan.predictedSeconds, plan.stages[0].predictedSeconds + plan.stages[1].predictedSeconds);
        QCOMPARE(plan.stages[1].predictedPeakBytes, costs[1].bytes);
        QCOMPARE(plan.predictedPeakBytes, std::max(costs[0].bytes, costs[1].bytes));
        const Plan before = plan;
        Timings later(folder.path().toStdString());
        later.predict(plan, costs, never);
        QCOMPARE(plan.predictedSeconds, before.predictedSeconds);
    }

    void whatRanIsKnownAtEverySize()
    {
        const QTemporaryDir folder;
        const Plan ran = planFor("a", {512, 512});
        Timings(folder.path().toStdString()).learn(takeOf(ran, 40.0, 8.0), costsFor(ran));
        Timings timings(folder.path().toStdString());
        Plan same = ran;
        timings.predict(same, costsFor(same), never);
        QCOMPARE(same.stages[0].predictedSeconds, 40.0);
        QCOMPARE(same.predictedSeconds, 48.0);
        QCOMPARE(same.predictedPeakBytes, 7 * kGigabyte);
        Plan larger = planFor("a", {1024, 1024});
        timings.predict(larger, costsFor(larger), never);
        QCOMPARE(larger.stages[0].predictedSeconds, 160.0);
        // The weights stay what they are: 5 GB of the 6 do not grow with the picture.
        QCOMPARE(larger.stages[0].predictedPeakBytes, 6 * kGigabyte + 1000 * (1024 * 1024 - 512 * 512));
    }

    void aModelOfTheSameArchitectureTellsOfAnother()
    {
        Timings timings({});
        const Plan ran = planFor("a", {512, 512});
        timings.learn(takeOf(ran, 40.0, 8.0), costsFor(ran));
        Plan other = planFor("b", {512, 512});
        timings.predict(other, costsFor(other), never);
        QCOMPARE(other.predictedSeconds, 48.0);
        // Its own runs count for more, however much nearer another's were.
        const Plan own = planFor("b", {1024, 1024});
        timings.learn(takeOf(own, 80.0, 16.0), costsFor(own));
        timings.predict(other, costsFor(other), never);
        QCOMPARE(other.predictedSeconds, 24.0);
    }

    void aSmallModelTellsNothingOfALargeOne()
    {
        Timings timings({});
        const Plan ran = planFor("small", {512, 512});
        timings.learn(takeOf(ran, 1.0, 1.0), costsFor(ran, 0.001));
        Plan large = planFor("large", {512, 512});
        int measured = 0;
        timings.predict(large, costsFor(large), [&measured] {
            ++measured;
            return 1e11;
        });
        QCOMPARE(measured, 1); // for both stages
        QVERIFY(large.predictedSeconds > 100.0);
        Plan onGpu = large;
        onGpu.device = "cuda:0";
        timings.predict(onGpu, costsFor(onGpu), [&measured] {
            ++measured;
            return 1e14;
        });
        QCOMPARE(measured, 2);
    }

    void oneSlowRunDoesNotSpoilItAll()
    {
        Timings timings({});
        Plan plan = planFor("a", {512, 512});
        timings.learn(takeOf(plan, 40.0, 8.0), costsFor(plan));
        timings.learn(takeOf(plan, 80.0, 8.0), costsFor(plan));
        timings.predict(plan, costsFor(plan), never);
        QCOMPARE(plan.stages[0].predictedSeconds, 60.0);
    }

    void aRunThatWasCutOffTeachesWhatItFinished()
    {
        Timings timings({});
        Plan plan = planFor("a", {512, 512});
        Take take = takeOf(plan, 40.0, 8.0);
        take.stages.pop_back();
        timings.learn(take, costsFor(plan));
        timings.predict(plan, costsFor(plan), [] { return 1e11; });
        QCOMPARE(plan.stages[0].predictedSeconds, 40.0);
        QVERIFY(plan.stages[1].predictedSeconds != 8.0);
        timings.learn(Take{}, {}); // nothing ran at all
    }

    void aPassThatWentOnWithKnownAnswersTeachesNothingOfItsSteps()
    {
        Timings timings({});
        Plan plan = planFor("a", {512, 512});
        timings.learn(takeOf(plan, 40.0, 8.0), costsFor(plan));
        Take take = takeOf(plan, 4.0, 16.0);
        take.stages[0].evaluations = 1;
        timings.learn(take, costsFor(plan));
        timings.predict(plan, costsFor(plan), never);
        QCOMPARE(plan.stages[0].predictedSeconds, 40.0);
        QCOMPARE(plan.stages[1].predictedSeconds, 12.0);
    }

    void aFileThatCannotBeReadCostsKnowledgeAndNothingElse()
    {
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath(QStringLiteral("timings.json")).toStdString();
        for (const char* text : {"", "{", "[1, 2]", R"({"version": 1, "stages": [{"key": "x"}]})",
                 R"({"version": 2, "rates": {}, "stages": [{"kind": 7}]})"}) {
            std::ofstream(file) << text;
            Timings timings(folder.path().toStdString());
            Plan plan = planFor("a", {512, 512});
            timings.predict(plan, costsFor(plan), [] { return 1e11; });
            QVERIFY(plan.predictedSeconds > 0.0);
        }
    }
};

QTEST_GUILESS_MAIN(TestTimings)
#include "tst_timings.moc"
