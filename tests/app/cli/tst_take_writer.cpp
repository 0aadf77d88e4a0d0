#include "app/cli/take_writer.h"
#include "core/api/request_json.h"
#include "tests/app/fake_engine.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>

using namespace studio;
using namespace studio::cli;

namespace {

/// Runs a request on the fake engine with the writer in its place, stopping at `stopAtStage` if it is reached.
Take runWith(TakeWriter& writer, const Request& request, int stopAtStage = -1, bool fail = false)
{
    test::FakeEngine engine;
    engine.failSecondStage = fail;
    std::stop_source stop;
    JobContext context;
    context.stop = stop.get_token();
    context.planned = [&](const Plan& plan) { writer.planned(plan); };
    context.layerFinished = [&](const Layer& layer) { writer.layerFinished(layer); };
    context.report = [&](const Progress& progress) {
        if (progress.stage == stopAtStage)
            stop.request_stop();
    };
    const Take take = engine.run(request, context);
    writer.finish(take);
    return take;
}

Request requestOf(Mode mode)
{
    Request request;
    request.prompt = "a cat";
    request.mode = mode;
    request.seed = 9;
    return request;
}

} // namespace

class TestTakeWriter : public QObject {
    Q_OBJECT

private:
    QScopedPointer<QTemporaryDir> m_folder;

    WriteSettings settings() const
    {
        WriteSettings settings;
        settings.folder = m_folder->path().toStdString();
        settings.namePattern = "[seed]_[layer]";
        return settings;
    }

    QStringList files() const { return QDir(m_folder->path()).entryList(QDir::Files, QDir::Name); }

private Q_SLOTS:
    void init() { m_folder.reset(new QTemporaryDir); }

    void theMainLayerIsSavedAndNoOther()
    {
        TakeWriter writer(settings());
        runWith(writer, requestOf(Mode::Hires));
        QCOMPARE(files(), QStringList{QStringLiteral("9_hires.png")});
    }

    void theFirstPassComesOnRequest()
    {
        WriteSettings all = settings();
        all.firstPass = true;
        TakeWriter writer(all);
        runWith(writer, requestOf(Mode::Hires));
        QCOMPARE(files(), (QStringList{QStringLiteral("9_first_pass.png"), QStringLiteral("9_hires.png")}));
    }

    void aCancelledTakeKeepsWhatWasFinished()
    {
        TakeWriter writer(settings());
        const Take take = runWith(writer, requestOf(Mode::Hires), 1);
        QVERIFY(take.ending == Ending::Cancelled);
        QCOMPARE(files(), QStringList{QStringLiteral("9_first_pass.png")});
    }

    void aFailedTakeKeepsWhatWasFinished()
    {
        TakeWriter writer(settings());
        const Take take = runWith(writer, requestOf(Mode::Hires), -1, true);
        QVERIFY(take.ending == Ending::Failed);
        QCOMPARE(files(), QStringList{QStringLiteral("9_first_pass.png")});
        QVERIFY(writer.failures().empty());
    }

    void layersOfCompareAreThereAsSoonAsTheyAreFinished()
    {
        TakeWriter writer(settings());
        test::FakeEngine engine;
        QStringList seen;
        JobContext context;
        context.planned = [&](const Plan& plan) { writer.planned(plan); };
        context.layerFinished = [&](const Layer& layer) {
            writer.layerFinished(layer);
            seen.append(QString::number(files().size()));
        };
        writer.finish(engine.run(requestOf(Mode::Compare), context));
        QCOMPARE(seen, (QStringList{QStringLiteral("1"), QStringLiteral("2"), QStringLiteral("3")}));
        QCOMPARE(files(),
            (QStringList{QStringLiteral("output_hires_fix.png"), QStringLiteral("output_simple_hires.png"),
                QStringLiteral("output_standard.png")}));
    }

    void nothingIsOverwritten()
    {
        for (int i = 0; i < 3; ++i) {
            TakeWriter writer(settings());
            runWith(writer, requestOf(Mode::Standard));
        }
        QCOMPARE(files().size(), 3);
    }

    void theFileCarriesTheRequest()
    {
        TakeWriter writer(settings());
        const Take take = runWith(writer, requestOf(Mode::Hires));
        const auto metadata = loadPictureMetadata(writer.written().at(LayerKind::Hires));
        QVERIFY(!failureOf(metadata));
        const auto request = requestFromJson(std::get<PictureMetadata>(metadata).requestJson);
        QVERIFY(!failureOf(request));
        QVERIFY(std::get<Request>(request) == take.plan.request);
    }

    void pixelsAloneOnRequest()
    {
        WriteSettings bare = settings();
        bare.save.metadata = false;
        TakeWriter writer(bare);
        runWith(writer, requestOf(Mode::Standard));
        const auto metadata = loadPictureMetadata(writer.written().at(LayerKind::Standard));
        QVERIFY(std::get<PictureMetadata>(metadata).requestJson.empty());
        QVERIFY(std::get<PictureMetadata>(metadata).parameters.empty());
    }

    void aFolderIsMadeBeforeThePictureOrRefusedBeforeIt()
    {
        const std::filesystem::path root = m_folder->path().toStdString();
        QVERIFY(!prepareFolder(root / "new" / "deep"));
        QVERIFY(std::filesystem::is_directory(root / "new" / "deep"));
        QFile file(m_folder->filePath(QStringLiteral("taken")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto failure = prepareFolder(root / "taken" / "below");
        QVERIFY(failure && failure->detail.find("--out") != std::string::npos);
    }

    void aFolderThatCannotBeWrittenIsAFailure()
    {
        WriteSettings wrong = settings();
        wrong.folder = "/proc/nowhere";
        TakeWriter writer(wrong);
        runWith(writer, requestOf(Mode::Compare));
        QCOMPARE(writer.failures().size(), std::size_t(3));
        for (const char* name : {"output_standard", "output_simple_hires", "output_hires_fix"})
            QCOMPARE(
                std::ranges::count_if(writer.failures(),
                    [&](const Failure& failure) { return failure.detail.find(name) != std::string::npos; }),
                1);
    }
};

QTEST_GUILESS_MAIN(TestTakeWriter)
#include "tst_take_writer.moc"
