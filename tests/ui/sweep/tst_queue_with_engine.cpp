// The queue with the real engine and the built-in model. Sizes and steps are small: what is judged is what runs.
#include "core/api/take_store.h"
#include "studio_under_test.h"
#include "studio_with_engine.h"
#include "ui/jobs/queue_runner.h"
#include "ui/jobs/starred_hires.h"
#include "ui/jobs/sweep_reader.h"
#include "ui/jobs/sweep_run.h"

#include <QSignalSpy>
#include <QTest>

using namespace studio;
using namespace studio::ui;
using studio::test::StudioWithEngine;
using studio::test::waitUntil;

namespace {

constexpr int kPatience = 240000; // milliseconds; generous, for machines with much else to do

Request draft(std::uint64_t seed)
{
    Request request;
    request.mode = Mode::Standard;
    request.prompt = "a calm lake with snowy mountains by day";
    request.seed = seed;
    request.sampling.steps = 4;
    request.standard.size = Extent{96, 96};
    request.hires.base = Extent{96, 96};
    request.hires.rungs.front().target = Extent{160, 160};
    request.hires.rungs.front().strength = 0.5;
    request.hires.rungs.front().steps = 6;
    return request;
}

/// Calls of the UNet.
struct Evaluations {
    int first = 0;  ///< in first passes
    int second = 0; ///< in second ones
};

Evaluations evaluationsOf(const Take& take)
{
    Evaluations sum;
    for (std::size_t i = 0; i < take.stages.size(); ++i)
        (take.plan.stages[i].rung < 0 ? sum.first : sum.second) += take.stages[i].evaluations;
    return sum;
}

const Picture8& pictureOf(const Take& take)
{
    return *take.mainLayer()->picture;
}

} // namespace

class TestQueueWithEngine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void starredDraftsGetTheirSecondPassAlone();
    void aDraftWhoseFirstPassIsGoneIsRunAsAWhole();
    void aSweepRunsTheFirstPassOnce();
    void aSweepFromAStoredFirstPassDoesNotRunIt();
    void aSheetIsOpenedAgainAfterARestart();

private:
    std::shared_ptr<const Take> run(const Request& request);
    std::shared_ptr<TakeStore> store();
    void hiresTheStarred(SecondPasses& passes);

    std::unique_ptr<StudioWithEngine> m_studio;
    std::vector<std::shared_ptr<const Take>> m_made; ///< by the queue
};

void TestQueueWithEngine::initTestCase()
{
    m_studio = std::make_unique<StudioWithEngine>();
    QVERIFY(m_studio->open());
    connect(&m_studio->controller.queue(), &QueueRunner::made, this,
        [this](std::uint64_t, const std::shared_ptr<const Take>& take) { m_made.push_back(take); });
}

std::shared_ptr<const Take> TestQueueWithEngine::run(const Request& request)
{
    std::shared_ptr<const Take> made;
    const auto listening = connect(&m_studio->controller, &StudioController::takeFinished, this,
        [&](const std::shared_ptr<const Take>& take) { made = take; });
    m_studio->controller.run(request);
    m_studio->waitForEnd(kPatience);
    disconnect(listening);
    return made;
}

std::shared_ptr<TakeStore> TestQueueWithEngine::store()
{
    return std::get<std::shared_ptr<TakeStore>>(openTakeStore({m_studio->controller.takesFolder()}));
}

void TestQueueWithEngine::hiresTheStarred(SecondPasses& passes)
{
    m_made.clear();
    StarredHires starred(m_studio->controller);
    bool heard = false;
    connect(&starred, &StarredHires::added, this, [&](const SecondPasses& added) {
        passes = added;
        heard = true;
    });
    starred.start();
    QVERIFY(waitUntil([&] { return heard; }, kPatience));
    QueueRunner& queue = m_studio->controller.queue();
    QVERIFY(waitUntil([&] { return !queue.isRunning() && !queue.list().firstWaiting(); }, kPatience));
    QVERIFY(queue.list().entries().empty());
}

