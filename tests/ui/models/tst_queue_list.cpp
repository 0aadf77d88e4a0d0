#include "ui/models/queue_list.h"

#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace studio;
using namespace studio::ui;

namespace {

QueueEntry entryWith(const char* prompt)
{
    QueueEntry entry;
    entry.request.prompt = prompt;
    entry.request.seed = 1;
    return entry;
}

std::string promptsOf(const QueueList& list)
{
    std::string prompts;
    for (const QueueEntry& entry : list.entries())
        prompts += entry.request.prompt;
    return prompts;
}

} // namespace

class TestQueueList : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void entriesKeepTheirIdsWhileTheyMove_data();
    void entriesKeepTheirIdsWhileTheyMove();
    void aDropMovesTheEntryAndLeavesNoCopy();
    void clearingLeavesTheRunningOne();
    void aFirstPassReachesItsGroupAlone();
    void onlyWhatMustBeKeptIsCalledAChange();
    void changesMadeTogetherAreToldAsOne();
    void theRunningOneCannotBeDragged();
    void aScreenReaderHearsWhatItMakesAndHowItStands();
};

void TestQueueList::entriesKeepTheirIdsWhileTheyMove_data()
{
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("before");
    QTest::addColumn<std::string>("prompts");
    QTest::newRow("up") << 2 << 0 << std::string("cabd");
    QTest::newRow("down") << 0 << 3 << std::string("bcad");
    QTest::newRow("to the end") << 1 << 4 << std::string("acdb");
    QTest::newRow("beyond the end") << 1 << 9 << std::string("acdb");
    QTest::newRow("to itself") << 1 << 1 << std::string("abcd");
    QTest::newRow("behind itself") << 1 << 2 << std::string("abcd");
}

void TestQueueList::entriesKeepTheirIdsWhileTheyMove()
{
    QFETCH(const int, from);
    QFETCH(const int, before);
    QFETCH(const std::string, prompts);
    QueueList list;
    const auto ids = list.add({entryWith("a"), entryWith("b"), entryWith("c"), entryWith("d")});
    const std::uint64_t moved = ids[static_cast<std::size_t>(from)];
    const std::string prompt = list.find(moved)->request.prompt;
    list.move(moved, before);
    QCOMPARE(promptsOf(list), prompts);
    QCOMPARE(list.find(moved)->request.prompt, prompt);
}

void TestQueueList::aDropMovesTheEntryAndLeavesNoCopy()
{
    QueueList list;
    list.add({entryWith("a"), entryWith("b"), entryWith("c")});
    const std::unique_ptr<QMimeData> dragged(list.mimeData({list.index(2)}));
    // The view removes the row it dragged if the model says that it took the data: it must not.
    QVERIFY(!list.dropMimeData(dragged.get(), Qt::MoveAction, 0, 0, {}));
    QCOMPARE(promptsOf(list), std::string("cab"));
    QVERIFY(!list.dropMimeData(dragged.get(), Qt::MoveAction, -1, -1, {}));
    QCOMPARE(promptsOf(list), std::string("abc"));
}

void TestQueueList::clearingLeavesTheRunningOne()
{
    QueueList list;
    const auto ids = list.add({entryWith("a"), entryWith("b"), entryWith("c")});
    list.setFailed(ids[0], {ErrorKind::Internal, "It broke."});
    list.setRunning(ids[1]);
    list.clear();
    QCOMPARE(promptsOf(list), std::string("b"));
    QVERIFY(list.running() && !list.firstWaiting());
}

void TestQueueList::aFirstPassReachesItsGroupAlone()
{
    QueueList list;
    QueueEntry grouped = entryWith("a");
    grouped.group = "sweep";
    const auto ids = list.add({grouped, grouped, entryWith("b")});
    list.setRunning(ids[0]);
    list.setFirstPass("sweep", "/takes/1/first_pass.safetensors");
    QVERIFY(list.find(ids[0])->request.firstPass.empty()); // it is making it
    QCOMPARE(list.find(ids[1])->request.firstPass, std::string("/takes/1/first_pass.safetensors"));
    QVERIFY(list.find(ids[2])->request.firstPass.empty());
    list.setFirstPass("", "/somewhere");
    QVERIFY(list.find(ids[2])->request.firstPass.empty()); // no group is no group of its own
}

void TestQueueList::onlyWhatMustBeKeptIsCalledAChange()
{
    QueueList list;
    const auto ids = list.add({entryWith("a")});
    QSignalSpy changed(&list, &QueueList::changed);
    QSignalSpy progressed(&list, &QueueList::progressed);
    list.setRunning(ids[0]);
    QCOMPARE(changed.count(), 1);
    list.setProgress(ids[0], 0.5, 3.0);
    list.setProgress(ids[0], 0.5, 3.0); // the same
    list.setForecast(ids[0], {{512, 512}, 14.0, 4.0});
    QCOMPARE(progressed.count(), 2);
    QCOMPARE(changed.count(), 1); // the file need not be written at each step
    list.remove(ids[0]);
    list.remove(ids[0]);
    QCOMPARE(changed.count(), 2);
}

void TestQueueList::changesMadeTogetherAreToldAsOne()
{
    QueueList list;
    const auto ids = list.add({entryWith("a"), entryWith("b"), entryWith("c")});
    QSignalSpy changed(&list, &QueueList::changed);
    QSignalSpy progressed(&list, &QueueList::progressed);
    list.together([&] {
        for (const std::uint64_t id : ids) {
            list.setForecast(id, {{512, 512}, 14.0, 4.0});
            list.together([&] { list.setPlanned(id, entryWith("planned").request); });
        }
        QCOMPARE(changed.count(), 0);
    });
    QCOMPARE(changed.count() + progressed.count(), 1);
    list.together([&] { list.setForecast(ids[0], {{512, 512}, 15.0, 4.0}); });
    QCOMPARE(changed.count() + progressed.count(), 2);
    QCOMPARE(changed.count(), 1);
    list.together([] {});
    QCOMPARE(changed.count() + progressed.count(), 2);
}

void TestQueueList::theRunningOneCannotBeDragged()
{
    QueueList list;
    const auto ids = list.add({entryWith("a"), entryWith("b")});
    list.setRunning(ids[0]);
    QVERIFY(!list.flags(list.index(0)).testFlag(Qt::ItemIsDragEnabled));
    QVERIFY(list.flags(list.index(1)).testFlag(Qt::ItemIsDragEnabled));
}

void TestQueueList::aScreenReaderHearsWhatItMakesAndHowItStands()
{
    QueueList list;
    QueueEntry entry = entryWith("a harbour");
    entry.request.mode = Mode::Hires;
    const auto ids = list.add({entry});
    list.setForecast(ids[0], {{512, 512}, 14.0, 4.0});
    const auto heard = [&] { return list.data(list.index(0), Qt::AccessibleTextRole).toString(); };
    QCOMPARE(heard(), QStringLiteral("Hires fix · 512 × 512, a harbour, waits"));
    list.setRunning(ids[0]);
    list.setProgress(ids[0], 0.43, 3.0);
    QVERIFY(heard().endsWith(QStringLiteral("running, 43 %")));
    list.setFailed(ids[0], {ErrorKind::OutOfMemory, "It does not fit."});
    QVERIFY(heard().endsWith(QStringLiteral("failed: It does not fit.")));
}

QTEST_MAIN(TestQueueList)
#include "tst_queue_list.moc"
