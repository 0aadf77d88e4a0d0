// The run in progress: where it is shown, and how one comes back to it from another take.
#include "ui/compare/compare_view.h"
#include "ui/convert/stage_words.h"
#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/gallery/comparison_bar.h"
#include "ui/jobs/picture_series.h"
#include "ui/jobs/queue_runner.h"
#include "ui/jobs/studio_controller.h"
#include "ui/main_window/empty_page.h"
#include "ui/main_window/main_window.h"
#include "ui/main_window/sweep_commands.h"
#include "ui/panels/filmstrip.h"
#include "ui/panels/plan_strip.h"
#include "ui/panels/running_tile.h"
#include "ui/panels/take_panel.h"
#include "ui/widgets/notice_stack.h"

namespace studio::ui {

namespace {

/// What is being done, for the page that stands in for the first preview.
QString workWords(const PlannedStage& stage, const Progress& progress)
{
    if (stage.kind == StageKind::EncodeText)
        return MainWindow::tr("The prompt is being read.");
    if (stage.steps > 0 && progress.step > 0)
        return MainWindow::tr("%1: step %2 of %3.").arg(stageName(stage)).arg(progress.step).arg(stage.steps);
    return MainWindow::tr("%1 is being prepared.").arg(stageName(stage));
}

} // namespace

void MainWindow::connectRun()
{
    connect(&m_controller, &StudioController::runStarted, this, &MainWindow::beginRun);
    connect(&m_controller, &StudioController::runPlanned, this, [this](const Plan& plan) {
        m_runPlan = plan;
        m_strip->setPlan(plan);
        m_strip->setProgress({});
        if (m_runInSight)
            m_takePanel->setRun(plan);
    });
    connect(&m_controller, &StudioController::progressed, this, [this](const Progress& progress) {
        m_strip->setProgress(progress);
        m_running->setFraction(progress.fraction);
        if (const PlannedStage* stage = runningStage(progress.stage))
            m_empty->setWaiting(workWords(*stage, progress));
    });
    connect(&m_controller, &StudioController::previewed, this, [this](const Preview& preview) {
        m_preview = preview;
        showPreview();
    });
    connect(&m_controller, &StudioController::takeFinished, this, &MainWindow::finish);
    m_strip->runChosen = [this] { followRun(); };
    m_filmstrip->wentBeforeFirst = [this] { followRun(); };
    connect(m_running, &QAbstractButton::clicked, this, &MainWindow::followRun);
}

/// Before the engine is there, the run begins when it comes.
void MainWindow::tryExample(const QString& prompt)
{
    if (m_controller.isRunning())
        return;
    m_controller.state().change([&](Request& request) { request.prompt = toStd(prompt); });
    if (m_controller.canGenerate())
        return m_controller.generate();
    connect(&m_controller, &StudioController::engineOpened, &m_controller, &StudioController::generate,
        Qt::SingleShotConnection);
}

void MainWindow::beginRun()
{
    m_ofQueue = m_controller.queue().isRunning();
    const bool byItself = m_ofQueue || m_controller.series().isFollowing();
    m_browsing = m_browsing && byItself;
    m_following = !m_browsing;
    m_ended = false;
    m_preview.reset();
    if (!byItself) {
        m_notice->hide();
        if (m_controller.unsaved().onlyInMemory().empty())
            m_notices->dismiss(NoticeCause::NotKept);
        m_sweep->close();
    }
    m_running->begin();
    m_filmstrip->setRunHidden(true);
    m_empty->setWaiting(tr("The model is made ready."));
    // A picture that is looked at stays until there is another one to see.
    if (m_following && m_view->layers().empty())
        bringRunInSight();
    updateTakes();
    updateActions();
}

const PlannedStage* MainWindow::runningStage(int index) const
{
    const bool exists = m_runPlan && index >= 0 && index < static_cast<int>(m_runPlan->stages.size());
    return exists ? &m_runPlan->stages[static_cast<std::size_t>(index)] : nullptr;
}

void MainWindow::followRun()
{
    if (!m_controller.isRunning())
        return;
    m_browsing = false;
    m_following = true;
    setGalleryOpen(false);
    m_sweep->close();
    if (m_runInSight && m_view->isShowingPreview())
        return;
    bringRunInSight();
    m_view->setLayers({}); // until the first preview, the page says what is being done
    showPreview();
}

/// Lists, panel and commands are those of the run from here on: no take is looked at.
void MainWindow::bringRunInSight()
{
    if (!m_runInSight)
        m_before = m_take;
    m_runInSight = true;
    m_take.reset();
    m_takeId.clear();
    m_comparison->hide();
    m_cells = false;
    m_filmstrip->select({});
    m_running->setChecked(true);
    m_takePanel->setRun(m_runPlan);
    updateTakes();
    updateActions();
}

void MainWindow::showPreview()
{
    if (!m_preview)
        return;
    const PlannedStage* stage = runningStage(m_preview->stage);
    if (!stage)
        return;
    const auto picture = std::make_shared<const Picture8>(m_preview->picture);
    m_running->setPicture(picture);
    if (!m_following)
        return;
    if (!m_runInSight)
        bringRunInSight();
    m_view->setPreview({stageNameIn(*m_runPlan, static_cast<std::size_t>(m_preview->stage)),
                           tr("Step %1 of %2").arg(m_preview->step).arg(stage->steps), picture},
        stage->size);
}

void MainWindow::finish(const std::shared_ptr<const Take>& take)
{
    m_newest = take;
    m_running->end();
    m_filmstrip->setRunHidden(false);
    m_empty->setWaiting({});
    if (m_following && !take->layers.empty()) {
        showTake(take);
        m_filmstrip->select(m_takeId);
    } else if (m_runInSight) { // nothing came of it: back to what was looked at
        showTake(m_before);
        m_filmstrip->select(m_takeId);
    }
    m_before.reset();
    m_preview.reset();
    m_runPlan.reset();
    m_following = false;
    updateTakes();
    sayEnding(*take);
    updateActions();
}

} // namespace studio::ui
