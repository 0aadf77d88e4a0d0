#include "app/http/lane.h"
#include "tests/app/fake_engine.h"

#include <QtTest>

#include <chrono>

using namespace studio;
using namespace studio::http;
using namespace std::chrono_literals;

namespace {

constexpr auto kLong = std::chrono::milliseconds(20000);

std::vector<Request> requests(std::size_t count = 1)
{
    std::vector<Request> all(count);
    for (std::size_t i = 0; i < count; ++i)
        all[i].seed = i;
    return all;
}

} // namespace

class TestLane : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void jobsRunOneAtATimeInTheirOrder()
    {
        test::FakeEngine engine;
        Lane lane(engine, 10);
        std::vector<std::shared_ptr<Job>> jobs;
        for (int i = 0; i < 6; ++i)
            jobs.push_back(lane.submit(requests(2)));
        for (const auto& job : jobs) {
            QVERIFY(job->waitFor(kLong));
            QCOMPARE(job->takes().size(), std::size_t(2));
            QVERIFY(job->takes()[1].plan.request.seed == std::optional<std::uint64_t>(1));
        }
        QCOMPARE(int(engine.runs), 12);
        QCOMPARE(int(engine.mostRunning), 1);
    }

    void aFullQueueRefuses()
    {
        test::FakeEngine engine;
        engine.step = 20ms;
        Lane lane(engine, 2);
        const auto running = lane.submit(requests());
        QTRY_VERIFY(lane.running() == running);
        const auto first = lane.submit(requests());
        const auto second = lane.submit(requests());
        QVERIFY(first && second);
        QVERIFY(!lane.submit(requests()));
        QCOMPARE(lane.waiting(), std::size_t(2));
        lane.withdraw(first);
        QVERIFY(first->waitFor(0ms));
        QVERIFY(lane.submit(requests()));
        QVERIFY(second->waitFor(kLong));
        QCOMPARE(second->takes().size(), std::size_t(1));
    }

    void withoutRoomToWaitOneStillRuns()
    {
        test::FakeEngine engine;
        engine.step = 20ms;
        Lane lane(engine, 0);
        const auto running = lane.submit(requests());
        QVERIFY(running);
        QVERIFY(!lane.submit(requests()));
        QVERIFY(running->waitFor(kLong));
    }

    void aWithdrawnJobEndsWithinAStep()
    {
        test::FakeEngine engine;
        engine.step = 50ms;
        engine.steps = 1000;
        Lane lane(engine, 1);
        const auto job = lane.submit(requests(3));
        QTRY_COMPARE(int(engine.running), 1);
        lane.withdraw(job);
        QVERIFY(job->waitFor(kLong));
        QCOMPARE(job->takes().size(), std::size_t(1));
        QVERIFY(job->takes().front().ending == Ending::Cancelled);
        QCOMPARE(int(engine.runs), 1);
    }

    void closingEndsEverythingAndTakesNothingMore()
    {
        test::FakeEngine engine;
        engine.step = 20ms;
        engine.steps = 1000;
        Lane lane(engine, 4);
        const auto running = lane.submit(requests());
        QTRY_COMPARE(int(engine.running), 1);
        const auto waiting = lane.submit(requests());
        lane.close();
        QVERIFY(waiting->waitFor(kLong));
        QVERIFY(waiting->takes().empty());
        QVERIFY(running->waitFor(kLong));
        QVERIFY(running->takes().front().ending == Ending::Cancelled);
        const auto late = lane.submit(requests());
        QVERIFY(late && late->waitFor(0ms) && late->cancelled());
    }

    void theStateFollowsTheRun()
    {
        test::FakeEngine engine;
        engine.step = 10ms;
        Lane lane(engine, 1);
        const auto job = lane.submit(requests(2));
        QTRY_VERIFY(job->state().progress.step >= 2);
        const Job::State state = job->state();
        QVERIFY(state.started);
        QVERIFY(state.preview);
        QCOMPARE(state.allTakes, std::size_t(2));
        QVERIFY(!state.plan.stages.empty());
        QVERIFY(job->waitFor(kLong));
        QCOMPARE(job->state().finishedTakes, std::size_t(2));
    }

    void aFailureEndsTheJob()
    {
        test::FakeEngine engine;
        engine.failSecondStage = true;
        Lane lane(engine, 1);
        std::vector<Request> all = requests(3);
        all[1].mode = Mode::Hires;
        const auto job = lane.submit(all);
        QVERIFY(job->waitFor(kLong));
        QCOMPARE(job->takes().size(), std::size_t(2));
        QVERIFY(job->takes()[1].failure);
    }
};

QTEST_GUILESS_MAIN(TestLane)
#include "tst_lane.moc"
