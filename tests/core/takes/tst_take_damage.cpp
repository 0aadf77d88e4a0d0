#include "core/takes/file_lock.h"
#include "core/takes/store_layout.h"
#include "core/takes/take_files.h"
#include "tests/core/takes/take_sample.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <map>

using namespace studio;
using namespace studio::test;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& file, const QByteArray& bytes)
{
    QFile out(QString::fromStdString(file.string()));
    QVERIFY(out.open(QIODevice::WriteOnly | QIODevice::Truncate));
    out.write(bytes);
}

QByteArray bytesOf(const fs::path& file)
{
    QFile in(QString::fromStdString(file.string()));
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray("cannot be opened");
}

std::map<std::string, QByteArray> filesIn(const fs::path& folder)
{
    std::map<std::string, QByteArray> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            files[entry.path().lexically_relative(folder).string()] = bytesOf(entry.path());
    return files;
}

/// The same pixels, without a word beside them.
void dropMetadata(const fs::path& file)
{
    const auto loaded = loadPicture(file);
    const auto bytes = encodePicture(std::get<LoadedPicture>(loaded).picture, {});
    write(file, QByteArray::fromStdString(std::get<std::string>(bytes)));
}

void writeNewerVersion(const fs::path& take)
{
    write(take / "take.json", bytesOf(take / "take.json").replace("\"version\": 2", "\"version\": 3"));
}

/// Nothing of it can be made up for.
void damageBeyondRepair(const fs::path& take)
{
    write(take / "run-1" / "plan.json", "{");
    write(take / "run-1" / "request.json", "{");
    for (const char* layer : {"first_pass.png", "upscaled.png", "hires.png"})
        dropMetadata(take / "run-1" / layer);
}

using Harm = std::function<void(const fs::path& take)>;

} // namespace

/// Takes of which a small file was cut, lost or written by a newer version of the program.
class TestTakeDamage : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_temporary;
    fs::path m_folder;
    std::shared_ptr<TakeStore> m_store;

    std::string keep(std::uint64_t seed, const std::string& firstPass = {}, Ending ending = Ending::Finished)
    {
        const auto recorder = m_store->record();
        Plan plan = samplePlan(seed, "a lighthouse");
        plan.request.firstPass = firstPass;
        Take take = sampleTake(plan);
        take.ending = ending;
        recorder->planned(plan);
        recorder->finish(take);
        if (recorder->failure())
            qFatal("%s", recorder->failure()->detail.c_str());
        return recorder->id();
    }

    /// Of one take, after everything was read anew.
    TakeSummary summary(bool trashed = false)
    {
        if (failureOf(m_store->rebuildIndex()))
            qFatal("no index");
        const auto listed = m_store->list({.text = {}, .trashed = trashed});
        const auto& takes = std::get<std::vector<TakeSummary>>(listed);
        return takes.size() == 1 ? takes.front() : TakeSummary{};
    }

