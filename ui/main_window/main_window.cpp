#include "ui/main_window/main_window.h"

#include "ui/compare/compare_view.h"
#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/gallery/comparison_bar.h"
#include "ui/gallery/gallery_page.h"
#include "ui/gallery/take_commands.h"
#include "ui/jobs/file_opener.h"
#include "ui/jobs/pasted_pictures.h"
#include "ui/jobs/queue_runner.h"
#include "ui/jobs/studio_controller.h"
#include "ui/main_window/closing.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/empty_page.h"
#include "ui/main_window/queue_commands.h"
#include "ui/main_window/save_commands.h"
#include "ui/main_window/status_line.h"
#include "ui/main_window/sweep_commands.h"
#include "ui/main_window/window_place.h"
#include "ui/panels/filmstrip.h"
#include "ui/panels/generate_footer.h"
#include "ui/panels/mode_bar.h"
#include "ui/panels/plan_strip.h"
#include "ui/panels/prompt_panel.h"
#include "ui/panels/seed_row.h"
#include "ui/panels/take_panel.h"
#include "ui/widgets/calm_inputs.h"
#include "ui/widgets/notice.h"

#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>
#include <QMimeData>
#include <QTimer>
#include <QUrl>

namespace studio::ui {

namespace {

constexpr int kFoldBelow = 1200; // narrower windows have no room for the right column
constexpr QSize kFirstSize(1440, 900);
constexpr QSize kSmallest(900, 600);

void typeOver(QLineEdit& field)
{
    field.setFocus(Qt::ShortcutFocusReason);
    field.selectAll();
}

void openFolder(const QString& folder)
{
    QDir().mkpath(folder);
    QDesktopServices::openUrl(QUrl::fromLocalFile(folder));
}

/// The commands that take the pictures or the settings of a take out of the window. `take` is held until they have
/// ended: while a dialog is open, the window goes on to others.
void runOnTake(
    Command command, SaveCommands& saving, StatusLine& status, const std::shared_ptr<const Take> take)
{
    if (command == Command::Save)
        saving.save(take);
    else if (command == Command::SaveAs)
        saving.saveAs(take);
    else if (command == Command::SaveSheet)
        saving.saveSheet(take);
    else if (command == Command::CopyPicture && saving.copyPicture(take))
        status.say(MainWindow::tr("The picture was copied."));
    else if (command == Command::CopyRecipe && saving.copyRecipe(take))
        status.say(MainWindow::tr("The settings were copied."));
}

} // namespace

MainWindow::MainWindow(StudioController& controller, QWidget* parent)
    : QMainWindow(parent)
    , m_controller(controller)
    , m_opener(new FileOpener(this))
    , m_pasted(new PastedPictures(controller.services().cacheFolder.empty()
              ? std::filesystem::path()
              : controller.services().cacheFolder / "pasted",
          this))
{
    setWindowTitle(QStringLiteral("Hires Studio"));
    setAcceptDrops(true);
    m_queue = new QueueCommands(controller, *this);
    m_sweep = new SweepCommands(controller, *this);
    m_actions = new WindowActions(*this, [this](Command command) { run(command); });
    auto* page = new QWidget(this);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    m_left = makeLeftColumn();
    row->addWidget(m_left);
    row->addWidget(makeCentre(), 1);
    row->addWidget(makeRightColumn());
    m_status = new StatusLine(controller, page);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row, 1);
    column->addWidget(m_status);
    setCentralWidget(page);
    m_saving = new SaveCommands(controller, *m_view, this);
    m_closing = new Closing(controller, *m_saving, *this);
    fillMenus();
    connectController();
    connectRun();
    connectSaver();
    connectOpener();
    connectPasting();
    connectQueue();
    connectTakes();
    restore();
    showExamples();
    updateActions();
    m_prompts->prompt()->setFocus();
}

MainWindow::~MainWindow() = default;

bool MainWindow::event(QEvent* event)
{
    const bool handled = QMainWindow::event(event);
    if (event->type() == QEvent::Paint && !m_painted) {
        m_painted = true;
        if (m_placed == size())
            keepOnScreen(*this); // its frame is known now
        // After this round of painting has reached the screen.
        QTimer::singleShot(0, this, &MainWindow::firstPainted);
    }
    // A file that was missing may have been put back in another program.
    if (event->type() == QEvent::WindowActivate && m_controller.state().planFailure())
        m_controller.planner().refresh();
    return handled;
}

