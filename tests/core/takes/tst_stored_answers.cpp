#include "core/takes/stored_answers.h"
#include "tests/core/takes/take_sample.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace studio;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

DenoiserAnswer answer(int stage, int call, bool unconditional = false)
{
    const auto latent = [&](float first) {
        return Latent{{4, 2, 3},
            std::vector<float>(24, first + 0.1f * static_cast<float>(call) + static_cast<float>(stage))};
    };
    return {stage, call, latent(0.25f), unconditional ? latent(-7.0f) : Latent{}};
}

std::ptrdiff_t filesIn(const fs::path& folder)
{
    return fs::exists(folder) ? std::distance(fs::directory_iterator(folder), {}) : 0;
}

} // namespace

class TestStoredAnswers : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_temporary;
    fs::path m_folder;

private Q_SLOTS:
    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        m_folder = fs::path(m_temporary->path().toStdString()) / "answers";
    }

    void whatWasWrittenIsFound()
    {
        AnswerWriter writer(m_folder, 0ms);
        std::vector<DenoiserAnswer> all;
        for (const int stage : {1, 12})
            for (int call = 0; call < 12; ++call)
                all.push_back(answer(stage, call, stage == 12));
        for (const DenoiserAnswer& each : all)
            writer.add(each);
        const StoredAnswers stored(m_folder);
        QCOMPARE(stored.count(), 24);
        for (const DenoiserAnswer& each : all)
            QVERIFY(stored.find(each.stage, each.call) == each);
        QVERIFY(!stored.find(1, 12) && !stored.find(2, 0));
    }

    void manyCallsShareAFile()
    {
        AnswerWriter writer(m_folder, 1h);
        for (int call = 0; call < 5; ++call)
            writer.add(answer(3, call));
        QCOMPARE(filesIn(m_folder), 0);
        writer.add(answer(7, 0)); // another pass
        QCOMPARE(filesIn(m_folder), 1);
        writer.flush();
        writer.flush();
        QCOMPARE(filesIn(m_folder), 2);
        QCOMPARE(StoredAnswers(m_folder).count(), 6);
    }

    void aRunThatGoesOnAddsToThem()
    {
        AnswerWriter(m_folder, 0ms).add(answer(1, 0));
        AnswerWriter second(m_folder, 0ms);
        second.add(answer(1, 1));
        QCOMPARE(StoredAnswers(m_folder).count(), 2);
        second.add(answer(1, 1)); // run again, as after a pass that overflowed
        QCOMPARE(StoredAnswers(m_folder).count(), 2);
    }

    void whatStandsBehindADamagedFileIsNotUsed()
    {
        AnswerWriter writer(m_folder, 0ms);
        for (int call = 0; call < 4; ++call)
            writer.add(answer(1, call));
        writer.add(answer(2, 0));
        fs::resize_file(m_folder / "1-2.safetensors", 40);
        const StoredAnswers stored(m_folder);
        QVERIFY(stored.find(1, 1) && !stored.find(1, 2) && !stored.find(1, 3) && stored.find(2, 0));
        QCOMPARE(stored.count(), 3);
    }

    void otherFilesAreLeftAlone()
    {
        fs::create_directories(m_folder);
        std::ofstream(m_folder / "notes.txt") << "x";
        std::ofstream(m_folder / "1-0.safetensors") << "x";
        QCOMPARE(StoredAnswers(m_folder).count(), 0);
        QCOMPARE(StoredAnswers(m_folder / "nowhere").count(), 0);
    }

    void aFullDiskIsSaidAndNothingIsLost()
    {
        // A file where the folder should be: whatever is written there fails.
        std::ofstream(m_folder) << "x";
        AnswerWriter writer(m_folder, 0ms);
        QVERIFY_EXCEPTION_THROWN(writer.add(answer(1, 0)), std::exception);
        fs::remove(m_folder);
        writer.add(answer(1, 1));
        QCOMPARE(StoredAnswers(m_folder).count(), 2);
    }

    // The store around it.

    void aCutOffRunGoesOnInItsFolder()
    {
        const fs::path folder = m_temporary->path().toStdString();
        TakeStoreSettings settings{folder / "takes", 0};
        settings.answersEvery = 0ms;
        const auto store = std::get<std::shared_ptr<TakeStore>>(openTakeStore(settings));
        const Plan plan = test::samplePlan(7);
        const Take whole = test::sampleTake(plan);
        std::string id;
        {
            const auto recorder = store->record();
            recorder->planned(plan);
            recorder->answered(answer(0, 0));
            recorder->layerFinished(whole.layers[0]);
            id = recorder->id();
            QVERIFY(failureOf(store->goOn(id))->detail.find("still being made") != std::string::npos);
        }
        auto found = store->goOn(id);
        QVERIFY(!failureOf(found));
        auto& run = std::get<UnfinishedRun>(found);
        QVERIFY(run.plan == plan);
        QCOMPARE(run.answers, 1);
        QVERIFY(run.knownAnswer(0, 0) == answer(0, 0));
        run.recorder->planned(plan);
        run.recorder->answered(answer(0, 1));
        for (const Layer& layer : whole.layers)
            run.recorder->layerFinished(layer);
        run.recorder->finish(whole);
        QVERIFY(!run.recorder->failure());
        QCOMPARE(run.recorder->id(), id);
        const StoredTake take = std::get<StoredTake>(store->read(id));
        QCOMPARE(take.runs.size(), std::size_t(1));
        QVERIFY(take.runs[0].state == TakeState::Finished);
        QCOMPARE(take.runs[0].layers.size(), std::size_t(3));
        QCOMPARE(test::faultsIn(*store), std::string());
        QVERIFY(!fs::exists(folder / "takes" / id / "run-1" / "answers"));
        QVERIFY(failureOf(store->goOn(id))->detail.find("is finished") != std::string::npos);
    }

    void aCancelledRunGoesOnToo()
    {
        const auto store = test::openStore(m_temporary->path().toStdString());
        Take take = test::sampleTake(test::samplePlan(8));
        take.ending = Ending::Cancelled;
        take.layers.resize(1);
        const auto recorder = store->record();
        recorder->planned(take.plan);
        recorder->answered(answer(0, 0)); // too young for the disk, until the run ends
        recorder->finish(take);
        {
            const auto found = store->goOn(recorder->id());
            QCOMPARE(std::get<UnfinishedRun>(found).answers, 1);
        }
        // Looked at and left: it stands as it stood.
        QVERIFY(std::get<StoredTake>(store->read(recorder->id())).runs[0].state == TakeState::Cancelled);
    }

    void theLimitTakesThemBeforePictures()
    {
        const auto store = test::openStore(m_temporary->path().toStdString(), 1);
        Take take = test::sampleTake(test::samplePlan(9));
        take.ending = Ending::Cancelled;
        const auto recorder = store->record();
        recorder->planned(take.plan);
        recorder->answered(answer(0, 0));
        recorder->finish(take);
        QCOMPARE(std::get<UnfinishedRun>(store->goOn(recorder->id())).answers, 1); // the newest is spared
        test::recordAll(*store->record(), test::samplePlan(10));
        QCOMPARE(std::get<UnfinishedRun>(store->goOn(recorder->id())).answers, 0);
        QCOMPARE(std::get<StoredTake>(store->read(recorder->id())).runs[0].layers.size(), std::size_t(3));
    }
};

QTEST_GUILESS_MAIN(TestStoredAnswers)
#include "tst_stored_answers.moc"
