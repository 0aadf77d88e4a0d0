// The queue and the takes on the disk: what a kill cut off, first passes that went away, what is saved beside takes.
#include "app/take_services.h"
#include "core/api/take_store.h"
#include "stored_takes.h"
#include "studio_under_test.h"
#include "ui/convert/strings.h"
#include "ui/jobs/queue_runner.h"

#include <QDir>
#include <QSignalSpy>
#include <QTest>

using namespace studio;
using namespace studio::ui;
using studio::test::StudioUnderTest;
using studio::test::waitUntil;

namespace {

constexpr int kPatience = 30000; // milliseconds

struct Made {
    explicit Made(StudioController& controller)
    {
        QObject::connect(&controller, &StudioController::takeFinished, &controller,
            [this](const std::shared_ptr<const Take>& take) {
                seeds.push_back(take->plan.request.seed.value_or(0));
            });
    }
    std::vector<std::uint64_t> seeds;
};

/// A program in `folder` that keeps its takes.
StudioServices keeping(const std::shared_ptr<Engine>& engine, const QString& folder)
{
    StudioServices services = StudioUnderTest::services(engine, folder);
    services.keepTakes = &keepTakes;
    return services;
}

std::vector<TakeSummary> takesIn(const QString& folder)
{
    return std::get<std::vector<TakeSummary>>(test::openStore(toPath(folder) / "takes")->list());
}

/// What a program in `folder` that is killed at this moment leaves.
void leave(const QString& folder, const QTemporaryDir& after)
{
    for (const char* kept : {"queue.json", "takes"})
        std::filesystem::copy(
            toPath(folder) / kept, toPath(after.path()) / kept, std::filesystem::copy_options::recursive);
}

bool opens(StudioController& controller)
{
    controller.openEngine();
    return waitUntil([&] { return controller.canGenerate(); }, kPatience);
}

/// A program that ended without a word while it made the first of two pictures, as its folder says.
struct Killed {
    explicit Killed(bool afterTheFirst = false)
    {
        StudioController controller(keeping(engine, before.path()));
        if (!opens(controller))
            return;
        QueueRunner& queue = controller.queue();
        queue.add(test::smallRequest("a lake", 7), 2, SeedSeries::Next);
        const bool begun = waitUntil(
            [&] { return queue.isRunning() && !queue.list().running()->take.empty(); }, kPatience);
        if (!begun)
            return;
        take = queue.list().running()->take;
        if (afterTheFirst) {
            // The take is finished; that the queue wrote so is what the kill came before.
            std::filesystem::copy(toPath(before.path()) / "queue.json", toPath(after.path()) / "queue.json");
            queue.setPaused(true);
            left = waitUntil([&] { return !controller.isRunning(); }, kPatience);
            std::filesystem::copy(toPath(before.path()) / "takes", toPath(after.path()) / "takes",
                std::filesystem::copy_options::recursive);
        } else {
            leave(before.path(), after);
            left = true;
        }
        queue.clear();
        controller.cancel();
    }

    QTemporaryDir before;
    QTemporaryDir after;
    std::shared_ptr<test::FakeEngine> engine
        = std::make_shared<test::FakeEngine>(std::chrono::milliseconds(20));
    std::string take;
    bool left = false;
};

} // namespace

class TestQueueTakes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatAKillCutOffIsGoneOnWith();
    void whatWasFinishedElsewhereIsNotMadeAgain();
    void whatWasFinishedBeforeTheKillIsNotMadeAgain();
    void whatCannotBeGoneOnWithIsMadeFromTheStart();
    void aFirstPassThatIsGoneIsMadeAgainOnce();
    void aFirstPassInTheTrashIsFound();
    void cellsOfASheetAreKeptInTheirTakesAlone();
};

