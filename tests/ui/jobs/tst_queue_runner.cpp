#include "studio_under_test.h"
#include "ui/jobs/queue_runner.h"
#include "ui/jobs/take_archive.h"

#include <QFile>
#include <QSignalSpy>
#include <QTest>

#include <set>

using namespace studio;
using namespace studio::ui;
using studio::test::StudioUnderTest;
using studio::test::waitUntil;

namespace {

constexpr int kPatience = 30000; // milliseconds

Request quick(const char* prompt = "a lake")
{
    Request request;
    request.prompt = prompt;
    request.seed = 7;
    request.mode = Mode::Standard;
    request.sampling.steps = 4;
    return request;
}

struct Made {
    explicit Made(StudioController& controller)
    {
        QObject::connect(&controller, &StudioController::takeFinished, &controller,
            [this](const std::shared_ptr<const Take>& take) {
                prompts << QString::fromStdString(take->plan.request.prompt);
                seeds.push_back(take->plan.request.seed.value_or(0));
            });
    }
    QStringList prompts;
    std::vector<std::uint64_t> seeds;
};

bool runsDry(QueueRunner& queue)
{
    return waitUntil([&] { return !queue.isRunning() && !queue.list().firstWaiting(); }, kPatience);
}

} // namespace

class TestQueueRunner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void seedsAreSettledWhenTheyAreAdded();
    void picturesAreMadeInTheirOrderAndBecomeTakes();
    void whatGenerateRunsComesFirst();
    void pauseFinishesThePresentPicture();
    void aFailedOneStaysWithItsReasonAndCanBeTriedAgain();
    void twoFailuresForOneReasonPauseTheQueue();
    void whatCannotBePlannedFailsBeforeItsTurn();
    void cancelPausesAndPutsThePictureBack();
    void removingTheRunningOneGoesOnWithTheNext();
    void editingPutsTheRequestIntoTheControls();
    void afterARestartItWaitsToBeToldToGoOn();
    void aCrashLosesNothingThatWaited();
    void theTallyCountsAndPredicts();
    void whatIsLeftOfABrokenFileIsKeptAnew();
    void manyPicturesAreWrittenAtOnce();
};

void TestQueueRunner::seedsAreSettledWhenTheyAreAdded()
{
    using Seeds = std::vector<std::uint64_t>;
    QCOMPARE(seedSeries(5, 3, SeedSeries::Next), (Seeds{5, 6, 7}));
    const Seeds random = seedSeries(5, 20, SeedSeries::Random);
    QCOMPARE(random.front(), std::uint64_t{5}); // a seed that was chosen is kept
    QVERIFY(std::set<std::uint64_t>(random.begin(), random.end()).size() > 15);
    const Seeds drawn = seedSeries({}, 3, SeedSeries::Next);
    QCOMPARE(drawn[1], drawn[0] + 1);
    QCOMPARE(drawn[2], drawn[0] + 2);

    StudioUnderTest studio;
    Request request = quick();
    request.seed.reset();
    studio.controller.queue().add(request, 4, SeedSeries::Random);
    for (const QueueEntry& entry : studio.controller.queue().list().entries())
        QVERIFY(entry.request.seed.has_value());
}

void TestQueueRunner::picturesAreMadeInTheirOrderAndBecomeTakes()
{
    StudioUnderTest studio;
    QVERIFY(studio.open());
    Made made(studio.controller);
    QueueRunner& queue = studio.controller.queue();
    queue.add(quick("a"), 3, SeedSeries::Next);
    queue.add(quick("b"), 1, SeedSeries::Next);
    queue.list().move(queue.list().entries().back().id, 1);
    QVERIFY(runsDry(queue));
    QCOMPARE(made.prompts.join(u' '), QStringLiteral("a b a a"));
    QCOMPARE(made.seeds, (std::vector<std::uint64_t>{7, 7, 8, 9}));
    QVERIFY(queue.list().entries().empty());
    QCOMPARE(studio.controller.takes().rowCount(), 4);
}