void MainWindow::run(Command command)
{
    takeTypedNumber();
    switch (command) {
    case Command::OpenFile:
        return openByDialog();
    case Command::OpenCheckpoint:
        return askForCheckpoint(m_controller, this, [this](const QString& path) { openFile(path); });
    case Command::Save:
    case Command::SaveAs:
    case Command::SaveSheet:
    case Command::CopyPicture:
    case Command::CopyRecipe:
        return runOnTake(command, *m_saving, *m_status, m_take);
    case Command::OpenFolder:
        return openFolder(outputFolder(m_controller.settings()));
    case Command::Quit:
        return void(close());
    case Command::Paste:
    case Command::PasteSettings:
    case Command::UseSettings:
    case Command::ResetSettings:
    case Command::UndoSettings:
    case Command::RedoSettings:
        return runOnSettings(command);
    case Command::ShowSettings:
        return showSettings(m_controller, this);
    case Command::Generate:
    case Command::AddToQueue:
    case Command::PauseQueue:
    case Command::HiresStarred:
    case Command::FocusQueue:
        return m_queue->run(command);
    case Command::Cancel:
        return escape();
    case Command::Sweep:
        return m_sweep->setUp();
    case Command::Gallery:
        return setGalleryOpen((*m_actions)[Command::Gallery]->isChecked());
    case Command::PreviousTake:
        return m_filmstrip->step(-1);
    case Command::NextTake:
        return m_filmstrip->step(1);
    case Command::FocusPrompt:
        return m_prompts->prompt()->setFocus(Qt::ShortcutFocusReason);
    case Command::FocusSeed:
        return typeOver(*m_seed->field());
    case Command::FocusPicture:
        return m_view->setFocus(Qt::ShortcutFocusReason);
    case Command::ContactSheet:
        return m_sweep->toggle();
    case Command::LeftColumn:
    case Command::RightColumn:
        return updateColumns();
    case Command::FullScreen:
        return isFullScreen() ? showNormal() : showFullScreen();
    case Command::CheckMachine:
        return showMachineCheck(m_controller, this);
    case Command::About:
        return showAbout(m_controller, this);
    }
}

void MainWindow::showPlan()
{
    if (m_controller.isRunning() || m_ended)
        return;
    if (const auto& plan = m_controller.state().plan())
        m_strip->setPlan(*plan);
    else if (m_controller.state().planFailure())
        m_strip->clear(tr("These settings cannot run; the reason stands beside Generate."));
}

void MainWindow::showExamples()
{
    const std::string& base = m_controller.state().request().models.base;
    const QString folder = base.empty() ? pathToQt(m_controller.services().demoModel) : toQt(base);
    m_empty->setExamples(examplePrompts(folder), base.empty());
}

void MainWindow::openFile(const QString& path)
{
    m_opener->open(path);
}

void MainWindow::openByDialog()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open"), m_controller.settings().lastFolder,
        tr("Pictures, settings, checkpoints (*.png *.jpg *.jpeg *.webp *.json *.safetensors);;All files "
           "(*)"));
    if (path.isEmpty())
        return;
    Settings settings = m_controller.settings();
    settings.lastFolder = QFileInfo(path).absolutePath();
    m_controller.setSettings(settings);
    openFile(path);
}

void MainWindow::updateColumns()
{
    m_left->setVisible((*m_actions)[Command::LeftColumn]->isChecked());
    m_right->setVisible((*m_actions)[Command::RightColumn]->isChecked() && m_roomForRight);
    Settings settings = m_controller.settings();
    settings.leftColumn = (*m_actions)[Command::LeftColumn]->isChecked();
    settings.rightColumn = (*m_actions)[Command::RightColumn]->isChecked();
    m_controller.setSettings(settings);
}

void MainWindow::updateActions()
{
    const bool picture = m_take && !m_take->layers.empty();
    // Of two takes that are compared, none is the one that is meant.
    for (const Command command :
        {Command::Save, Command::SaveAs, Command::CopyPicture, Command::CopyRecipe, Command::UseSettings})
        (*m_actions)[command]->setEnabled(picture && !m_comparison->isVisible());
    if (m_gallery && m_gallery->isVisible())
        (*m_actions)[Command::UseSettings]->setEnabled(
            (*m_takeCommands)[TakeCommand::UseRecipe]->isEnabled());
    (*m_actions)[Command::SaveSheet]->setEnabled(!m_runInSight && !m_view->layers().empty());
    (*m_actions)[Command::Generate]->setEnabled(
        (m_controller.canGenerate() || m_controller.isRunning()) && !m_controller.state().planFailure());
    (*m_actions)[Command::RightColumn]->setEnabled(m_roomForRight);
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    const bool room = width() >= kFoldBelow;
    if (room == m_roomForRight)
        return;
    m_roomForRight = room;
    m_right->setVisible((*m_actions)[Command::RightColumn]->isChecked() && room);
    updateActions();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    takeTypedNumber();
    Settings settings = m_controller.settings();
    settings.geometry = saveGeometry();
    m_controller.setSettings(settings);
    m_controller.storeSettings();
    m_controller.queue().flush();
    event->setAccepted(m_closing->mayClose()); // if not, it has asked, and closes the window itself
}

void MainWindow::closeUnasked()
{
    m_closing->closeUnasked();
}

void MainWindow::prepareForEnd()
{
    takeTypedNumber();
    m_controller.storeSettings();
    m_controller.queue().flush();
    m_closing->expectEnd();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (event->source() || urls.size() != 1 || !urls.front().isLocalFile())
        return;
    m_status->say(tr("Let go to open %1").arg(urls.front().fileName()));
    event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    openFile(event->mimeData()->urls().front().toLocalFile());
    event->acceptProposedAction();
}

void MainWindow::restore()
{
    const Settings& settings = m_controller.settings();
    setMinimumSize(kSmallest);
    resize(kFirstSize);
    if (!settings.geometry.isEmpty())
        restoreGeometry(settings.geometry);
    keepOnScreen(*this);
    m_placed = size();
    (*m_actions)[Command::LeftColumn]->setChecked(settings.leftColumn);
    (*m_actions)[Command::RightColumn]->setChecked(settings.rightColumn);
    m_roomForRight = width() >= kFoldBelow;
    updateColumns();
}

} // namespace studio::ui
