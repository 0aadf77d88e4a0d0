#include "core/api/infotext.h"
#include "core/api/request_json.h"
#include "core/api/take_store.h"
#include "tests/core/takes/take_sample.h"

#include <QDateTime>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace studio;
using namespace studio::test;
namespace fs = std::filesystem;

class TestTakeStore : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_temporary;
    fs::path m_folder;

    std::string keep(TakeStore& store, std::uint64_t seed, const std::string& prompt = "a cat")
    {
        const auto recorder = store.record();
        recordAll(*recorder, samplePlan(seed, prompt));
        if (recorder->failure())
            qWarning("%s", recorder->failure()->detail.c_str());
        return recorder->id();
    }

    std::vector<TakeSummary> list(TakeStore& store, const TakeQuery& query = {})
    {
        const auto outcome = store.list(query);
        if (const Failure* failure = failureOf(outcome))
            qWarning("%s", failure->detail.c_str());
        return failureOf(outcome) ? std::vector<TakeSummary>{} : std::get<std::vector<TakeSummary>>(outcome);
    }

    std::vector<std::uint64_t> seeds(TakeStore& store, const TakeQuery& query = {})
    {
        std::vector<std::uint64_t> found;
        for (const TakeSummary& take : list(store, query))
            found.push_back(take.seed);
        return found;
    }

    StoredTake read(TakeStore& store, const std::string& id)
    {
        auto outcome = store.read(id);
        if (const Failure* failure = failureOf(outcome))
            qFatal("%s", failure->detail.c_str());
        return std::get<StoredTake>(std::move(outcome));
    }