void TestQueueWithEngine::starredDraftsGetTheirSecondPassAlone()
{
    QVERIFY(evaluationsOf(*run(draft(7))).first > 0);
    run(draft(8));
    run(draft(9));
    const auto takes = std::get<std::vector<TakeSummary>>(store()->list());
    QCOMPARE(takes.size(), std::size_t{3});
    store()->star(takes[0].id, true); // seeds 9 and 7: the newest stands first
    store()->star(takes[2].id, true);

    m_studio->controller.state().setRequest(draft(1234));
    SecondPasses passes;
    hiresTheStarred(passes);
    QCOMPARE(passes.fromStored, 2);
    QCOMPARE(passes.whole, 0);
    QCOMPARE(m_made.size(), std::size_t{2});
    QCOMPARE(m_made[0]->plan.request.seed.value_or(0), std::uint64_t{7});
    QCOMPARE(m_made[1]->plan.request.seed.value_or(0), std::uint64_t{9});
    for (const auto& take : m_made) {
        QCOMPARE(evaluationsOf(*take).first, 0);
        QVERIFY(evaluationsOf(*take).second > 0);
        QCOMPARE(pictureOf(*take).size, (Extent{160, 160}));
    }
    // What a whole run would have made, to the last bit.
    Request whole = draft(7);
    whole.mode = Mode::Hires;
    const auto fromStart = run(whole);
    QVERIFY(evaluationsOf(*fromStart).first > 0);
    QVERIFY(pictureOf(*fromStart) == pictureOf(*m_made[0]));

    hiresTheStarred(passes); // once more: it is there already
    QCOMPARE(passes.done, 2);
    QVERIFY(m_made.empty());
}

void TestQueueWithEngine::aDraftWhoseFirstPassIsGoneIsRunAsAWhole()
{
    run(draft(21));
    const auto takes = std::get<std::vector<TakeSummary>>(store()->list());
    for (const TakeSummary& take : takes)
        store()->star(take.id, take.id == takes.front().id);
    const StoredTake stored = std::get<StoredTake>(store()->read(takes.front().id));
    QVERIFY(std::filesystem::remove(stored.firstPass));
    SecondPasses passes;
    hiresTheStarred(passes);
    QCOMPARE(passes.whole, 1);
    QVERIFY(secondPassesInWords(passes).contains(QStringLiteral("as a whole")));
    QCOMPARE(m_made.size(), std::size_t{1});
    QVERIFY(evaluationsOf(*m_made[0]).first > 0);
    QCOMPARE(m_made[0]->plan.request.seed.value_or(0), std::uint64_t{21});
}

void TestQueueWithEngine::aSweepRunsTheFirstPassOnce()
{
    m_made.clear();
    SweepSetup setup{sweepStart(draft(31)),
        {{findSweepAxis(QStringLiteral("strength")), {{0.4, {}}, {0.8, {}}}},
            {findSweepAxis(QStringLiteral("sampler")), {{0.0, "euler"}, {0.0, "dpmpp_2m"}}}}};
    SweepRun sweep(setup, m_studio->controller);
    QVERIFY(waitUntil([&] { return sweep.count(SweepState::Done) == 4; }, kPatience));
    int withFirstPass = 0;
    int first = 0;
    int planned = 0;
    for (const auto& take : m_made) {
        const Evaluations calls = evaluationsOf(*take);
        withFirstPass += calls.first > 0 ? 1 : 0;
        first += calls.first;
        QVERIFY(calls.second > 0);
        for (const PlannedStage& stage : take->plan.stages)
            planned += stage.kind == StageKind::Denoise && stage.rung < 0 ? stage.evaluations : 0;
    }
    QCOMPARE(m_made.size(), std::size_t{4});
    QCOMPARE(withFirstPass, 1);
    QCOMPARE(first, planned);
    QCOMPARE(first, 4); // one call for each step of one first pass
    // Each cell shows what its request would have made by itself.
    for (const std::size_t cell : {std::size_t{1}, std::size_t{2}})
        QVERIFY(*sweep.cells()[cell].picture == pictureOf(*run(sweep.cells()[cell].request)));
    QVERIFY(!(*sweep.cells()[0].picture == *sweep.cells()[1].picture));
    QVERIFY(!(*sweep.cells()[0].picture == *sweep.cells()[2].picture));
}

