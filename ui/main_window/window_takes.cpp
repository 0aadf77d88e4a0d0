// The gallery in the window, and what is done with stored takes.
#include "core/api/log.h"
#include "ui/compare/compare_view.h"
#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/gallery/comparison_bar.h"
#include "ui/gallery/gallery_grid.h"
#include "ui/gallery/gallery_page.h"
#include "ui/gallery/take_commands.h"
#include "ui/jobs/studio_controller.h"
#include "ui/jobs/take_archive.h"
#include "ui/main_window/main_window.h"
#include "ui/main_window/status_line.h"
#include "ui/main_window/sweep_commands.h"
#include "ui/panels/comparison_numbers.h"
#include "ui/panels/filmstrip.h"
#include "ui/panels/running_tile.h"
#include "ui/panels/seed_row.h"
#include "ui/panels/take_panel.h"
#include "ui/sweep/sweep_page.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"

#include <QAction>
#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>

namespace studio::ui {

QWidget* MainWindow::makeFilmstrip(QWidget* parent)
{
    m_takesRow = new QWidget(parent);
    auto* row = new QHBoxLayout(m_takesRow);
    row->setContentsMargins(spacing::kInGroup, 0, 0, 0);
    row->setSpacing(0);
    auto* all = new QToolButton(m_takesRow);
    all->setDefaultAction((*m_actions)[Command::Gallery]);
    all->setText(tr("All takes"));
    all->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    all->setFocusPolicy(Qt::StrongFocus);
    all->setAccessibleName(tr("All takes"));
    all->setFixedSize(64, 52);
    setButtonRole(*all, ButtonRole::Quiet);
    m_filmstrip = new Filmstrip(m_controller.archive(), m_takesRow);
    m_filmstrip->chosen = [this](const std::string& id) { openTake(id); };
    m_filmstrip->addActions(m_takeCommands->all());
    m_filmstrip->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_running = new RunningTile(m_controller.archive().thumbnails(), *m_filmstrip, m_takesRow);
    row->addWidget(all);
    row->addSpacing(2 * Filmstrip::kGap);
    row->addWidget(m_running);
    row->addWidget(m_filmstrip, 1);
    m_takesRow->hide();
    return m_takesRow;
}

void MainWindow::connectTakes()
{
    m_takeCommands->opened = [this](const std::string& id) {
        setGalleryOpen(false);
        if (!id.empty())
            openTake(id);
    };
    m_takeCommands->said = [this](const QString& sentence) { m_status->say(sentence); };
    m_takeCommands->settingsWanted = [this] { run(Command::ShowSettings); };
    m_takeCommands->compared = [this](const StoredTake& first, const StoredTake& second) {
        setGalleryOpen(false);
        m_sweep->close();
        m_following = false;
        if (m_runInSight)
            showTake(m_before);
        m_browsing = true;
        m_cells = false;
        m_comparison->compare(first, second);
    };
    m_takePanel->runWanted = [this](const std::string& id, std::size_t run) { openTake(id, run); };
    m_takePanel->comparisonWanted = [this](const StoredTake& take) { m_takeCommands->compared(take, take); };
    m_comparison->ready = [this](std::vector<CompareLayer> layers) {
        if (!m_comparison->isVisible())
            return; // left meanwhile
        m_view->setLayers(std::move(layers));
        updateActions();
    };
    m_comparison->failed = [this](const Failure& failure) {
        m_notice->say(Notice::Kind::Bad, failureTitle(failure.kind), toQt(failure.detail));
    };
    m_comparison->left = [this] { leaveComparison(); };
    connect(m_view, &CompareView::metricsChanged, this, &MainWindow::showNumbers);
    connect(&m_controller.archive(), &TakeArchive::listed, this, &MainWindow::updateTakes);
    connect(&m_controller.archive(), &TakeArchive::listed, this, &MainWindow::openLastTake,
        Qt::SingleShotConnection);
    connect(&m_controller, &StudioController::engineOpened, m_takeCommands, &TakeCommands::offerToFinish);
    // One key for both: of the take in sight, or of the one that is chosen in the gallery.
    connect((*m_takeCommands)[TakeCommand::UseRecipe], &QAction::changed, this, &MainWindow::updateActions);
    m_actions->menu("take")->addActions(m_takeCommands->all());
}

void MainWindow::setGalleryOpen(bool open)
{
    (*m_actions)[Command::Gallery]->setChecked(open);
    if (open && !m_gallery) {
        m_gallery = new GalleryPage(m_controller, *m_takeCommands, m_view->parentWidget());
        m_gallery->left = [this] { setGalleryOpen(false); };
        m_canvasColumn->insertWidget(m_canvasColumn->indexOf(m_view), m_gallery, 1);
    }
    if (!m_gallery || m_gallery->isVisibleTo(this) == open)
        return;
    if (open)
        m_sweep->close();
    m_gallery->setVisible(open);
    m_view->setVisible(!open && m_sweep->page().isHidden());
    if (open) {
        m_comparison->hide();
        m_controller.archive().refresh();
        m_gallery->grid().select(m_takeId);
        m_gallery->setFocus();
        m_gallery->takeOver();
    } else {
        m_view->setFocus();
    }
    updateTakes();
    updateActions();
}

void MainWindow::updateTakes()
{
    const TakeList& takes = m_controller.takes();
    const bool gallery = m_gallery && m_gallery->isVisibleTo(this);
    // From the beginning of the first run: what is under the pointer does not move when its first picture is done.
    m_takesRow->setVisible((takes.rowCount() > 0 || m_controller.isRunning()) && !gallery);
    if (gallery)
        return;
    const int row = takes.rowOf(m_takeId);
    std::vector<TakeSummary> targets;
    if (row >= 0 && takes.row(row).stored)
        targets.push_back(takes.row(row).summary);
    m_takeCommands->setTargets(std::move(targets));
}

void MainWindow::openTake(const std::string& id, std::optional<std::size_t> run)
{
    m_following = false;
    const TakeList& takes = m_controller.takes();
    m_takeId = id; // what is done from now on is meant for this one, though its pictures are still to come
    updateTakes();
    const auto show = [this, id](const std::shared_ptr<const Take>& take) {
        m_browsing = take != m_newest;
        m_sweep->close();
        showTake(take);
        m_filmstrip->select(id);
    };
    if (const int row = takes.rowOf(id); !run && row >= 0 && takes.row(row).take)
        return show(takes.row(row).take);
    m_controller.archive().open(id, run, [this, show](const Outcome<OpenedTake>& opened) {
        if (const Failure* failure = failureOf(opened)) {
            m_notice->say(Notice::Kind::Bad, tr("The take cannot be opened"), toQt(failure->detail));
            return;
        }
        if (!m_following) // no run has begun meanwhile and is in sight
            show(std::get<OpenedTake>(opened).take);
    });
}

/// After a start, one goes on where one left off: the examples are for those who have no picture yet.
void MainWindow::openLastTake()
{
    const TakeList& takes = m_controller.takes();
    const auto isUntouched = [this] {
        return !m_take && m_takeId.empty() && !m_controller.isRunning() && !m_comparison->isVisible();
    };
    if (takes.rowCount() == 0 || !isUntouched())
        return;
    const std::string id = takes.row(0).summary.id;
    m_controller.archive().open(id, {}, [this, id, isUntouched](const Outcome<OpenedTake>& opened) {
        if (const Failure* failure = failureOf(opened)) {
            logWarning("The last take cannot be shown: " + failure->detail);
            return;
        }
        if (!isUntouched())
            return;
        m_newest = std::get<OpenedTake>(opened).take;
        showTake(m_newest);
        m_filmstrip->select(id);
    });
}

void MainWindow::showTake(std::shared_ptr<const Take> take)
{
    m_runInSight = false;
    m_running->setChecked(false);
    m_take = std::move(take);
    m_takeId = m_controller.archive().idOf(m_take.get());
    if (const int row = m_controller.takes().rowOf(m_take.get()); row >= 0)
        m_takeId = m_controller.takes().row(row).summary.id; // it may be in no store
    std::vector<CompareLayer> layers;
    if (m_take) {
        for (const Layer& layer : m_take->layers)
            layers.push_back({layerName(layer.kind), sizeWords(layer.size), layer.picture});
        m_seed->setSeedInSight(m_take->plan.request.seed);
    }
    m_comparison->hide();
    m_cells = false;
    m_view->setLayers(std::move(layers));
    m_takePanel->setTake(m_take);
    showNumbers();
    if (const std::string id = takeId(); !id.empty())
        m_controller.archive().read(id, [this, shown = m_take](const Outcome<StoredTake>& stored) {
            // A take that is thrown away meanwhile has no files to speak of; it is still in sight.
            if (const auto* found = std::get_if<StoredTake>(&stored); found && shown == m_take)
                m_takePanel->setStored(*found);
        });
    updateTakes();
    updateActions();
}

void MainWindow::showNumbers()
{
    QString pair;
    if (m_view->comparesTwo()) {
        const auto name = [this](int layer) { return m_view->layers()[std::size_t(layer)].label; };
        const CompareSettings settings = m_view->settings();
        pair = tr("A: %1\nB: %2").arg(name(settings.first), name(settings.second));
    }
    m_takePanel->comparison().setNumbers(pair, m_view->metrics());
}

std::string MainWindow::takeId() const
{
    return m_controller.archive().idOf(m_take.get());
}

void MainWindow::leaveComparison()
{
    if (!m_take && m_controller.isRunning())
        return followRun();
    m_browsing = m_take && m_take != m_newest;
    showTake(m_take);
}

void MainWindow::compare(std::vector<CompareLayer> layers)
{
    m_following = false;
    m_browsing = true;
    showTake(nullptr);
    m_filmstrip->select({});
    m_cells = true;
    m_view->setLayers(std::move(layers));
    updateActions();
}

void MainWindow::leaveCells()
{
    m_browsing = false;
    if (m_controller.isRunning()) {
        followRun();
    } else {
        showTake(m_newest);
        m_filmstrip->select(m_takeId);
    }
    m_sweep->toggle(); // the sheet, with this behind it
}

/// What Esc leaves or stops: the innermost first.
void MainWindow::escape()
{
    if (m_gallery && m_gallery->isVisible())
        return setGalleryOpen(false);
    if (m_comparison->isVisible())
        return leaveComparison();
    if (m_cells && m_view->isVisible())
        return leaveCells();
    if (isFullScreen()) {
        (*m_actions)[Command::FullScreen]->setChecked(false);
        return showNormal();
    }
    m_controller.cancel();
}

void MainWindow::useSettings()
{
    if (m_gallery && m_gallery->isVisible())
        return m_takeCommands->run(TakeCommand::UseRecipe);
    if (!m_take)
        return;
    Request request = m_take->plan.request;
    request.firstPass.clear(); // the same picture, from the start
    m_controller.state().replaceRequest(
        m_controller.portable(std::move(request)), tr("the settings of the take"));
}

} // namespace studio::ui
