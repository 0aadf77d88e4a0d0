#include "ui/models/queue_file.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <limits>

using namespace studio;
using namespace studio::ui;

namespace {

QueueEntry entryWith(const char* prompt, std::uint64_t seed)
{
    QueueEntry entry;
    entry.request.prompt = prompt;
    entry.request.seed = seed;
    entry.request.mode = Mode::Hires;
    return entry;
}

void put(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
}

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestQueueFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatWasWrittenIsReadAgain();
    void aRunningEntryComesBackAsAWaitingOne();
    void whatHasBegunIsReadAgainAndMayBeMissing();
    void aBrokenFileIsSetAsideAsItWas_data();
    void aBrokenFileIsSetAsideAsItWas();
    void whatCanBeReadOfAFileIsKept();
    void aSecondProgramLeavesTheFileAlone();
    void nothingIsWrittenForAnEmptyQueue();
    void aFolderThatCannotBeWrittenIsSaid();

private:
    QString fileIn(const QTemporaryDir& folder) { return folder.filePath(QStringLiteral("queue.json")); }
};

void TestQueueFile::whatWasWrittenIsReadAgain()
{
    const QTemporaryDir folder;
    std::vector<QueueEntry> entries{
        entryWith("Größe, \"quoted\"\nsecond line", std::numeric_limits<std::uint64_t>::max()),
        entryWith("b", 7), entryWith("c", 8)};
    entries[0].request.hires.rungs.front().strength = 0.1 + 0.2;
    entries[1].state = QueueState::Failed;
    entries[1].failure = Failure{ErrorKind::DiskFull, "The disk is full."};
    entries[2].group = "sweep";
    entries[2].request.firstPass = "/takes/1/first_pass.safetensors";
    {
        QueueFile file(fileIn(folder));
        QVERIFY(file.read().entries.empty());
        QVERIFY(file.write(entries));
    }
    QueueFile file(fileIn(folder));
    const StoredQueue stored = file.read();
    QVERIFY2(stored.trouble.isEmpty(), qPrintable(stored.trouble));
    QVERIFY(stored.entries == entries);
}

void TestQueueFile::aRunningEntryComesBackAsAWaitingOne()
{
    const QTemporaryDir folder;
    QueueEntry entry = entryWith("a", 1);
    entry.state = QueueState::Running;
    entry.fraction = 0.5;
    {
        QueueFile file(fileIn(folder));
        file.read();
        file.write({entry});
    }
    QueueFile file(fileIn(folder));
    const StoredQueue stored = file.read();
    QCOMPARE(stored.entries.size(), std::size_t{1});
    QVERIFY(stored.entries.front().state == QueueState::Waiting);
    QVERIFY(stored.entries.front().request == entry.request);
}

void TestQueueFile::whatHasBegunIsReadAgainAndMayBeMissing()
{
    const QTemporaryDir folder;
    QueueEntry begun = entryWith("a", 1);
    begun.take = "20261123-190000-000-1";
    begun.planned = begun.request;
    begun.planned->hires.base = Extent{768, 768};
    {
        QueueFile file(fileIn(folder));
        file.read();
        QVERIFY(file.write({begun, entryWith("b", 2)}));
    }
    {
        const StoredQueue read = QueueFile(fileIn(folder)).read();
        QVERIFY(read.trouble.isEmpty());
        QCOMPARE(read.entries[0].take, begun.take);
        QVERIFY(read.entries[0].planned == begun.planned);
        QVERIFY(read.entries[1].take.empty() && !read.entries[1].planned);
    }
    // A file of a version that knew neither.
    QByteArray bytes = bytesOf(fileIn(folder));
    QVERIFY(bytes.contains("\"take\"") && bytes.contains("\"planned\""));
    bytes.replace("\"take\"", "\"x\"").replace("\"planned\"", "\"y\"");
    put(fileIn(folder), bytes);
    const StoredQueue older = QueueFile(fileIn(folder)).read();
    QVERIFY(older.trouble.isEmpty());
    QCOMPARE(older.entries.size(), std::size_t{2});
    QVERIFY(older.entries[0].take.empty() && !older.entries[0].planned);
}

