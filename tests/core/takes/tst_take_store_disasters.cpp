#include "core/api/log.h"
#include "core/api/take_store.h"
#include "tests/core/takes/forked.h"
#include "tests/core/takes/take_sample.h"

#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <map>
#include <random>
#include <sched.h>
#include <sstream>
#include <sys/mount.h>
#include <sys/resource.h>

using namespace studio;
using namespace studio::test;
namespace fs = std::filesystem;

namespace {

constexpr int kKills = 40;

/// A recorder that says each file it was told about and wrote, "ID LAYER" a line.
void recordAndSay(TakeStore& store, const Plan& plan, int pipe)
{
    const Take take = sampleTake(plan);
    const auto recorder = store.record();
    recorder->planned(plan);
    recorder->firstPassFinished(take.firstPassLatent);
    for (const Layer& layer : take.layers) {
        recorder->layerFinished(layer);
        if (!recorder->failure())
            say(pipe, recorder->id() + " " + layerId(layer.kind) + "\n");
    }
    recorder->finish(take);
}

void allowFilesOf(rlim_t bytes)
{
    std::signal(SIGXFSZ, SIG_IGN); // writing answers EFBIG instead
    rlimit limit{};
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes == 0 ? limit.rlim_max : bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
}

/// Mounts an empty file system of so many bytes over `folder`, seen by this process alone. False if it may not.
bool mountSmall(const fs::path& folder, int kilobytes)
{
    const bool apart = unshare(CLONE_NEWNS) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0;
    const std::string size = "size=" + std::to_string(kilobytes) + "k";
    return apart && mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0
        && mount("tmpfs", folder.c_str(), "tmpfs", 0, size.c_str()) == 0;
}

/// One take on a file system of `kilobytes`: "failed" or "kept", and what is wrong with what it left.
void recordOnSmallDisk(const fs::path& folder, int kilobytes, int pipe)
{
    if (!mountSmall(folder, kilobytes))
        return say(pipe, "no mount");
    std::map<std::string, int> said;
    addLogSink([&said](const LogLine& line) { ++said[line.text]; });
    const auto store = openStore(folder);
    const auto recorder = store->record();
    recordAll(*recorder, samplePlan(5));
    for (const auto& [sentence, times] : said)
        if (times > 1 || sentence.find("rollback") != std::string::npos)
            say(pipe, std::to_string(times) + " times: " + sentence + "\n");
    if (recorder->failure() && recorder->failure()->kind != ErrorKind::DiskFull)
        say(pipe, "Another failure: " + recorder->failure()->detail + "\n");
    say(pipe, (recorder->failure() ? "failed\n" : "kept\n") + faultsIn(*openStore(folder)));
    const auto listed = std::get<std::vector<TakeSummary>>(openStore(folder)->list({}));
    for (const TakeSummary& take : listed)
        if (take.state == TakeState::Finished && take.layers < 3)
            say(pipe, "A take without its pictures is called finished.\n");
}

/// A run whose answers leave no room for its last picture.
void fillWithAnswers(const fs::path& folder, int pipe)
{
    if (!mountSmall(folder, 480))
        return say(pipe, "no mount");
    const auto store = openStore(folder);
    const auto recorder = store->record();
    const Take take = sampleTake(samplePlan(5));
    recorder->planned(take.plan);
    recorder->answered({0, 0, Latent{{4, 100, 160}, std::vector<float>(64000, 0.5f)}, {}});
    recorder->firstPassFinished(take.firstPassLatent);
    for (const Layer& layer : take.layers)
        recorder->layerFinished(layer);
    say(pipe, recorder->failure() ? "full " : "room ");
    recorder->finish(take);
    const auto listed = std::get<std::vector<TakeSummary>>(store->list({}));
    say(pipe, recorder->failure() ? recorder->failure()->detail : takeStateId(listed.at(0).state));
}

} // namespace

/// What happens to takes when the program is killed, the disk is full, or two programs write at once.
class TestTakeStoreDisasters : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_temporary;
    fs::path m_folder;