private Q_SLOTS:
    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        m_folder = fs::path(m_temporary->path().toStdString()) / "takes";
    }

    void aRunIsReadBackAsItWas()
    {
        const Plan plan = samplePlan(7);
        const auto store = openStore(m_folder);
        const auto recorder = store->record();
        recordAll(*recorder, plan);
        QVERIFY(!recorder->failure());
        const auto later = openStore(m_folder);
        const StoredTake take = read(*later, recorder->id());
        QVERIFY(take.runs.size() == 1);
        const StoredRun& run = take.runs.front();
        QVERIFY(run.state == TakeState::Finished);
        QVERIFY(run.take.plan == plan);
        QVERIFY(run.take.notes == sampleTake(plan).notes);
        QCOMPARE(run.take.stages.at(0).evaluations, 2);
        QCOMPARE(run.take.seconds, 3.25);
        QCOMPARE(run.take.layers.at(2).seconds, sampleLayer(plan, LayerKind::Hires).seconds);
        QCOMPARE(run.layers.size(), std::size_t(3));
        QVERIFY(run.layers.at(2).size == (Extent{256, 128}));
        const FirstPass first = readFirstPass(take.firstPass);
        QVERIFY(first.latent == sampleLatent(plan));
        QVERIFY(first.size == (Extent{128, 64}));
        QVERIFY(first.request == plan.request);
        QCOMPARE(QString::fromStdString(faultsIn(*later)), QString());
    }

    void layersCarryTheirRecipe()
    {
        const Plan plan = samplePlan(7);
        const auto store = openStore(m_folder);
        const StoredTake take = read(*store, keep(*store, 7, plan.request.prompt));
        const auto metadata = loadPictureMetadata(take.runs.front().layers.at(2).file);
        QCOMPARE(std::get<PictureMetadata>(metadata).requestJson, toJson(plan.request));
        QCOMPARE(std::get<PictureMetadata>(metadata).parameters, toInfotext(plan, LayerKind::Hires));
    }

    void theListSaysWhatATakeIs()
    {
        const auto store = openStore(m_folder);
        keep(*store, 1);
        const std::string id = keep(*store, 9000000000000000000u, "a dog\nin the snow");
        const TakeSummary take = list(*store).front();
        QCOMPARE(take.id, id);
        QVERIFY(take.state == TakeState::Finished && take.mode == Mode::Hires && take.hasFirstPass);
        QVERIFY(take.seed == 9000000000000000000u);
        QCOMPARE(take.prompt, std::string("a dog\nin the snow"));
        QCOMPARE(take.model, std::string("Bright Coast"));
        QVERIFY(take.size == (Extent{256, 128}));
        QCOMPARE(take.picture, m_folder / id / "run-1" / "hires.png");
        QCOMPARE(take.layers, 3);
        QVERIFY(take.bytes > 3L * (128 * 64 + 2 * 256 * 128));
        QVERIFY(read(*store, id).summary.bytes == take.bytes);
    }

    void whatIsFinishedIsThereBeforeTheRunEnds()
    {
        const Plan plan = samplePlan(3);
        const auto store = openStore(m_folder);
        const auto other = openStore(m_folder);
        const auto recorder = store->record();
        QVERIFY(list(*other).empty());
        recorder->planned(plan);
        QVERIFY(list(*other).at(0).state == TakeState::Running);
        QCOMPARE(list(*other).at(0).layers, 0);
        recorder->firstPassFinished(sampleLatent(plan));
        recorder->layerFinished(sampleLayer(plan, LayerKind::FirstPass));
        QCOMPARE(list(*other).at(0).layers, 1);
        QVERIFY(list(*other).at(0).hasFirstPass);
        recorder->finish(sampleTake(plan));
        QVERIFY(list(*other).at(0).state == TakeState::Finished);
        QCOMPARE(list(*other).at(0).layers, 3);
    }

    void aRunThatNobodyFinishesIsInterrupted()
    {
        const Plan plan = samplePlan(3);
        const auto store = openStore(m_folder);
        auto recorder = store->record();
        recorder->planned(plan);
        recorder->layerFinished(sampleLayer(plan, LayerKind::FirstPass));
        const std::string id = recorder->id();
        recorder.reset(); // its lock goes as it goes when a program is killed
        const StoredTake take = read(*store, id);
        QVERIFY(take.runs.front().state == TakeState::Interrupted);
        QVERIFY(take.runs.front().take.plan == plan);
        QCOMPARE(take.runs.front().layers.size(), std::size_t(1));
    }

    void cancelledAndFailedRunsSaySo()
    {
        const Plan plan = samplePlan(3);
        const auto store = openStore(m_folder);
        Take take = sampleTake(plan);
        take.layers.resize(1);
        take.ending = Ending::Failed;
        take.failure = Failure{ErrorKind::OutOfMemory, "Memory ran out."};
        const auto recorder = store->record();
        recorder->planned(plan);
        recorder->finish(take); // nothing was reported on the way: it is saved at the end
        const StoredRun run = read(*store, recorder->id()).runs.front();
        QVERIFY(run.state == TakeState::Failed);
        QVERIFY(run.take.failure == take.failure);
        QCOMPARE(run.layers.size(), std::size_t(1));
        take.ending = Ending::Cancelled;
        const auto second = store->record();
        second->planned(plan);
        second->finish(take);
        QVERIFY(read(*store, second->id()).runs.front().state == TakeState::Cancelled);
    }

    void aRunWithoutAPlanLeavesNothing()
    {
        const auto store = openStore(m_folder);
        const auto recorder = store->record();
        recorder->finish(Take{});
        QVERIFY(recorder->id().empty() && !recorder->failure());
        QVERIFY(list(*store).empty());
    }

    void searchFindsDaysAndMonths()
    {
        const auto store = openStore(m_folder);
        keep(*store, 11, "an apple");
        keep(*store, 12, "the winter of 1999-01");
        const QDateTime made = QDateTime::fromMSecsSinceEpoch(list(*store).back().created);
        const auto at = [&](const char* form, int days) {
            return made.addDays(days).toString(QLatin1String(form)).toStdString();
        };
        QVERIFY(!seeds(*store, {.text = at("yyyy-MM-dd", 0)}).empty());
        QVERIFY((seeds(*store, {.text = at("yyyy-MM-dd", 0) + " apple"}) == std::vector<std::uint64_t>{11}));
        QVERIFY((seeds(*store, {.text = "apple " + at("yyyy-MM", 0)}) == std::vector<std::uint64_t>{11}));
        QVERIFY(seeds(*store, {.text = at("yyyy-MM-dd", 2)}).empty());
        QVERIFY(seeds(*store, {.text = at("yyyy-MM", -400)}).empty());
        QVERIFY((seeds(*store, {.text = "1999-01"}) == std::vector<std::uint64_t>{12})); // words stay words
        QVERIFY(seeds(*store, {.text = "1999-0x"}).empty());
    }

    void searchFindsAllWordsInAnyCase()
    {
        const auto store = openStore(m_folder);
        keep(*store, 11, "Ein GRÜNER Apfel");
        keep(*store, 12, "ein roter Apfel");
        QVERIFY((seeds(*store, {.text = "apfel"}) == std::vector<std::uint64_t>{12, 11}));
        QVERIFY((seeds(*store, {.text = "Apfel grüner"}) == std::vector<std::uint64_t>{11}));
        QVERIFY((seeds(*store, {.text = "bright"}).size() == 2));
        QVERIFY((seeds(*store, {.text = "12"}) == std::vector<std::uint64_t>{12}));
        QVERIFY(seeds(*store, {.text = "apfel birne"}).empty());
        QVERIFY(seeds(*store, {.text = "%"}).empty());
    }

    void theTrashGivesBackWhatWasThrownAway()
    {
        const auto store = openStore(m_folder);
        const std::string id = keep(*store, 1);
        keep(*store, 2);
        const TakeSummary before = read(*store, id).summary;
        QVERIFY(!failureOf(store->trash(id)));
        QVERIFY((seeds(*store) == std::vector<std::uint64_t>{2}));
        QVERIFY((seeds(*store, {.text = {}, .trashed = true}) == std::vector<std::uint64_t>{1}));
        QVERIFY(fs::exists(list(*store, {.text = {}, .trashed = true}).at(0).picture));
        QVERIFY(!failureOf(store->restore(id)));
        QVERIFY(read(*store, id).summary == before);
        QVERIFY(list(*store, {.text = {}, .trashed = true}).empty());
        QVERIFY(!failureOf(store->trash(id)));
        QCOMPARE(std::get<int>(store->emptyTrash()), 1);
        QVERIFY(failureOf(store->restore(id))->kind == ErrorKind::FileMissing);
        QVERIFY((seeds(*store) == std::vector<std::uint64_t>{2}));
    }

    void aRunningTakeIsNotThrownAway()
    {
        const auto store = openStore(m_folder);
        const auto recorder = store->record();
        recorder->planned(samplePlan(1));
        QVERIFY(failureOf(openStore(m_folder)->trash(recorder->id())));
        QCOMPARE(list(*store).size(), std::size_t(1));
    }

    void namesThatAreNoTakesAreRefused_data()
    {
        QTest::addColumn<QString>("id");
        for (const char* id : {"", "..", "../takes", "trash", "index.sqlite", "20260131-120000-0a1b2c/.."})
            QTest::newRow(id) << QString::fromUtf8(id);
    }
    void namesThatAreNoTakesAreRefused()
    {
        QFETCH(QString, id);
        const auto store = openStore(m_folder);
        keep(*store, 1);
        QVERIFY(failureOf(store->trash(id.toStdString())));
        QVERIFY(failureOf(store->read(id.toStdString())));
        QCOMPARE(list(*store).size(), std::size_t(1));
    }

    void starsStay()
    {
        const auto store = openStore(m_folder);
        const std::string id = keep(*store, 1);
        keep(*store, 2);
        QVERIFY(!failureOf(store->star(id, true)));
        QVERIFY((seeds(*openStore(m_folder), {.text = {}, .trashed = false, .starredOnly = true})
            == std::vector<std::uint64_t>{1}));
        QVERIFY(!failureOf(store->star(id, false)));
        QVERIFY(seeds(*store, {.text = {}, .trashed = false, .starredOnly = true}).empty());
    }

    void aMissingIndexIsMadeAgain()
    {
        const auto store = openStore(m_folder);
        const std::string starred = keep(*store, 1);
        keep(*store, 2);
        const std::string trashed = keep(*store, 3);
        store->star(starred, true);
        store->trash(trashed);
        const auto before = list(*store);
        const auto trashBefore = list(*store, {.text = {}, .trashed = true});
        fs::remove(m_folder / "index.sqlite");
        QVERIFY(list(*openStore(m_folder)) == before);
        QVERIFY(list(*openStore(m_folder), {.text = {}, .trashed = true}) == trashBefore);
        QCOMPARE(std::get<int>(store->rebuildIndex()), 3);
        QVERIFY(list(*store) == before);
    }

    void aBrokenIndexIsMadeAgain()
    {
        const auto before = [&] {
            const auto store = openStore(m_folder);
            keep(*store, 1);
            keep(*store, 2);
            return list(*store);
        }();
        const QString index = QString::fromStdString((m_folder / "index.sqlite").string());
        for (const int offset : {0, 100, 4096}) {
            QFile file(index);
            QVERIFY(file.open(QIODevice::ReadWrite));
            QVERIFY(file.seek(offset));
            file.write(QByteArray(5000, 'x'));
            file.close();
            QVERIFY(list(*openStore(m_folder)) == before);
        }
        QFile(index).remove();
        QVERIFY(fs::create_directory(m_folder / "index.sqlite")); // cannot be an index, nor be removed easily
        fs::create_directory(m_folder / "index.sqlite" / "x");
        QVERIFY(list(*openStore(m_folder)) == before);
    }

    void aMovedStoreFindsItsPictures()
    {
        keep(*openStore(m_folder), 1);
        const fs::path moved = m_folder.parent_path() / "elsewhere";
        fs::rename(m_folder, moved);
        const auto store = openStore(moved);
        QVERIFY(fs::exists(list(*store).at(0).picture));
    }

    void theLimitTakesLatentsThenTrashNeverPictures()
    {
        const auto free = openStore(m_folder);
        const std::string oldest = keep(*free, 1);
        const std::string starred = keep(*free, 2);
        const std::string older = keep(*free, 3);
        const std::string trashed = keep(*free, 4);
        const std::string newest = keep(*free, 5);
        free->star(starred, true);
        free->trash(trashed);
        std::int64_t all = 0;
        for (const bool trash : {false, true})
            for (const TakeSummary& take : list(*free, {.text = {}, .trashed = trash}))
                all += take.bytes;
        const auto reportOf = [&](std::int64_t limit) {
            return std::get<LimitReport>(openStore(m_folder, limit)->applyLimit());
        };
        QCOMPARE(reportOf(all).latentsRemoved, 0);
        QCOMPARE(reportOf(all - 1).latentsRemoved, 1);
        QVERIFY(read(*free, oldest).firstPass.empty());
        QVERIFY(!read(*free, older).firstPass.empty());
        const LimitReport rest = reportOf(1);
        QCOMPARE(rest.latentsRemoved, 2); // of `older`, and of the one in the trash
        QCOMPARE(rest.takesRemoved, 1);
        QVERIFY(rest.exceeded);
        QVERIFY(!read(*free, starred).firstPass.empty());
        QVERIFY(!read(*free, newest).firstPass.empty());
        QVERIFY((seeds(*free) == std::vector<std::uint64_t>{5, 3, 2, 1}));
        QCOMPARE(read(*free, oldest).runs.front().layers.size(), std::size_t(3));
        std::int64_t left = 0;
        for (const TakeSummary& take : list(*free))
            left += take.bytes;
        QCOMPARE(rest.bytes, left);
        QCOMPARE(reportOf(1).latentsRemoved, 0); // however often
    }

    void theLimitHoldsAfterEachRunAndLeavesWhatComesNext()
    {
        const auto store = openStore(m_folder, 1);
        const std::string first = keep(*store, 1);
        QVERIFY(!read(*store, first).firstPass.empty());
        const std::string second = keep(*store, 2);
        QVERIFY(read(*store, first).firstPass.empty() && !read(*store, second).firstPass.empty());
        QCOMPARE(list(*store).at(1).layers, 3);
    }

    void theLimitSparesTheTakeThatWasWorkedOnLast()
    {
        const auto free = openStore(m_folder);
        const std::string old = keep(*free, 1);
        keep(*free, 2);
        Plan again = samplePlan(1);
        again.request.firstPass = read(*free, old).firstPass.string();
        for (int i = 0; i < 2; ++i) {
            const auto store = openStore(m_folder, 1);
            const auto recorder = store->record();
            recordAll(*recorder, again);
            QCOMPARE(recorder->id(), old);
            QVERIFY(!failureOf(store->applyLimit()));
            QVERIFY(!read(*free, old).firstPass.empty()); // from which the next run goes on
        }
        QVERIFY(!list(*free).at(0).hasFirstPass);
    }
};

QTEST_GUILESS_MAIN(TestTakeStore)
#include "tst_take_store.moc"