void TestQueueTakes::whatAKillCutOffIsGoneOnWith()
{
    const Killed killed;
    QVERIFY(killed.left);
    QCOMPARE(takesIn(killed.after.path()).size(), std::size_t{1});
    QVERIFY(takesIn(killed.after.path()).front().state == TakeState::Interrupted);

    StudioController next(keeping(killed.engine, killed.after.path()));
    QVERIFY(next.queue().isPaused());
    QCOMPARE(next.queue().list().rowCount(), 2);
    QVERIFY(opens(next));
    Made made(next);
    next.queue().setPaused(false);
    QVERIFY(waitUntil([&] { return next.queue().list().entries().empty(); }, kPatience));
    QCOMPARE(made.seeds, (std::vector<std::uint64_t>{7, 8}));
    const std::vector<TakeSummary> takes = takesIn(killed.after.path());
    QCOMPARE(takes.size(), std::size_t{2}); // and no third one
    QCOMPARE(takes.back().id, killed.take);
    for (const TakeSummary& take : takes)
        QVERIFY(take.state == TakeState::Finished);
}

void TestQueueTakes::whatWasFinishedElsewhereIsNotMadeAgain()
{
    const Killed killed;
    QVERIFY(killed.left);
    StudioController next(keeping(killed.engine, killed.after.path()));
    QVERIFY(opens(next));
    QSignalSpy made(&next.queue(), &QueueRunner::made);
    next.goOnWith(killed.take); // as the offer to finish it does
    QVERIFY(waitUntil([&] { return next.queue().list().rowCount() == 1; }, kPatience));
    QCOMPARE(made.count(), 1);
    QCOMPARE(next.queue().list().entries().front().request.seed.value_or(0), std::uint64_t{8});
    QVERIFY(next.queue().isPaused());
}

void TestQueueTakes::whatWasFinishedBeforeTheKillIsNotMadeAgain()
{
    const Killed killed(true);
    QVERIFY(killed.left);
    QVERIFY(takesIn(killed.after.path()).front().state == TakeState::Finished);
    StudioController next(keeping(killed.engine, killed.after.path()));
    QVERIFY(opens(next));
    QSignalSpy made(&next.queue(), &QueueRunner::made);
    const int runs = killed.engine->runs();
    next.queue().setPaused(false);
    QVERIFY(waitUntil([&] { return next.queue().list().entries().empty(); }, kPatience));
    QCOMPARE(killed.engine->runs(), runs + 1); // the second one's
    QCOMPARE(made.count(), 2);
    const auto first = made.first().at(1).value<std::shared_ptr<const Take>>();
    QVERIFY(first && first->mainLayer() && first->mainLayer()->picture); // a sheet can show it
    QCOMPARE(takesIn(killed.after.path()).size(), std::size_t{2});
}

void TestQueueTakes::whatCannotBeGoneOnWithIsMadeFromTheStart()
{
    const Killed killed;
    QVERIFY(killed.left);
    StudioServices services = keeping(killed.engine, killed.after.path());
    services.goOn = [](std::shared_ptr<Engine>, const TakeStoreSettings&, const std::string&,
                        TakeListener) -> Outcome<Continuation> {
        return Failure{ErrorKind::BadInput, "A model has changed since."};
    };
    StudioController next(services);
    QVERIFY(opens(next));
    QSignalSpy notContinued(&next, &StudioController::takeNotContinued);
    Made made(next);
    next.queue().setPaused(false);
    QVERIFY(waitUntil([&] { return next.queue().list().entries().empty(); }, kPatience));
    QCOMPARE(made.seeds, (std::vector<std::uint64_t>{7, 8}));
    QCOMPARE(notContinued.count(), 0); // nobody asked for it
    QCOMPARE(takesIn(killed.after.path()).size(), std::size_t{3});
}