void TestQueueRunner::whatGenerateRunsComesFirst()
{
    StudioUnderTest studio(std::chrono::milliseconds(5));
    QVERIFY(studio.open());
    Made made(studio.controller);
    studio.controller.state().setRequest(quick("now"));
    studio.controller.generate();
    studio.controller.queue().add(quick("later"), 1, SeedSeries::Next);
    QVERIFY(!studio.controller.queue().isRunning());
    QVERIFY(runsDry(studio.controller.queue()));
    QCOMPARE(made.prompts.join(u' '), QStringLiteral("now later"));
}

void TestQueueRunner::pauseFinishesThePresentPicture()
{
    StudioUnderTest studio(std::chrono::milliseconds(5));
    QVERIFY(studio.open());
    Made made(studio.controller);
    QueueRunner& queue = studio.controller.queue();
    queue.add(quick(), 3, SeedSeries::Next);
    QVERIFY(queue.isRunning());
    queue.setPaused(true);
    QVERIFY(waitUntil([&] { return made.seeds.size() == 1; }, kPatience));
    QTest::qWait(50);
    QVERIFY(!studio.controller.isRunning());
    QCOMPARE(queue.list().count(QueueState::Waiting), 2);
    queue.setPaused(false);
    QVERIFY(runsDry(queue));
    QCOMPARE(made.seeds, (std::vector<std::uint64_t>{7, 8, 9}));
}

void TestQueueRunner::aFailedOneStaysWithItsReasonAndCanBeTriedAgain()
{
    StudioUnderTest studio;
    QVERIFY(studio.open());
    Made made(studio.controller);
    QueueRunner& queue = studio.controller.queue();
    QSignalSpy failed(&queue, &QueueRunner::failed);
    studio.engine->failNext({ErrorKind::OutOfMemory, "It does not fit."});
    queue.add(quick(), 2, SeedSeries::Next);
    QVERIFY(runsDry(queue));
    QCOMPARE(failed.count(), 1);
    QCOMPARE(made.seeds, (std::vector<std::uint64_t>{7, 8})); // the next one was made all the same
    QCOMPARE(queue.list().entries().size(), std::size_t{1});
    const QueueEntry entry = queue.list().entries().front();
    QVERIFY(entry.state == QueueState::Failed);
    QCOMPARE(entry.failure->detail, std::string("It does not fit."));
    queue.tryAgain(entry.id);
    QVERIFY(runsDry(queue));
    QVERIFY(queue.list().entries().empty());
    QCOMPARE(made.seeds.back(), std::uint64_t{7});
}

void TestQueueRunner::twoFailuresForOneReasonPauseTheQueue()
{
    StudioUnderTest studio;
    QVERIFY(studio.open());
    QueueRunner& queue = studio.controller.queue();
    const Failure failure{ErrorKind::DiskFull, "The disk is full."};
    connect(&queue, &QueueRunner::failed, this, [&] { studio.engine->failNext(failure); });
    studio.engine->failNext(failure);
    queue.add(quick(), 5, SeedSeries::Next);
    QVERIFY(waitUntil([&] { return queue.isPaused(); }, kPatience));
    QCOMPARE(queue.list().count(QueueState::Failed), 2);
    QCOMPARE(queue.list().count(QueueState::Waiting), 3);
    QVERIFY(!queue.whyPaused().isEmpty());
}

void TestQueueRunner::whatCannotBePlannedFailsBeforeItsTurn()
{
    StudioUnderTest studio;
    QVERIFY(studio.open());
    QueueRunner& queue = studio.controller.queue();
    queue.setPaused(true);
    Request wrong = quick();
    wrong.sampling.steps = 5000;
    queue.add(quick(), 1, SeedSeries::Next);
    queue.add(wrong, 1, SeedSeries::Next);
    QVERIFY(waitUntil([&] { return queue.list().count(QueueState::Failed) == 1; }, kPatience));
    QVERIFY(!queue.list().entries().back().failure->detail.empty());
    QCOMPARE(queue.list().entries().front().forecast->size, (Extent{320, 320}));
}