private Q_SLOTS:
    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        m_folder = fs::path(m_temporary->path().toStdString()) / "takes";
        fs::create_directories(m_folder);
    }

    void killedAtAnyMomentNoFinishedLayerIsLost()
    {
        std::mt19937 random(20261123);
        int interrupted = 0;
        int promised = 0;
        for (int kill = 0; kill < kKills; ++kill) {
            const fs::path folder = m_folder / std::to_string(kill / 10);
            Forked writer([&](int pipe) {
                const auto store = openStore(folder);
                for (std::uint64_t seed = 1;; ++seed)
                    recordAndSay(*store, samplePlan(seed), pipe);
            });
            writer.waitForLines(static_cast<std::ptrdiff_t>(random() % 8));
            usleep(static_cast<useconds_t>(random() % 12000));
            ::kill(writer.process(), SIGKILL);
            std::istringstream said(writer.said());
            const auto store = openStore(folder);
            QCOMPARE(QString::fromStdString(faultsIn(*store)), QString());
            std::string id, layer;
            for (; said >> id >> layer; ++promised)
                QVERIFY2(fs::exists(folder / id / "run-1" / (layer + ".png")), id.c_str());
            const auto takes = std::get<std::vector<TakeSummary>>(store->list({}));
            for (const TakeSummary& take : takes) {
                QVERIFY(take.state == TakeState::Finished || take.state == TakeState::Interrupted);
                interrupted += take.state == TakeState::Interrupted;
            }
        }
        QVERIFY(interrupted > 0 && promised > kKills); // else nothing was tried
    }

    void aFileThatCannotGrowIsSaidAndLeavesNoHalves()
    {
        int failed = 0;
        int kept = 0;
        for (int bytes = 16; bytes < 400000; bytes += bytes / 3) {
            const fs::path folder = m_folder / std::to_string(bytes);
            Forked writer([&](int pipe) {
                allowFilesOf(static_cast<rlim_t>(bytes));
                const auto store = openStore(folder);
                const auto recorder = store->record();
                recordAll(*recorder, samplePlan(5));
                const auto& failure = recorder->failure();
                say(pipe,
                    !failure                                   ? "kept"
                        : failure->kind == ErrorKind::DiskFull ? "full"
                                                               : failure->detail);
            });
            const std::string said = writer.said();
            QVERIFY2(said == "kept" || said == "full", said.c_str());
            (said == "kept" ? kept : failed) += 1;
            QCOMPARE(QString::fromStdString(faultsIn(*openStore(folder))), QString());
        }
        QVERIFY(failed > 5 && kept > 0);
    }

    void aFullDiskIsSaidAndLeavesNoHalves()
    {
        int failed = 0;
        int kept = 0;
        for (int kilobytes = 4; kilobytes <= 400; kilobytes += 8) {
            Forked writer([&](int pipe) { recordOnSmallDisk(m_folder, kilobytes, pipe); });
            const std::string said = writer.said();
            if (said == "no mount")
                QSKIP("This process may not mount a small file system; the limit on files stands for it.");
            QVERIFY2(said == "failed\n" || said == "kept\n", said.c_str());
            (said == "kept\n" ? kept : failed) += 1;
        }
        QVERIFY(failed > 5 && kept > 0);
    }

    void answersMakeWayForPictures()
    {
        Forked writer([&](int pipe) { fillWithAnswers(m_folder, pipe); });
        const std::string said = writer.said();
        if (said == "no mount")
            QSKIP("This process may not mount a small file system.");
        QCOMPARE(said, std::string("full finished"));
    }

    void whatDidNotFitIsTriedAgainAtTheEnd()
    {
        Forked writer([&](int pipe) {
            allowFilesOf(300);
            const auto store = openStore(m_folder);
            const auto recorder = store->record();
            const Take take = sampleTake(samplePlan(5));
            recorder->planned(take.plan);
            for (const Layer& layer : take.layers)
                recorder->layerFinished(layer);
            if (recorder->failure())
                say(pipe, "failed ");
            allowFilesOf(0);
            recorder->finish(take);
            say(pipe, recorder->failure() ? recorder->failure()->detail : "kept");
        });
        QCOMPARE(writer.said(), std::string("failed kept"));
        const auto store = openStore(m_folder);
        QCOMPARE(QString::fromStdString(faultsIn(*store)), QString());
        const auto takes = std::get<std::vector<TakeSummary>>(store->list({}));
        QCOMPARE(takes.size(), std::size_t(1));
        QCOMPARE(takes.front().layers, 3);
        QVERIFY(takes.front().hasFirstPass);
    }

    void severalProgramsShareAStore()
    {
        constexpr int kEach = 12;
        const auto work = [&](std::uint64_t first) {
            return [this, first](int pipe) {
                const auto store = openStore(m_folder);
                for (std::uint64_t seed = first; seed < first + kEach; ++seed) {
                    const auto recorder = store->record();
                    recordAll(*recorder, samplePlan(seed));
                    if (recorder->failure())
                        say(pipe, recorder->failure()->detail + "\n");
                    if (seed % 4 == 0 && failureOf(store->trash(recorder->id())))
                        say(pipe, "not thrown away\n");
                }
            };
        };
        Forked one(work(100)), two(work(200)), three(work(300));
        const auto store = openStore(m_folder);
        for (int i = 0; i < 20; ++i)
            QVERIFY(!failureOf(store->list({})));
        QCOMPARE(one.said() + two.said() + three.said(), std::string());
        QCOMPARE(QString::fromStdString(faultsIn(*store)), QString());
        QCOMPARE(std::get<std::vector<TakeSummary>>(store->list({})).size(), std::size_t(27));
        QCOMPARE(std::get<std::vector<TakeSummary>>(store->list({.text = {}, .trashed = true})).size(),
            std::size_t(9));
        QCOMPARE(std::get<int>(store->rebuildIndex()), 36);
    }
};

QTEST_GUILESS_MAIN(TestTakeStoreDisasters)
#include "tst_take_store_disasters.moc"
