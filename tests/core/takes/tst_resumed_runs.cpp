#include "core/takes/take_files.h"
#include "tests/core/takes/forked.h"
#include "tests/core/takes/take_sample.h"

#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <fstream>
#include <sys/resource.h>

using namespace studio;
using namespace studio::test;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& file, const std::string& text)
{
    std::ofstream(file, std::ios::binary) << text;
}

std::string contentOf(const fs::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

DenoiserAnswer answer(int call)
{
    return {0, call, Latent{{4, 8, 16}, std::vector<float>(4 * 8 * 16, float(call))}, {}};
}

/// Files of this process can grow to `bytes`; 0: as large as they like.
void allowFilesOf(rlim_t bytes)
{
    std::signal(SIGXFSZ, SIG_IGN); // writing answers EFBIG instead
    rlimit limit{};
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes == 0 ? limit.rlim_max : bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
}

} // namespace

/// What a run that was cut off needs to come to the picture it was begun for.
class TestResumedRuns : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_temporary;
    fs::path m_folder;
    fs::path m_store;

    /// A run that came to the end of its first pass. Answers its id.
    static std::string cutOff(TakeStore& store, const Plan& plan)
    {
        const auto recorder = store.record();
        recorder->planned(plan);
        recorder->answered(answer(0));
        recorder->answered(answer(1));
        recorder->firstPassFinished(sampleLatent(plan));
        recorder->layerFinished(sampleLayer(plan, LayerKind::FirstPass));
        return recorder->id();
    }

    static std::string refusal(TakeStore& store, const std::string& id)
    {
        const auto found = store.goOn(id);
        const Failure* failure = failureOf(found);
        return failure ? failure->detail : std::string();
    }

    Plan planWithFiles() const
    {
        Plan plan = samplePlan(3);
        plan.request.models.base = (m_folder / "base.safetensors").string();
        plan.stages[0].model = plan.request.models.base;
        plan.stages[0].adapters.push_back({"lora", "ink", (m_folder / "ink.safetensors").string()});
        return plan;
    }