void TestQueueRunner::cancelPausesAndPutsThePictureBack()
{
    StudioUnderTest studio(std::chrono::milliseconds(20));
    QVERIFY(studio.open());
    QueueRunner& queue = studio.controller.queue();
    queue.add(quick("a"), 1, SeedSeries::Next);
    queue.add(quick("b"), 1, SeedSeries::Next);
    studio.controller.cancel();
    QVERIFY(studio.waitForEnd());
    QVERIFY(queue.isPaused());
    QVERIFY(!queue.whyPaused().isEmpty());
    QCOMPARE(queue.list().count(QueueState::Waiting), 2);
    QCOMPARE(queue.list().firstWaiting()->request.prompt, std::string("a"));
    QTest::qWait(50);
    QVERIFY(!studio.controller.isRunning());
}

void TestQueueRunner::removingTheRunningOneGoesOnWithTheNext()
{
    StudioUnderTest studio(std::chrono::milliseconds(20));
    QVERIFY(studio.open());
    Made made(studio.controller);
    QueueRunner& queue = studio.controller.queue();
    queue.add(quick("a"), 1, SeedSeries::Next);
    queue.add(quick("b"), 1, SeedSeries::Next);
    queue.remove(queue.list().running()->id);
    QVERIFY(runsDry(queue));
    QVERIFY(!queue.isPaused());
    QCOMPARE(made.prompts.back(), QStringLiteral("b"));
    QVERIFY(queue.list().entries().empty());
}

void TestQueueRunner::editingPutsTheRequestIntoTheControls()
{
    StudioUnderTest studio;
    QVERIFY(studio.open());
    QueueRunner& queue = studio.controller.queue();
    queue.setPaused(true);
    const Request request = quick("to be changed");
    queue.add(request, 1, SeedSeries::Next);
    studio.controller.state().setRequest({});
    queue.edit(queue.list().entries().front().id);
    QVERIFY(studio.controller.state().request() == request);
    QVERIFY(queue.list().entries().empty());
}

void TestQueueRunner::afterARestartItWaitsToBeToldToGoOn()
{
    const QTemporaryDir folder;
    const auto engine = std::make_shared<test::FakeEngine>();
    {
        StudioController first(StudioUnderTest::services(engine, folder.path()));
        first.queue().setPaused(true);
        first.queue().add(quick(), 3, SeedSeries::Next);
    }
    StudioController next(StudioUnderTest::services(engine, folder.path()));
    QVERIFY(next.queue().isPaused());
    QVERIFY(!next.queue().whyPaused().isEmpty());
    QCOMPARE(next.queue().list().count(QueueState::Waiting), 3);
    QSignalSpy opened(&next, &StudioController::engineOpened);
    next.openEngine();
    QVERIFY(waitUntil([&] { return opened.count() == 1; }, kPatience));
    QTest::qWait(50);
    QCOMPARE(engine->runs(), 0);
    Made made(next);
    next.queue().setPaused(false);
    QVERIFY(runsDry(next.queue()));
    QCOMPARE(made.seeds, (std::vector<std::uint64_t>{7, 8, 9}));
}

void TestQueueRunner::aCrashLosesNothingThatWaited()
{
    StudioUnderTest studio(std::chrono::milliseconds(20));
    QVERIFY(studio.open());
    QueueRunner& queue = studio.controller.queue();
    queue.add(quick(), 3, SeedSeries::Next);
    QVERIFY(queue.isRunning());
    // What lies on the disk at this moment is what a crash would leave.
    const QTemporaryDir after;
    QVERIFY(
        QFile::copy(studio.controller.services().queueFile, after.filePath(QStringLiteral("queue.json"))));
    StudioController restarted(StudioUnderTest::services(studio.engine, after.path()));
    QCOMPARE(restarted.queue().list().count(QueueState::Waiting), 3); // the one that was cut off, too
    QVERIFY(restarted.queue().isPaused());
    for (std::size_t i = 0; i < 3; ++i)
        QVERIFY(restarted.queue().list().entries()[i].request == queue.list().entries()[i].request);
}

