#include "app/recording_engine.h"

#include "fake_engine.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace studio;
using test::FakeEngine;

class TestRecordingEngine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRunIsKeptWhereTheStoreIs()
    {
        const QTemporaryDir folder;
        std::string kept;
        RecordingEngine engine(std::make_shared<FakeEngine>(), storeIn(folder, "takes"),
            {{}, [&kept](const std::string& id) { kept = id; }});
        const Take take = engine.run(hires(), {});
        QVERIFY(engine.keptEverything());
        const auto store = std::get<std::shared_ptr<TakeStore>>(storeIn(folder, "takes")());
        const auto takes = std::get<std::vector<TakeSummary>>(store->list());
        QCOMPARE(takes.size(), std::size_t{1});
        QCOMPARE(takes.front().layers, static_cast<int>(take.layers.size()));
        QCOMPARE(kept, takes.front().id);
    }

    void nothingIsOpenedBeforeARun()
    {
        const QTemporaryDir folder;
        const RecordingEngine engine(std::make_shared<FakeEngine>(), storeIn(folder, "takes"), {});
        QVERIFY(!std::filesystem::exists(pathOf(folder) / "takes"));
    }

    void aStoreThatDoesNotOpenTakesNoPictureAway()
    {
        const QTemporaryDir folder;
        std::ofstream(pathOf(folder) / "inTheWay") << "a file where the folder should be";
        std::vector<Failure> heard;
        RecordingEngine engine(std::make_shared<FakeEngine>(), storeIn(folder, "inTheWay"),
            {[&heard](const Failure& failure) { heard.push_back(failure); }, {}});
        const Take lost = engine.run(hires(), {});
        QVERIFY(lost.ending == Ending::Finished && lost.find(LayerKind::Hires));
        QCOMPARE(heard.size(), std::size_t{1});
        QVERIFY(!heard.front().detail.empty());
        QVERIFY(!engine.keptEverything());
        std::filesystem::remove(pathOf(folder) / "inTheWay"); // the next run may find its place again
        engine.run(hires(), {});
        QCOMPARE(heard.size(), std::size_t{1});
    }

private:
    static Request hires()
    {
        Request request;
        request.mode = Mode::Hires;
        return request;
    }

    static std::filesystem::path pathOf(const QTemporaryDir& folder) { return folder.path().toStdString(); }

    static RecordingEngine::OpenStore storeIn(const QTemporaryDir& folder, const char* name)
    {
        return [path = pathOf(folder) / name] { return openTakeStore({path}); };
    }
};

QTEST_GUILESS_MAIN(TestRecordingEngine)
#include "tst_recording_engine.moc"