void TestQueueFile::aBrokenFileIsSetAsideAsItWas_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("cut off") << QByteArray(R"({"version": 1, "entries": [{"request": {"pro)");
    QTest::newRow("no JSON") << QByteArray("\x00\xff\x13", 3);
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("another thing") << QByteArray(R"([1, 2, 3])");
    QTest::newRow("without entries") << QByteArray(R"({"version": 1})");
    QTest::newRow("of a newer version") << QByteArray(R"({"version": 2, "entries": []})");
}

void TestQueueFile::aBrokenFileIsSetAsideAsItWas()
{
    QFETCH(const QByteArray, bytes);
    const QTemporaryDir folder;
    put(fileIn(folder), bytes);
    QueueFile file(fileIn(folder));
    const StoredQueue stored = file.read();
    QVERIFY(stored.entries.empty());
    QVERIFY2(stored.trouble.contains(QStringLiteral("set aside")), qPrintable(stored.trouble));
    QVERIFY(file.write({entryWith("a", 1)})); // the next queue has the name for itself
    const QStringList aside
        = QDir(folder.path()).entryList({QStringLiteral("queue-broken-*.json")}, QDir::Files);
    QCOMPARE(aside.size(), 1);
    QVERIFY(stored.trouble.contains(aside.front()));
    QCOMPARE(bytesOf(folder.filePath(aside.front())), bytes);
}

void TestQueueFile::whatCanBeReadOfAFileIsKept()
{
    const QTemporaryDir folder;
    {
        QueueFile file(fileIn(folder));
        file.read();
        file.write({entryWith("a", 1), entryWith("b", 2)});
    }
    QByteArray bytes = bytesOf(fileIn(folder));
    bytes.replace("\"prompt\": \"a\"", "\"prompt\": 5");
    put(fileIn(folder), bytes);
    QueueFile file(fileIn(folder));
    const StoredQueue stored = file.read();
    QCOMPARE(stored.entries.size(), std::size_t{1});
    QCOMPARE(stored.entries.front().request.prompt, std::string("b"));
    QVERIFY2(stored.trouble.contains(QStringLiteral("set aside")), qPrintable(stored.trouble));
}

void TestQueueFile::aSecondProgramLeavesTheFileAlone()
{
    const QTemporaryDir folder;
    QueueFile first(fileIn(folder));
    first.read();
    first.write({entryWith("a", 1)});
    const QByteArray bytes = bytesOf(fileIn(folder));
    QueueFile second(fileIn(folder));
    const StoredQueue stored = second.read();
    QVERIFY(stored.entries.empty() && !stored.trouble.isEmpty());
    QVERIFY(second.write({entryWith("b", 2)}));
    QCOMPARE(bytesOf(fileIn(folder)), bytes);
}

void TestQueueFile::nothingIsWrittenForAnEmptyQueue()
{
    const QTemporaryDir folder;
    QueueFile file(fileIn(folder));
    file.read();
    QVERIFY(file.write({}));
    QVERIFY(!QFile::exists(fileIn(folder)));
    QVERIFY(file.write({entryWith("a", 1)}));
    QVERIFY(file.write({})); // but what was there is brought up to date
    QVERIFY(bytesOf(fileIn(folder)).contains("\"entries\": []"));
}

void TestQueueFile::aFolderThatCannotBeWrittenIsSaid()
{
    const QTemporaryDir folder;
    put(folder.filePath(QStringLiteral("inTheWay")), "a file where the folder should be");
    QueueFile file(folder.filePath(QStringLiteral("inTheWay/queue.json")));
    QVERIFY(file.read().entries.empty());
    QVERIFY(!file.write({entryWith("a", 1)}));
}

QTEST_MAIN(TestQueueFile)
#include "tst_queue_file.moc"
