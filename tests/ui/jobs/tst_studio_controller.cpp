#include "core/api/request_json.h"
#include "studio_under_test.h"
#include "ui/convert/strings.h"
#include "ui/jobs/take_archive.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

using namespace studio;
using namespace studio::ui;
using studio::test::StudioUnderTest;

class TestStudioController : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void savesTheFinishedPictureWithItsRequest();
    void savesWhatIsThereWhenARunIsCancelled();
    void aPictureThatCannotBeSavedIsKeptAndSavedElsewhere();
    void aTakenNameGetsANumber();
    void runsAreKeptWhereTheSettingsSay();
    void theBuiltInModelIsNoPathOfThisMachine();
    void theLastRequestComesBack();
    void whatIsTypedIsSoonOnTheDisk();
    void aRunBeginsWithItsPromptOnTheDisk();
    void anEngineThatDoesNotStartIsReported();
    void thePlanSaysWhatDoesNotFit();
};

void TestStudioController::savesTheFinishedPictureWithItsRequest()
{
    StudioUnderTest studio;
    QVERIFY(studio.open());
    studio.controller.state().change([](Request& r) {
        r.mode = Mode::Hires;
        r.prompt = "a lake";
        r.seed = 7;
    });
    QSignalSpy saved(&studio.controller.saver(), &PictureSaver::saved);
    studio.controller.generate();
    QVERIFY(studio.waitForEnd());
    QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, 20000);
    QCOMPARE(studio.savedFiles(), QStringList{QStringLiteral("7_hires.png")});
    const auto read = loadPicture(toPath(saved.front().front().toString()));
    const auto* file = std::get_if<LoadedPicture>(&read);
    QVERIFY(file);
    const auto take = studio.controller.takes().take(0);
    QVERIFY(file->picture == *take->find(LayerKind::Hires)->picture);
    const auto request = requestFromJson(file->metadata.requestJson);
    QVERIFY(std::get<Request>(request) == take->plan.request);
}

void TestStudioController::savesWhatIsThereWhenARunIsCancelled()
{
    StudioUnderTest studio(std::chrono::milliseconds(3));
    QVERIFY(studio.open());
    studio.controller.state().change([](Request& r) {
        r.mode = Mode::Hires;
        r.seed = 7;
    });
    connect(&studio.controller, &StudioController::progressed, this, [&](const Progress& progress) {
        if (progress.stage > 3)
            studio.controller.cancel();
    });
    QSignalSpy saved(&studio.controller.saver(), &PictureSaver::saved);
    studio.controller.generate();
    QVERIFY(studio.waitForEnd());
    QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 2, 20000);
    QCOMPARE(studio.savedFiles(),
        QStringList({QStringLiteral("7_first_pass.png"), QStringLiteral("7_upscaled.png")}));
}

void TestStudioController::aPictureThatCannotBeSavedIsKeptAndSavedElsewhere()
{
    StudioUnderTest studio;
    QVERIFY(studio.open());
    QFile inTheWay(studio.folder.filePath(QStringLiteral("out")));
    QVERIFY(inTheWay.open(QIODevice::WriteOnly)); // a file where the folder should be
    PictureSaver& saver = studio.controller.saver();
    std::optional<SaveOrder> order;
    std::string sentence;
    connect(&saver, &PictureSaver::failed, this, [&](const SaveOrder& failed, const Failure& failure) {
        order = failed;
        sentence = failure.detail;
    });
    studio.controller.generate();
    QVERIFY(studio.waitForEnd());
    QTRY_VERIFY_WITH_TIMEOUT(order.has_value(), 20000);
    QVERIFY(!sentence.empty());
    QCOMPARE(studio.controller.takes().rowCount(), 1);
    QSignalSpy saved(&saver, &PictureSaver::saved);
    order->path = toPath(studio.folder.filePath(QStringLiteral("elsewhere/picture.png")));
    saver.save(*order);
    QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, 20000);
    QVERIFY(QFile::exists(studio.folder.filePath(QStringLiteral("elsewhere/picture.png"))));
}

void TestStudioController::aTakenNameGetsANumber()
{
    StudioUnderTest studio;
    QVERIFY(studio.open());
    studio.controller.state().change([](Request& r) { r.seed = 7; });
    QSignalSpy saved(&studio.controller.saver(), &PictureSaver::saved);
    for (int run = 1; run <= 2; ++run) {
        studio.controller.generate();
        QVERIFY(studio.waitForEnd());
        QTRY_COMPARE_WITH_TIMEOUT(saved.count(), run, 20000);
    }
    QCOMPARE(
        studio.savedFiles(), QStringList({QStringLiteral("7_hires-1.png"), QStringLiteral("7_hires.png")}));
}

