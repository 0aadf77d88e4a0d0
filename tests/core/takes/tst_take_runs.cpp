#include "core/api/take_store.h"
#include "tests/core/takes/take_sample.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace studio;
using namespace studio::test;
namespace fs = std::filesystem;

/// Takes of several runs, and takes that other versions of the program wrote.
class TestTakeRuns : public QObject {
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

    void aRunFromATakesLatentBelongsToTheTake()
    {
        const auto store = openStore(m_folder);
        const std::string id = keep(*store, 1);
        const auto before = read(*store, id).runs.front().layers;
        Plan again = samplePlan(1);
        again.request.hires.rungs[0].strength = 0.6;
        again.request.firstPass = (m_folder / "." / id / "first_pass.safetensors").string();
        for (int i = 0; i < 2; ++i) {
            const auto recorder = store->record();
            recordAll(*recorder, again);
            QVERIFY(!recorder->failure());
            QCOMPARE(recorder->id(), id);
        }
        QCOMPARE(list(*store).size(), std::size_t(1));
        QCOMPARE(list(*store).at(0).layers, 9);
        const StoredTake take = read(*openStore(m_folder), id);
        QCOMPARE(take.runs.size(), std::size_t(3));
        QVERIFY(take.runs.front().layers == before);
        QVERIFY(take.runs.back().take.plan == again);
        QCOMPARE(take.summary.picture, m_folder / id / "run-3" / "hires.png");
        QVERIFY(readFirstPass(take.firstPass).request == samplePlan(1, "a cat").request);
        QCOMPARE(QString::fromStdString(faultsIn(*store)), QString());
    }

    void aSecondPassThatIsCutOffLeavesTheTake()
    {
        const auto store = openStore(m_folder);
        const std::string id = keep(*store, 1);
        Plan again = samplePlan(1);
        again.request.firstPass = (m_folder / id / "first_pass.safetensors").string();
        auto recorder = store->record();
        recorder->planned(again);
        QVERIFY(list(*store).at(0).state == TakeState::Running);
        QCOMPARE(list(*store).at(0).picture, m_folder / id / "run-1" / "hires.png");
        QVERIFY(failureOf(store->trash(id)));
        recorder.reset();
        QVERIFY(list(*store).at(0).state == TakeState::Interrupted);
        QCOMPARE(list(*store).at(0).layers, 3);
        QVERIFY(read(*store, id).runs.front().state == TakeState::Finished);
    }

    void aRunFromElsewhereIsATakeOfItsOwn()
    {
        const auto elsewhere = openStore(m_folder.parent_path() / "elsewhere");
        const std::string id = keep(*elsewhere, 1);
        Plan again = samplePlan(1);
        again.request.firstPass = (elsewhere->settings().folder / id / "first_pass.safetensors").string();
        const auto store = openStore(m_folder);
        const auto recorder = store->record();
        recordAll(*recorder, again);
        QVERIFY(recorder->id() != id);
        QVERIFY(!read(*store, recorder->id()).firstPass.empty()); // complete in itself
        QCOMPARE(read(*elsewhere, id).runs.size(), std::size_t(1));
    }

    void takesOfVersionOneAreBroughtUp()
    {
        fs::copy(STUDIO_SOURCE_DIR "/tests/core/takes/data/version_1", m_folder, fs::copy_options::recursive);
        const auto store = openStore(m_folder);
        const auto takes = list(*store);
        QCOMPARE(takes.size(), std::size_t(2));
        QVERIFY(takes[1].starred && takes[1].state == TakeState::Finished && takes[1].layers == 3);
        QVERIFY(!takes[0].starred && takes[0].state == TakeState::Interrupted && takes[0].layers == 1);
        QCOMPARE(takes[1].picture, m_folder / takes[1].id / "run-1" / "hires.png");
        const StoredTake take = read(*store, takes[1].id);
        QCOMPARE(take.runs.front().take.notes.size(), std::size_t(1));
        QCOMPARE(take.runs.front().take.layers.at(2).seconds, 30.0);
        QCOMPARE(readFirstPass(take.firstPass).latent.values.at(9), 7.5f);
        for (const StoredLayer& layer : take.runs.front().layers)
            QVERIFY(!failureOf(loadPicture(layer.file)));
        Plan again = take.runs.front().take.plan;
        again.request.firstPass = take.firstPass.string();
        const auto recorder = store->record();
        recorder->planned(again);
        QCOMPARE(recorder->id(), takes[1].id);
        QCOMPARE(read(*store, takes[1].id).runs.size(), std::size_t(2));
    }

    void anUpgradeThatWasCutOffGoesOn()
    {
        const fs::path data = STUDIO_SOURCE_DIR "/tests/core/takes/data/version_1";
        const std::vector<std::string> moved{"plan.json", "first_pass.png", "run.json"};
        for (std::size_t count = 0; count <= moved.size(); ++count) {
            const fs::path folder = m_folder / std::to_string(count);
            fs::create_directories(m_folder);
            fs::copy(data, folder, fs::copy_options::recursive);
            for (const auto& entry : fs::directory_iterator(folder)) {
                fs::create_directory(entry.path() / "run-1");
                for (std::size_t i = 0; i < count; ++i)
                    if (fs::exists(entry.path() / moved[i]))
                        fs::rename(entry.path() / moved[i], entry.path() / "run-1" / moved[i]);
            }
            const auto takes = list(*openStore(folder));
            QCOMPARE(takes.size(), std::size_t(2));
            QVERIFY(takes[1].layers == 3 && takes[1].state == TakeState::Finished);
            QVERIFY(takes[0].layers == 1 && takes[0].state == TakeState::Interrupted);
        }
    }

    void aTakeOfANewerVersionIsLeftAlone()
    {
        const auto store = openStore(m_folder);
        const std::string id = keep(*store, 1);
        QFile file(QString::fromStdString((m_folder / id / "take.json").string()));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray text = file.readAll();
        text.replace("\"version\": 2", "\"version\": 9");
        QVERIFY(text.contains(": 9"));
        file.resize(0);
        file.seek(0);
        file.write(text);
        file.close();
        QVERIFY(failureOf(store->read(id))->detail.find("newer") != std::string::npos);
        QVERIFY(failureOf(store->star(id, true)));
        store->rebuildIndex();
        QCOMPARE(list(*store).size(), std::size_t(1));
        QVERIFY(list(*store).at(0).state == TakeState::Damaged);
        QVERIFY(fs::exists(m_folder / id / "run-1" / "hires.png"));
    }
};

QTEST_GUILESS_MAIN(TestTakeRuns)
#include "tst_take_runs.moc"