void TestQueueTakes::aFirstPassThatIsGoneIsMadeAgainOnce()
{
    const QTemporaryDir folder;
    const std::filesystem::path place = toPath(folder.path()) / "takes";
    const std::string id = test::storeTake(place, test::smallRequest("a lake", 7));
    const auto engine = std::make_shared<test::FakeEngine>();
    StudioController controller(keeping(engine, folder.path()));
    QVERIFY(opens(controller));
    QueueRunner& queue = controller.queue();
    queue.setPaused(true);
    std::vector<QueueEntry> entries(3);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        entries[i].request = test::smallRequest("a lake", 7);
        entries[i].request.hires.rungs.front().steps = 4 + 2 * static_cast<int>(i);
        entries[i].request.firstPass = (place / id / "first_pass.safetensors").string();
    }
    queue.add(entries);
    QVERIFY(waitUntil([&] { return queue.tally().all; }, kPatience));
    // The limit takes the latent while they wait.
    QVERIFY(std::filesystem::remove(place / id / "first_pass.safetensors"));
    QSignalSpy failed(&queue, &QueueRunner::failed);
    QSignalSpy missed(&queue, &QueueRunner::firstPassMissed);
    queue.setPaused(false);
    QVERIFY(waitUntil([&] { return queue.list().entries().empty(); }, kPatience));
    QCOMPARE(failed.count(), 0);
    QCOMPARE(missed.count(), 1);
    // One has made the first pass again, and the others stand on it.
    const auto takes = takesIn(folder.path());
    QCOMPARE(takes.size(), std::size_t{2});
    QCOMPARE(
        std::get<StoredTake>(test::openStore(place)->read(takes.front().id)).runs.size(), std::size_t{3});

    // One that has failed already, in an older program, is mended by trying again.
    QueueEntry failedOnce;
    failedOnce.request = entries.front().request;
    failedOnce.state = QueueState::Failed;
    failedOnce.failure = Failure{ErrorKind::FileMissing, "There is no file."};
    const std::uint64_t again = queue.add({failedOnce}).front();
    queue.tryAgain(again);
    QVERIFY(waitUntil([&] { return queue.list().entries().empty(); }, kPatience));
}

void TestQueueTakes::aFirstPassInTheTrashIsFound()
{
    const QTemporaryDir folder;
    const std::filesystem::path place = toPath(folder.path()) / "takes";
    const std::string id = test::storeTake(place, test::smallRequest("a lake", 7));
    const auto engine = std::make_shared<test::FakeEngine>();
    StudioController controller(keeping(engine, folder.path()));
    QVERIFY(opens(controller));
    QueueRunner& queue = controller.queue();
    queue.setPaused(true);
    QueueEntry entry;
    entry.request = test::smallRequest("a lake", 7);
    entry.request.firstPass = (place / id / "first_pass.safetensors").string();
    queue.add({entry});
    QVERIFY(std::holds_alternative<bool>(test::openStore(place)->trash(id)));
    std::string ran;
    connect(&controller, &StudioController::takeFinished, this,
        [&](const std::shared_ptr<const Take>& take) { ran = take->plan.request.firstPass; });
    QSignalSpy missed(&queue, &QueueRunner::firstPassMissed);
    queue.setPaused(false);
    QVERIFY(waitUntil([&] { return queue.list().entries().empty(); }, kPatience));
    QCOMPARE(ran, (place / "trash" / id / "first_pass.safetensors").string());
    QCOMPARE(missed.count(), 0);
}

void TestQueueTakes::cellsOfASheetAreKeptInTheirTakesAlone()
{
    const auto savedIn = [](const QTemporaryDir& folder, bool keepsTakes) {
        const QString out = folder.filePath(QStringLiteral("out"));
        const auto controller = std::make_unique<StudioController>(
            keeping(std::make_shared<test::FakeEngine>(), folder.path()));
        Settings settings = controller->settings();
        settings.outputFolder = out;
        settings.keepTakes = keepsTakes;
        controller->setSettings(settings);
        if (!opens(*controller))
            return QString();
        QueueEntry cell;
        cell.request = test::smallRequest("a lake", 7);
        cell.takeOnly = true;
        QueueEntry other;
        other.request = test::smallRequest("a lake", 8);
        controller->queue().add({cell, other});
        waitUntil([&] { return controller->queue().list().entries().empty(); }, kPatience);
        return out;
    };
    const auto filesIn = [](const QString& folder) {
        return QDir(folder).entryList(QDir::Files, QDir::Name); // the controller waited for them
    };
    const QTemporaryDir kept;
    QCOMPARE(filesIn(savedIn(kept, true)), QStringList{QStringLiteral("8_hires.png")});
    QCOMPARE(takesIn(kept.path()).size(), std::size_t{2});
    const QTemporaryDir notKept; // nothing else would have it
    QCOMPARE(filesIn(savedIn(notKept, false)),
        (QStringList{QStringLiteral("7_hires.png"), QStringLiteral("8_hires.png")}));
}

QTEST_MAIN(TestQueueTakes)
#include "tst_queue_takes.moc"