void TestQueueWithEngine::aSweepFromAStoredFirstPassDoesNotRunIt()
{
    run(draft(41));
    const auto takes = std::get<std::vector<TakeSummary>>(store()->list());
    const StoredTake stored = std::get<StoredTake>(store()->read(takes.front().id));
    m_studio->controller.state().setRequest(draft(1234));
    m_made.clear();
    const auto request = secondPassOf(stored, secondPassWish(m_studio->controller.state()));
    QVERIFY(request && !request->firstPass.empty());
    const SweepSetup setup{*request, {{findSweepAxis(QStringLiteral("steps")), {{4, {}}, {8, {}}}}}};
    SweepRun sweep(setup, m_studio->controller);
    QVERIFY(waitUntil([&] { return sweep.count(SweepState::Done) == 2; }, kPatience));
    for (const auto& take : m_made)
        QCOMPARE(evaluationsOf(*take).first, 0);
    // The cells are kept: runs of the take whose first pass they stand on.
    const StoredTake after = std::get<StoredTake>(store()->read(takes.front().id));
    QCOMPARE(after.runs.size(), stored.runs.size() + 2);
}

void TestQueueWithEngine::aSheetIsOpenedAgainAfterARestart()
{
    QueueRunner& queue = m_studio->controller.queue();
    const SweepSetup setup{sweepStart(draft(51)),
        {{findSweepAxis(QStringLiteral("strength")), {{0.4, {}}, {0.6, {}}, {0.8, {}}}}}};
    SweepRun first(setup, m_studio->controller);
    QSignalSpy kept(&first, &SweepRun::kept);
    // Two are made, one waits when the session ends.
    connect(&queue, &QueueRunner::made, &first, [&] { queue.setPaused(first.count(SweepState::Done) == 2); });
    QVERIFY(waitUntil([&] { return first.count(SweepState::Done) == 2 && !queue.isRunning(); }, kPatience));
    QVERIFY(queue.isPaused());
    QVERIFY(kept.count() >= 1);
    const QString file = m_studio->folder.filePath(QStringLiteral("sweep.json"));
    QVERIFY(writeSweep(first.stored(), file));

    const std::optional<StoredSweep> stored = readSweep(file);
    QVERIFY(stored && stored->setup.cells() == 3);
    SweepRun again(*stored, m_studio->controller);
    QCOMPARE(again.count(SweepState::Waiting), 1); // it was found in the queue
    const SweepReader reader(again, m_studio->controller.takesFolder());
    QVERIFY(waitUntil([&] { return again.count(SweepState::Done) == 2; }, kPatience));
    for (std::size_t cell = 0; cell < 3; ++cell) {
        QCOMPARE(!again.cells()[cell].picture, !first.cells()[cell].picture);
        if (first.cells()[cell].picture)
            QVERIFY(*again.cells()[cell].picture == *first.cells()[cell].picture);
    }
    // What was taken out is made on the stored first pass.
    queue.clear();
    m_made.clear();
    again.tryAgain(2);
    queue.setPaused(false);
    QVERIFY(waitUntil([&] { return again.count(SweepState::Done) == 3; }, kPatience));
    QCOMPARE(evaluationsOf(*m_made.back()).first, 0);
}

QTEST_MAIN(TestQueueWithEngine)
#include "tst_queue_with_engine.moc"