private Q_SLOTS:
    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        m_folder = m_temporary->path().toStdString();
        m_store = m_folder / "takes";
        write(m_folder / "base.safetensors", "weights of the base");
        write(m_folder / "ink.safetensors", "weights of an adapter");
        fs::create_directories(m_folder / "refiner/unet");
        write(m_folder / "refiner/unet/model.safetensors", "weights of the refiner");
    }

    void answersLieOnTheDiskWhenTheFirstPassIsShown()
    {
        const auto store = std::get<std::shared_ptr<TakeStore>>(
            openTakeStore({m_store, 0, std::chrono::hours(1)})); // nothing is written for its age
        const std::string id = cutOff(*store, planWithFiles());
        const auto found = store->goOn(id);
        QVERIFY(!failureOf(found));
        QCOMPARE(std::get<UnfinishedRun>(found).answers, 2);
    }

    void anotherFileInAModelsPlaceIsNotGoneOnWith_data()
    {
        QTest::addColumn<QString>("file");
        for (const char* file : {"base.safetensors", "ink.safetensors", "refiner/unet/model.safetensors"})
            QTest::newRow(file) << QString::fromLatin1(file);
    }
    void anotherFileInAModelsPlaceIsNotGoneOnWith()
    {
        QFETCH(QString, file);
        const fs::path path = m_folder / file.toStdString();
        const auto store = openStore(m_store);
        Plan plan = planWithFiles();
        plan.stages[3].model = (m_folder / "refiner").string();
        const std::string id = cutOff(*store, plan);
        QCOMPARE(refusal(*store, id), std::string());
        const fs::file_time_type before = fs::last_write_time(path);
        fs::last_write_time(path, before + std::chrono::seconds(1)); // as long, but written anew
        QVERIFY(refusal(*store, id).find(path.string()) != std::string::npos);
        fs::last_write_time(path, before);
        QCOMPARE(refusal(*store, id), std::string());
        write(path, "something else");
        fs::last_write_time(path, before);
        QVERIFY(refusal(*store, id).find(path.string()) != std::string::npos);
        fs::remove(path);
        QVERIFY(refusal(*store, id).find(path.string()) != std::string::npos);
    }

    void theFirstPictureIsKeptWithTheTake()
    {
        const auto store = openStore(m_store);
        Plan plan = planWithFiles();
        plan.request.initPicture = (m_folder / "sketch.JPG").string();
        write(plan.request.initPicture, "the picture");
        const std::string id = cutOff(*store, plan);
        fs::remove(plan.request.initPicture);
        fs::path copy;
        {
            const auto found = store->goOn(id);
            QVERIFY2(!failureOf(found), refusal(*store, id).c_str());
            copy = std::get<UnfinishedRun>(found).plan.request.initPicture;
        }
        QCOMPARE(copy, m_store / id / "run-1" / "init_picture.JPG");
        QCOMPARE(contentOf(copy), std::string("the picture"));
        fs::remove(m_store / id / "first_pass.safetensors");
        const StoredTake take = std::get<StoredTake>(store->read(id));
        QCOMPARE(take.initPicture, copy);
        QVERIFY(take.summary.hasFirstPass);
        QCOMPARE(take.runs[0].take.plan.request.initPicture, plan.request.initPicture); // as it was asked for

        plan.request.initPicture = copy.string(); // again, with another strength
        const auto again = store->record();
        recordAll(*again, plan);
        QCOMPARE(again->id(), id);
        QVERIFY(!again->failure());

        plan.request.initPicture = (m_store / id / "run-1" / "hires.png").string();
        write(plan.request.initPicture, "a picture that the take made");
        const auto another = store->record();
        recordAll(*another, plan);
        QVERIFY(another->id() != id); // with a seed and a prompt of its own
    }

    void aLayerThatIsNoPictureIsMadeAgain()
    {
        const auto store = openStore(m_store);
        const Plan plan = planWithFiles();
        const std::string id = cutOff(*store, plan);
        const fs::path layer = m_store / id / "run-1/first_pass.png";
        fs::resize_file(layer, 300);
        auto found = store->goOn(id);
        QVERIFY(!failureOf(found));
        TakeRecorder& recorder = *std::get<UnfinishedRun>(found).recorder;
        recorder.planned(plan);
        for (const LayerKind kind : sampleLayers())
            recorder.layerFinished(sampleLayer(plan, kind));
        recorder.finish(sampleTake(plan));
        QVERIFY(!recorder.failure());
        QCOMPARE(QString::fromStdString(faultsIn(*store)), QString());
        QCOMPARE(fs::file_size(layer.string() + ".damaged"), std::uintmax_t(300)); // nothing is destroyed
    }

    void aRunWhosePicturesDidNotFitIsFinishedLater()
    {
        const Plan plan = planWithFiles();
        Forked writer([&](int pipe) {
            const auto store = openStore(m_store);
            const auto recorder = store->record();
            recorder->planned(plan);
            recorder->answered(answer(0));
            allowFilesOf(60000); // the first pass fits, the larger pictures do not
            const Take take = sampleTake(plan);
            recorder->firstPassFinished(take.firstPassLatent);
            for (const Layer& layer : take.layers)
                recorder->layerFinished(layer);
            recorder->finish(take);
            say(pipe, recorder->failure() ? recorder->id() : "kept everything");
        });
        const std::string id = writer.said();
        const auto store = openStore(m_store);
        const auto read = store->read(id);
        QVERIFY2(!failureOf(read), id.c_str());
        const StoredRun& run = std::get<StoredTake>(read).runs.at(0);
        QVERIFY(run.state == TakeState::Failed && run.take.failure
            && run.take.failure->kind == ErrorKind::DiskFull);
        auto found = store->goOn(id);
        QVERIFY2(!failureOf(found), refusal(*store, id).c_str());
        QCOMPARE(std::get<UnfinishedRun>(found).answers, 1);
        TakeRecorder& recorder = *std::get<UnfinishedRun>(found).recorder;
        recorder.planned(plan);
        recorder.finish(sampleTake(plan));
        QVERIFY(!recorder.failure());
        QVERIFY(std::get<StoredTake>(store->read(id)).summary.state == TakeState::Finished);
        QCOMPARE(QString::fromStdString(faultsIn(*store)), QString());
    }
};

QTEST_GUILESS_MAIN(TestResumedRuns)
#include "tst_resumed_runs.moc"