void TestStudioController::runsAreKeptWhereTheSettingsSay()
{
    StudioUnderTest studio;
    QVERIFY(studio.open());
    studio.controller.generate();
    QVERIFY(studio.waitForEnd());
    QCOMPARE(studio.engine->keptIn, toPath(studio.folder.filePath(QStringLiteral("takes"))));
    Settings settings = studio.controller.settings();
    QCOMPARE(studio.engine->keptLimit, std::int64_t{0});
    settings.takesFolder = studio.folder.filePath(QStringLiteral("elsewhere"));
    settings.takesGigabytes = 20;
    studio.controller.setSettings(settings);
    studio.controller.generate();
    QVERIFY(studio.waitForEnd());
    QCOMPARE(studio.engine->keptIn, toPath(settings.takesFolder));
    QCOMPARE(studio.engine->keptLimit, std::int64_t{20'000'000'000});
    settings.keepTakes = false;
    studio.controller.setSettings(settings);
    studio.engine->keptIn.clear();
    studio.controller.generate();
    QVERIFY(studio.waitForEnd());
    QVERIFY(studio.engine->keptIn.empty());
}

void TestStudioController::theBuiltInModelIsNoPathOfThisMachine()
{
    const QTemporaryDir folder;
    StudioServices services = StudioUnderTest::services(nullptr, folder.path());
    services.demoModel = "/usr/share/demo";
    const StudioController controller(services);
    Request planned;
    planned.models = {"/usr/share/demo", "/usr/share/demo/refiner", ""};
    planned.hires.rungs.front().model = planned.models.refiner;
    QVERIFY(controller.portable(planned) == Request{});
    planned.models.base = "/models/own.safetensors"; // an own choice stays
    QVERIFY(controller.portable(planned) == planned);
    planned.models = {"/usr/share/demo", "/models/refiner.safetensors", ""};
    planned.hires.rungs.front().model = planned.models.refiner;
    QCOMPARE(controller.portable(planned).models.refiner, planned.models.refiner);
    QCOMPARE(controller.portable(planned).hires.rungs.front().model, planned.models.refiner);
}

void TestStudioController::theLastRequestComesBack()
{
    StudioUnderTest studio;
    QVERIFY(studio.open());
    studio.controller.state().change([](Request& r) {
        r.prompt = "ein See, 湖";
        r.mode = Mode::Compare;
        r.hires.rungs.front().strength = 0.45;
    });
    QVERIFY(studio.controller.storeSettings());
    StudioController again(StudioUnderTest::services(studio.engine, studio.folder.path()));
    QVERIFY(again.state().request() == studio.controller.state().request());
    // Sizes nobody has chosen are the model's from the first moment on, not those of SDXL.
    QVERIFY(again.state().defaults().hires.base == studio.controller.state().defaults().hires.base);
    QVERIFY(again.state().firstPassSize() == (Extent{256, 256}));
}

void TestStudioController::whatIsTypedIsSoonOnTheDisk()
{
    StudioUnderTest studio;
    QVERIFY(studio.open());
    studio.controller.state().change([](Request& r) { r.prompt = "typed before the crash"; });
    // What lies there is what a crash would leave.
    const auto kept = [&] { return loadSettings(studio.controller.services().settingsFile); };
    QTRY_VERIFY_WITH_TIMEOUT(kept().lastRequest.contains(QStringLiteral("typed before")), 20000);
    Settings settings = studio.controller.settings();
    settings.queueCount = 9;
    studio.controller.setSettings(settings);
    QTRY_COMPARE_WITH_TIMEOUT(kept().queueCount, 9, 20000);
}

void TestStudioController::aRunBeginsWithItsPromptOnTheDisk()
{
    StudioUnderTest studio(std::chrono::milliseconds(100));
    QVERIFY(studio.open());
    studio.controller.state().change([](Request& r) { r.prompt = "a prompt that ends the program"; });
    studio.controller.generate();
    QTRY_VERIFY(loadSettings(studio.controller.services().settingsFile)
                    .promptHistory.contains(QStringLiteral("a prompt that ends the program")));
    QVERIFY(studio.controller.isRunning());
    studio.controller.cancel();
    QVERIFY(studio.waitForEnd());
}

void TestStudioController::anEngineThatDoesNotStartIsReported()
{
    const QTemporaryDir folder;
    StudioServices services = StudioUnderTest::services(nullptr, folder.path());
    services.openEngine = [] {
        return Outcome<std::shared_ptr<Engine>>(
            Failure{ErrorKind::FileMissing, "The engine's library is not there."});
    };
    StudioController controller(services);
    QSignalSpy failed(&controller, &StudioController::engineFailed);
    controller.openEngine();
    QVERIFY(failed.wait(10000));
    QVERIFY(!controller.canGenerate());
    controller.generate();
    QVERIFY(!controller.isRunning());
}

void TestStudioController::thePlanSaysWhatDoesNotFit()
{
    EngineReport report;
    report.memoryFreeBytes = 1000;
    Plan plan;
    QVERIFY(judgeMemory(plan, report) == Fit::Unknown);
    plan.predictedPeakBytes = 400;
    QVERIFY(judgeMemory(plan, report) == Fit::Fits);
    plan.predictedPeakBytes = 900;
    QVERIFY(judgeMemory(plan, report) == Fit::Tight);
    plan.predictedPeakBytes = 1001;
    QVERIFY(judgeMemory(plan, report) == Fit::TooLarge);
}

QTEST_MAIN(TestStudioController)
#include "tst_studio_controller.moc"