void TestQueueRunner::theTallyCountsAndPredicts()
{
    StudioUnderTest studio;
    QVERIFY(studio.open());
    QueueRunner& queue = studio.controller.queue();
    queue.setPaused(true);
    queue.add(quick(), 3, SeedSeries::Next);
    QVERIFY(waitUntil([&] { return queue.tally().all; }, kPatience));
    QCOMPARE(queue.tally().total, 3);
    QCOMPARE(queue.tally().secondsLeft, 3 * 13.2); // as the engine plans each
    QueueEntry unknown;
    unknown.request = quick();
    const std::uint64_t id = queue.add({unknown}).front();
    QVERIFY(!queue.tally().all);
    queue.remove(id);
    QVERIFY(queue.tally().all);
    int largest = 0;
    connect(&queue, &QueueRunner::changed, this,
        [&] { largest = std::max(largest, queue.isRunning() ? queue.tally().done + 1 : 0); });
    queue.setPaused(false);
    QVERIFY(runsDry(queue));
    QCOMPARE(largest, 3); // "3 of 3"
    queue.setPaused(true);
    queue.add(quick(), 1, SeedSeries::Next);
    QCOMPARE(queue.tally().done, 0); // counted anew
}

void TestQueueRunner::whatIsLeftOfABrokenFileIsKeptAnew()
{
    const QTemporaryDir folder;
    const auto engine = std::make_shared<test::FakeEngine>();
    const StudioServices services = StudioUnderTest::services(engine, folder.path());
    {
        StudioController first(services);
        first.queue().setPaused(true);
        first.queue().add(quick("a"), 1, SeedSeries::Next);
        first.queue().add(quick("b"), 1, SeedSeries::Next);
    }
    QFile file(services.queueFile);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QByteArray bytes = file.readAll();
    bytes.replace("\"prompt\": \"a\"", "\"prompt\": 5");
    file.resize(0);
    file.write(bytes);
    file.close();
    {
        const StudioController broken(services);
        QVERIFY(QFile::exists(services.queueFile)); // although the old one was set aside
    }
    StudioController next(services);
    QVERIFY(next.queue().trouble().isEmpty());
    QCOMPARE(next.queue().list().rowCount(), 1);
    QCOMPARE(next.queue().list().entries().front().request.prompt, std::string("b"));
}

void TestQueueRunner::manyPicturesAreWrittenAtOnce()
{
    StudioUnderTest studio;
    QVERIFY(studio.open());
    QueueRunner& queue = studio.controller.queue();
    const QString file = studio.controller.services().queueFile;
    queue.setPaused(true);
    QSignalSpy changed(&queue.list(), &QueueList::changed);
    queue.add(quick(), 100, SeedSeries::Next);
    QVERIFY(!QFile::exists(file)); // nobody waits for the disk
    QTRY_VERIFY(QFile::exists(file));
    QVERIFY(waitUntil([&] { return queue.tally().all; }, kPatience));
    QVERIFY2(changed.count() <= 3, qPrintable(QString::number(changed.count())));
    // Flushed, nothing is left to be written later.
    const auto kept = [&] {
        const QTemporaryDir after;
        QFile::copy(file, after.filePath(QStringLiteral("queue.json")));
        return StudioController(StudioUnderTest::services(studio.engine, after.path()))
            .queue()
            .list()
            .rowCount();
    };
    QTRY_COMPARE(kept(), 100);
    queue.remove(queue.list().entries().front().id);
    QCOMPARE(kept(), 100);
    queue.flush();
    QCOMPARE(kept(), 99);
}

QTEST_MAIN(TestQueueRunner)
#include "tst_queue_runner.moc"
