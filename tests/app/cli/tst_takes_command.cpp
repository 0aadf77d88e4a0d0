#include "app/cli/take_options.h"
#include "app/cli/takes_command.h"
#include "app/cli/usage_error.h"
#include "app/recording_engine.h"
#include "tests/app/fake_engine.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

#include <iostream>
#include <sstream>

using namespace studio;
using namespace studio::cli;

namespace {

/// What `takes` prints while it lives.
class CapturedOutput {
public:
    CapturedOutput()
        : m_before(std::cout.rdbuf(m_text.rdbuf()))
    { }
    ~CapturedOutput() { std::cout.rdbuf(m_before); }
    std::vector<std::string> lines() const
    {
        std::vector<std::string> lines;
        std::istringstream in(m_text.str());
        for (std::string line; std::getline(in, line);)
            lines.push_back(line);
        return lines;
    }

private:
    std::ostringstream m_text;
    std::streambuf* m_before;
};

} // namespace

class TestTakesCommand : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<TakeStore> m_store;

    std::string path() const { return m_folder->path().toStdString(); }

    Take make(const std::string& prompt, std::uint64_t seed)
    {
        RecordingEngine engine(std::make_shared<test::FakeEngine>(), m_store);
        Request request;
        request.prompt = prompt;
        request.seed = seed;
        request.mode = Mode::Hires;
        return engine.run(request, {});
    }

    std::vector<std::string> linesOf(std::vector<std::string> arguments, int code = kDone)
    {
        arguments.insert(arguments.begin(), path());
        const CapturedOutput output;
        const int answered = listTakes(arguments);
        if (answered != code)
            qWarning("answered %d", answered);
        return answered == code ? output.lines() : std::vector<std::string>{"wrong exit code"};
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_store = std::get<std::shared_ptr<TakeStore>>(openTakeStore({path(), 0}));
    }

    void theEngineInFrontKeepsEachRun()
    {
        int reported = 0;
        RecordingEngine engine(std::make_shared<test::FakeEngine>(), m_store);
        JobContext context;
        context.layerFinished = [&](const Layer&) {
            ++reported;
            // What the caller hears of lies on the disk already.
            QCOMPARE(std::get<std::vector<TakeSummary>>(m_store->list({})).at(0).layers, reported);
        };
        Request request;
        request.mode = Mode::Hires;
        const Take take = engine.run(request, context);
        QCOMPARE(reported, 2);
        QVERIFY(engine.keptEverything());
        const auto takes = std::get<std::vector<TakeSummary>>(m_store->list({}));
        QCOMPARE(takes.size(), std::size_t(1));
        QCOMPARE(take.notes.back(), "Kept as take " + takes[0].id + ".");
    }

    void theListIsNewestFirst()
    {
        make("a red boat", 5);
        make("a blue boat\nat sea", 6);
        const auto lines = linesOf({});
        QCOMPARE(lines.size(), std::size_t(2));
        QVERIFY(lines[0].find("a blue boat at sea") != std::string::npos);
        QVERIFY(lines[0].find("seed 6") != std::string::npos);
        QVERIFY(lines[0].find("finished") != std::string::npos);
        QVERIFY(lines[0].find("128x128") != std::string::npos);
        QCOMPARE(linesOf({"--search", "RED"}).size(), std::size_t(1));
        QCOMPARE(linesOf({"--search", "green"}).size(), std::size_t(0));
    }

    void jsonIsAnObjectALine()
    {
        make("a red boat", 18446744073709551615u);
        const auto lines = linesOf({"--json"});
        QCOMPARE(lines.size(), std::size_t(1));
        const QJsonObject take = QJsonDocument::fromJson(QByteArray::fromStdString(lines[0])).object();
        QCOMPARE(take[u"prompt"].toString(), QStringLiteral("a red boat"));
        QCOMPARE(take[u"state"].toString(), QStringLiteral("finished"));
        QCOMPARE(take[u"layers"].toInt(), 2);
        QVERIFY(lines[0].find("\"seed\":18446744073709551615") != std::string::npos);
        QVERIFY(QFile::exists(take[u"picture"].toString()));
    }

    void takesAreStarredThrownAwayAndBroughtBack()
    {
        make("one", 1);
        make("two", 2);
        const std::string id = std::get<std::vector<TakeSummary>>(m_store->list({})).at(0).id;
        QCOMPARE(linesOf({"--star", id, "--starred"}).size(), std::size_t(1));
        QCOMPARE(linesOf({"--unstar", id, "--starred"}).size(), std::size_t(0));
        QCOMPARE(linesOf({"--trash", id}).size(), std::size_t(1));
        QCOMPARE(linesOf({"--trashed"}).size(), std::size_t(1));
        QCOMPARE(linesOf({"--restore", id}).size(), std::size_t(2));
        linesOf({"--trash", id});
        QCOMPARE(linesOf({"--empty-trash", "--trashed"}).size(), std::size_t(0));
        QCOMPARE(linesOf({"--rebuild"}).size(), std::size_t(1));
        QCOMPARE(linesOf({"--restore", id}, kFailed).size(), std::size_t(0));
    }

    void takesInTheTrashAloneAreFoundWithoutTheIndex()
    {
        make("one", 1);
        const std::string id = std::get<std::vector<TakeSummary>>(m_store->list({})).at(0).id;
        QCOMPARE(linesOf({"--trash", id}).size(), std::size_t(0));
        m_store.reset();
        QVERIFY(QFile::remove(m_folder->filePath(QStringLiteral("index.sqlite"))));
        QCOMPARE(linesOf({"--trashed"}).size(), std::size_t(1));
        QVERIFY(QFile::remove(m_folder->filePath(QStringLiteral("index.sqlite"))));
        QCOMPARE(linesOf({"--restore", id}).size(), std::size_t(1));
    }

    void theTrashIsNoStoreOfItsOwn()
    {
        make("one", 1);
        linesOf({"--trash", std::get<std::vector<TakeSummary>>(m_store->list({})).at(0).id});
        QCOMPARE(listTakes({path() + "/trash"}), kFailed);
        QVERIFY(!QFile::exists(m_folder->filePath(QStringLiteral("trash/.lock"))));
        QVERIFY(!QFile::exists(m_folder->filePath(QStringLiteral("trash/index.sqlite"))));
    }

    void damagedTakesAreListedSaidAndFail()
    {
        make("a boat", 1);
        make("a boat", 2);
        const auto takes = std::get<std::vector<TakeSummary>>(m_store->list({}));
        QFile mended(QString::fromStdString(path() + "/" + takes.at(0).id + "/run-1/plan.json"));
        QVERIFY(mended.remove());
        QFile damaged(QString::fromStdString(path() + "/" + takes.at(1).id + "/take.json"));
        QVERIFY(damaged.open(QIODevice::WriteOnly | QIODevice::Truncate));
        damaged.write("{\"version\": 99}");
        damaged.close();
        std::ostringstream said;
        std::streambuf* const before = std::cerr.rdbuf(said.rdbuf());
        const auto lines = linesOf({"--rebuild"}, kFailed);
        const auto json = linesOf({"--json"}, kFailed);
        std::cerr.rdbuf(before);
        QVERIFY2(said.str().find("2 takes") != std::string::npos, said.str().c_str());
        QVERIFY2(said.str().find("Take " + takes.at(0).id + " is damaged: ") != std::string::npos,
            said.str().c_str());
        QVERIFY2(said.str().find("newer version") != std::string::npos, said.str().c_str());
        QCOMPARE(lines.size(), std::size_t(2));
        QVERIFY(
            lines[0].find("finished") != std::string::npos && lines[0].find("seed 2") != std::string::npos);
        QVERIFY(
            lines[1].find("damaged") != std::string::npos && lines[1].find("hires.png") != std::string::npos);
        QVERIFY(json[1].find("\"state\":\"damaged\"") != std::string::npos);
        QVERIFY(json[0].find("plan.json") != std::string::npos);
    }

    void onceFinishedATakeIsNotCalledCancelled()
    {
        TakeSummary take;
        take.state = TakeState::Cancelled;
        QVERIFY(takeLine(take).find("cancelled") != std::string::npos);
        take.finishedRuns = 20;
        QVERIFY(takeLine(take).find("finished") != std::string::npos);
        QVERIFY(takeJsonLine(take).find("\"state\":\"cancelled\"") != std::string::npos);
        QVERIFY(takeJsonLine(take).find("\"finished_runs\":20") != std::string::npos);
        take.state = TakeState::Running;
        QVERIFY(takeLine(take).find("running") != std::string::npos);
    }

    void aFolderThatIsNotThereFails()
    {
        QCOMPARE(listTakes({path() + "/nowhere"}), kFailed);
        QVERIFY(!QFile::exists(m_folder->filePath(QStringLiteral("nowhere"))));
    }

    void aFolderOfSomethingElseIsLeftAsItIs()
    {
        const QTemporaryDir other;
        QVERIFY(QDir(other.path()).mkdir(QStringLiteral("pictures")));
        QCOMPARE(listTakes({other.path().toStdString()}), kDone);
        QCOMPARE(QDir(other.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
            QStringList{QStringLiteral("pictures")});
    }

    void amountsHaveUnits()
    {
        QCOMPARE(bytesOf("12"), std::int64_t(12));
        QCOMPARE(bytesOf("3k"), std::int64_t(3000));
        QCOMPARE(bytesOf("20G"), std::int64_t(20'000'000'000));
        for (const char* wrong : {"", "G", "-1", "1.5G", "2X", "99999999999999G"})
            QVERIFY_EXCEPTION_THROWN(bytesOf(wrong), UsageError);
    }
};

QTEST_GUILESS_MAIN(TestTakesCommand)
#include "tst_takes_command.moc"
