// What is done with stored takes, with the real engine and the built-in model. Sizes and steps are small.
#include "core/api/picture_file.h"
#include "stored_takes.h"
#include "studio_under_test.h"
#include "studio_with_engine.h"
#include "ui/compare/compare_view.h"
#include "ui/convert/strings.h"
#include "ui/gallery/take_commands.h"
#include "ui/jobs/take_archive.h"
#include "ui/main_window/main_window.h"
#include "ui/panels/first_pass_note.h"
#include "ui/panels/plan_strip.h"
#include "ui/widgets/notice.h"

#include <QAction>
#include <QFile>
#include <QPushButton>
#include <QTest>

using namespace studio;
using namespace studio::ui;
using test::StudioWithEngine;
using test::waitUntil;

namespace {

constexpr int kPatience = 120000; // milliseconds; generous, for machines with much else to do

Request small(std::uint64_t seed)
{
    Request request = test::smallRequest("a calm lake with snowy mountains by day", seed);
    request.hires.base = Extent{96, 96};
    request.hires.rungs.front().target = Extent{192, 192};
    return request;
}

QByteArray bytesOf(const std::filesystem::path& path)
{
    QFile file(pathToQt(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Calls of the UNet in a pass, as the run counted them.
int evaluationsIn(const Take& take, bool secondPass)
{
    int count = 0;
    for (std::size_t i = 0; i < take.stages.size() && i < take.plan.stages.size(); ++i) {
        if ((take.plan.stages[i].rung >= 0) == secondPass)
            count += take.stages[i].evaluations;
    }
    return count;
}

} // namespace

class TestTakesWithEngine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void onlyTheSecondPassRunsFromAKeptTake();
    void aRunThatWasCutOffIsFinishedToTheSamePicture();
    void aCancelledRunIsFinishedFromTheCommands();

private:
    StudioController& controller() { return m_studio->controller; }
    std::shared_ptr<const Take> make(const Request& request);
    TakeSummary newest();

    std::unique_ptr<StudioWithEngine> m_studio;
    std::unique_ptr<MainWindow> m_window;
};

void TestTakesWithEngine::initTestCase()
{
    m_studio = std::make_unique<StudioWithEngine>();
    m_window = std::make_unique<MainWindow>(controller());
    m_window->resize(1280, 800);
    m_window->show();
    QVERIFY(m_studio->open());
}

std::shared_ptr<const Take> TestTakesWithEngine::make(const Request& request)
{
    controller().state().setRequest(request);
    controller().generate();
    return m_studio->waitForEnd(kPatience) ? m_window->take() : nullptr;
}

TakeSummary TestTakesWithEngine::newest()
{
    const auto takes = test::openStore(controller().takesFolder())->list();
    return std::get<std::vector<TakeSummary>>(takes).front();
}

void TestTakesWithEngine::onlyTheSecondPassRunsFromAKeptTake()
{
    const std::shared_ptr<const Take> first = make(small(7));
    QVERIFY(first && first->ending == Ending::Finished);
    QVERIFY(evaluationsIn(*first, false) > 0);
    const TakeSummary stored = newest();
    QVERIFY(stored.hasFirstPass);
    const auto run1 = controller().takesFolder() / stored.id / "run-1";
    const QByteArray before = bytesOf(run1 / "hires.png");
    QVERIFY(!before.isEmpty());

    // The take is known to the commands as soon as the lists have seen it.
    QVERIFY(
        waitUntil([&] { return m_window->takeCommands()[TakeCommand::SecondPass]->isEnabled(); }, kPatience));
    m_window->takeCommands().run(TakeCommand::SecondPass);
    QVERIFY(waitUntil([&] { return !controller().state().request().firstPass.empty(); }, kPatience));
    QVERIFY(m_window->findChild<FirstPassNote*>()->isVisible());
    Request changed = controller().state().request();
    changed.hires.rungs.front().strength = 0.75;
    changed.hires.rungs.front().prompt = "a harbour with boats";
    controller().state().setRequest(changed);
    int firstPassSteps = 0;
    const auto listening
        = connect(&controller(), &StudioController::progressed, this, [&](const Progress& progress) {
              const auto& stage = controller().runningPlan().stages[static_cast<std::size_t>(progress.stage)];
              firstPassSteps += stage.kind == StageKind::Denoise && stage.rung < 0 ? 1 : 0;
          });
    controller().generate();
    QVERIFY(m_studio->waitForEnd(kPatience));
    disconnect(listening);
    const std::shared_ptr<const Take> again = m_window->take();
    QVERIFY(again != first && again->ending == Ending::Finished);
    QCOMPARE(firstPassSteps, 0);
    QCOMPARE(evaluationsIn(*again, false), 0);
    QCOMPARE(evaluationsIn(*again, true), 6); // 0.75 of 8
    QVERIFY(*again->find(LayerKind::FirstPass)->picture == *first->find(LayerKind::FirstPass)->picture);
    QVERIFY(*again->find(LayerKind::Hires)->picture != *first->find(LayerKind::Hires)->picture);

    // Both runs are one take; the old picture lies where it lay.
    QCOMPARE(newest().id, stored.id);
    QCOMPARE(newest().layers, 6);
    QCOMPARE(bytesOf(run1 / "hires.png"), before);
    const Outcome<StoredTake> read = readStoredTake(controller().takesFolder(), stored.id);
    QCOMPARE(std::get<StoredTake>(read).runs.size(), std::size_t{2});

    // And it is the picture that the same settings give from the start.
    changed.firstPass.clear();
    const std::shared_ptr<const Take> whole = make(changed);
    QVERIFY(evaluationsIn(*whole, false) > 0);
    QVERIFY(*whole->find(LayerKind::Hires)->picture == *again->find(LayerKind::Hires)->picture);
}

void TestTakesWithEngine::aRunThatWasCutOffIsFinishedToTheSamePicture()
{
    const Request request = controller().portable(small(11));
    const std::shared_ptr<const Take> whole = make(request);
    QVERIFY(whole && whole->ending == Ending::Finished);

    std::string id;
    {
        // A program that ends in the second pass, without a word.
        TakeStoreSettings settings{controller().takesFolder()};
        settings.answersEvery = std::chrono::milliseconds(0);
        const auto store = std::get<std::shared_ptr<TakeStore>>(openTakeStore(settings));
        const std::unique_ptr<TakeRecorder> recorder = store->record();
        std::stop_source stop;
        JobContext context;
        context.stop = stop.get_token();
        context.planned = [&](const Plan& plan) { recorder->planned(plan); };
        context.firstPassFinished = [&](const Latent& latent) { recorder->firstPassFinished(latent); };
        context.layerFinished = [&](const Layer& layer) { recorder->layerFinished(layer); };
        int answers = 0;
        context.answered = [&](const DenoiserAnswer& answer) {
            recorder->answered(answer);
            if (++answers == 6) // four of the first pass
                stop.request_stop();
        };
        QVERIFY(controller().engine()->run(request, context).ending == Ending::Cancelled);
        id = recorder->id();
    }
    m_window->notice().hide();
    m_window->takeCommands().offerToFinish();
    QVERIFY(waitUntil([&] { return m_window->notice().isVisible(); }, kPatience));
    QCOMPARE(
        m_window->notice().title(), QStringLiteral("A run was cut off in its second pass, at step 2 of 4"));
    for (QPushButton* button : m_window->notice().findChildren<QPushButton*>()) {
        if (button->text() == QLatin1String("Finish it"))
            button->click();
    }
    QVERIFY(waitUntil([&] { return controller().isRunning(); }, kPatience));
    QVERIFY(m_studio->waitForEnd(kPatience));
    const std::shared_ptr<const Take> finished = m_window->take();
    QVERIFY(finished->ending == Ending::Finished);
    QVERIFY(*finished->find(LayerKind::Hires)->picture == *whole->find(LayerKind::Hires)->picture);
    QCOMPARE(newest().id, id); // it is the same take
    QVERIFY(newest().state == TakeState::Finished);
    QCOMPARE(controller().archive().idOf(finished.get()), id);
}

void TestTakesWithEngine::aCancelledRunIsFinishedFromTheCommands()
{
    Request request = small(13);
    request.hires.rungs.front().strength = 1.0;
    request.hires.rungs.front().steps = 40; // long enough to be stopped in
    controller().state().setRequest(request);
    const auto listening
        = connect(&controller(), &StudioController::progressed, this, [&](const Progress& progress) {
              if (progress.stepCount == 40 && progress.step >= 2)
                  controller().cancel();
          });
    controller().generate();
    QVERIFY(m_studio->waitForEnd(kPatience));
    disconnect(listening);
    QVERIFY(m_window->take()->ending == Ending::Cancelled);
    QVERIFY(
        waitUntil([&] { return m_window->takeCommands()[TakeCommand::FinishRun]->isEnabled(); }, kPatience));
    const std::string id = newest().id;
    m_window->takeCommands().run(TakeCommand::FinishRun);
    QVERIFY(waitUntil([&] { return controller().isRunning(); }, kPatience));
    QVERIFY(m_studio->waitForEnd(kPatience));
    QCOMPARE(newest().id, id);
    QVERIFY(newest().state == TakeState::Finished);
    const std::shared_ptr<const Take> finished = m_window->take();
    const std::shared_ptr<const Take> whole = make(request);
    QVERIFY(*finished->find(LayerKind::Hires)->picture == *whole->find(LayerKind::Hires)->picture);
}

QTEST_MAIN(TestTakesWithEngine)
#include "tst_takes_with_engine.moc"