private Q_SLOTS:
    void init()
    {
        m_store.reset();
        m_temporary = std::make_unique<QTemporaryDir>();
        m_folder = fs::path(m_temporary->path().toStdString()) / "takes";
        m_store = openStore(m_folder);
    }

    void whatIsLostIsMadeUpForFromTheFilesBesideIt_data()
    {
        QTest::addColumn<Harm>("harm");
        QTest::addColumn<QString>("named");
        QTest::addColumn<bool>("endingKnown");
        const auto row = [](const char* name, const char* named, bool endingKnown, Harm harm) {
            QTest::newRow(name) << harm << QString::fromLatin1(named) << endingKnown;
        };
        row("the plan is cut", "plan.json", true,
            [](const fs::path& take) { write(take / "run-1" / "plan.json", "{\"version\":"); });
        row("the plan is gone", "plan.json", true,
            [](const fs::path& take) { fs::remove(take / "run-1" / "plan.json"); });
        row("plan and request are gone", "plan.json", true, [](const fs::path& take) {
            fs::remove(take / "run-1" / "plan.json");
            fs::remove(take / "run-1" / "request.json");
        });
        row("the ending is cut", "run.json", false,
            [](const fs::path& take) { write(take / "run-1" / "run.json", "{"); });
        row("the ending is another's", "run.json", false, [](const fs::path& take) {
            write(take / "run-1" / "run.json", "{\"version\":1,\"ending\":\"finished\"}");
        });
        row("take.json is gone", "take.json", true,
            [](const fs::path& take) { fs::remove(take / "take.json"); });
        row("take.json is cut", "take.json", true,
            [](const fs::path& take) { write(take / "take.json", ""); });
    }
    void whatIsLostIsMadeUpForFromTheFilesBesideIt()
    {
        QFETCH(Harm, harm);
        QFETCH(QString, named);
        QFETCH(bool, endingKnown);
        const std::string id = keep(7);
        const TakeSummary before = summary();
        QCOMPARE(before.damage, std::string());
        harm(m_folder / id);
        const TakeSummary after = summary();
        QCOMPARE(after.id, id);
        QVERIFY(after.state == (endingKnown ? TakeState::Finished : TakeState::Interrupted));
        QVERIFY2(QString::fromStdString(after.damage).contains(named), after.damage.c_str());
        QVERIFY(after.seed == 7u && after.prompt == "a lighthouse" && after.model == "Bright Coast");
        QVERIFY(after.picture == before.picture && after.size == before.size && after.layers == 3);
        QVERIFY(after.hasFirstPass && !after.starred);
        QVERIFY(before.created - after.created >= 0 && before.created - after.created < 1000);
        const auto read = m_store->read(id);
        const StoredRun& run = std::get<StoredTake>(read).runs.front();
        QVERIFY(run.take.plan.request == samplePlan(7, "a lighthouse").request);
        QVERIFY(run.layers.at(1).kind == LayerKind::Upscaled && run.layers.at(1).size == (Extent{256, 128}));
    }

    void aTakeOfWhichNothingIsKnownIsListedWithItsPicture_data()
    {
        QTest::addColumn<Harm>("harm");
        QTest::addColumn<QString>("said");
        QTest::newRow("nothing can be read") << Harm(&damageBeyondRepair) << QStringLiteral("plan.json");
        QTest::newRow("a newer version") << Harm(&writeNewerVersion) << QStringLiteral("Update the program");
        QTest::newRow("its run is gone") << Harm([](const fs::path& take) {
            fs::rename(take / "run-1" / "hires.png", take / "hires.png");
            fs::remove_all(take / "run-1");
        }) << QStringLiteral("no run");
    }
    void aTakeOfWhichNothingIsKnownIsListedWithItsPicture()
    {
        QFETCH(Harm, harm);
        QFETCH(QString, said);
        const std::string id = keep(7);
        harm(m_folder / id);
        const TakeSummary take = summary();
        QCOMPARE(take.id, id);
        QVERIFY(take.state == TakeState::Damaged);
        QVERIFY2(QString::fromStdString(take.damage).contains(said), take.damage.c_str());
        QCOMPARE(take.picture.filename(), fs::path("hires.png"));
        QVERIFY(fs::exists(take.picture) && take.size == (Extent{256, 128}) && take.created > 0);
        const auto read = m_store->read(id);
        QVERIFY(failureOf(read) && failureOf(read)->detail == take.damage);
        QCOMPARE(
            std::get<std::vector<TakeSummary>>(m_store->list({.text = "damaged"})).size(), std::size_t(1));
        // It is thrown away and brought back whole.
        const auto files = filesIn(m_folder / id);
        QVERIFY(!failureOf(m_store->trash(id)));
        QVERIFY(summary(true).state == TakeState::Damaged);
        QVERIFY(!failureOf(m_store->restore(id)));
        QVERIFY(filesIn(m_folder / id) == files);
        m_store->trash(id);
        QCOMPARE(std::get<int>(m_store->emptyTrash()), 1);
        QVERIFY(!fs::exists(m_folder / "trash" / id));
    }

    void oneBadRunDoesNotHideTheOthers()
    {
        const std::string id = keep(7);
        const std::string latent = (m_folder / id / "first_pass.safetensors").string();
        QCOMPARE(keep(7, latent), id);
        fs::rename(m_folder / id / "run-2", m_folder / id / "run-3");
        QCOMPARE(keep(7, latent), id);
        damageBeyondRepair(m_folder / id);
        const auto read = m_store->read(id);
        const auto& runs = std::get<StoredTake>(read).runs;
        QCOMPARE(runs.size(), std::size_t(2));
        QCOMPARE(runs.front().folder, m_folder / id / "run-3");
        QVERIFY(summary().finishedRuns == 2 && summary().state == TakeState::Finished);
        QVERIFY(summary().damage.find("run-1") != std::string::npos);
    }

    void noFileOfADamagedTakeIsChanged_data()
    {
        QTest::addColumn<Harm>("harm");
        QTest::addColumn<bool>("goesOn");
        QTest::newRow("nothing can be read") << Harm(&damageBeyondRepair) << false;
        QTest::newRow("a newer version") << Harm(&writeNewerVersion) << false;
        QTest::newRow("take.json is cut")
            << Harm([](const fs::path& take) { write(take / "take.json", "{"); }) << true;
        QTest::newRow("the ending is cut")
            << Harm([](const fs::path& take) { write(take / "run-1" / "run.json", "{"); }) << false;
    }
    void noFileOfADamagedTakeIsChanged()
    {
        QFETCH(Harm, harm);
        QFETCH(bool, goesOn);
        const std::string id = keep(7, {}, Ending::Cancelled);
        const std::string newest = keep(8);
        const fs::path take = m_folder / id;
        fs::create_directory(take / "run-1" / "answers");
        write(take / "run-1" / "answers" / "0.bin", "kept");
        write(take / "run-1" / "hires.png.part", "half");
        harm(take);
        const auto files = filesIn(take);
        openStore(m_folder)->rebuildIndex();
        QCOMPARE(!failureOf(m_store->goOn(id)), goesOn);
        fs::remove(take / "run-1" / kRunningFile); // of who went on
        const auto small = openStore(m_folder, 1);
        QVERIFY(std::get<LimitReport>(small->applyLimit()).exceeded);
        QVERIFY(!failureOf(m_store->read(newest)));
        QVERIFY(filesIn(take) == files);
        m_store->star(id, true); // a take.json that cannot be read is not replaced
        auto after = filesIn(take);
        if (failureOf(m_store->star(id, true)))
            QVERIFY(after == files);
        after["take.json"] = files.at("take.json");
        QVERIFY(after == files);
        m_store->trash(id);
        small->applyLimit(); // nor does the limit throw it away
        QVERIFY(fs::exists(m_folder / "trash" / id / "run-1" / "hires.png"));
    }

    void theStarOfATakeWithoutItsFileIsWritten()
    {
        const std::string id = keep(7);
        fs::remove(m_folder / id / "take.json");
        QVERIFY(!failureOf(m_store->star(id, true)));
        QVERIFY(summary().starred);
        QCOMPARE(summary().damage, std::string());
    }

    void aTakeThatWasMendedByHandIsWhole()
    {
        const std::string id = keep(7);
        const fs::path plan = m_folder / id / "run-1" / "plan.json";
        const QByteArray whole = bytesOf(plan);
        write(plan, "{");
        QVERIFY(!summary().damage.empty());
        write(plan, whole); // in its place: the folders' own times stay
        const auto listed = m_store->list({});
        QCOMPARE(std::get<std::vector<TakeSummary>>(listed).at(0).damage, std::string());
    }

    void leftoversOfWhoStillWritesAreNone()
    {
        const std::string id = keep(7);
        const fs::path take = m_folder / id;
        const fs::path half = take / "run-1" / "hires.png.part";
        write(half, "half");
        {
            // Another program goes on with the run, or adds one, after the take was read.
            const auto running = FileLock::tryTake(take / "run-1" / kRunningFile, FileLock::Kind::Exclusive);
            QVERIFY(running);
            QVERIFY(!removeLeftovers(m_folder, take));
            QVERIFY(fs::exists(half) && fs::exists(take / "run-1" / kRunningFile));
        }
        {
            const auto beginning = FileLock::tryTake(m_folder / kStoreLockFile, FileLock::Kind::Shared);
            QVERIFY(!removeLeftovers(m_folder, take));
            QVERIFY(fs::exists(half));
            m_store->rebuildIndex(); // which leaves them, too, and looks again
            QVERIFY(fs::exists(half));
        }
        QVERIFY(!failureOf(m_store->list({})));
        QVERIFY(!fs::exists(half) && !fs::exists(take / "run-1" / kRunningFile));
    }
};

QTEST_GUILESS_MAIN(TestTakeDamage)
#include "tst_take_damage.moc"
