// The parts of the window and what connects them.
#include "core/api/presets.h"
#include "ui/compare/compare_actions.h"
#include "ui/compare/compare_view.h"
#include "ui/convert/strings.h"
#include "ui/gallery/comparison_bar.h"
#include "ui/gallery/take_commands.h"
#include "ui/jobs/file_opener.h"
#include "ui/jobs/picture_series.h"
#include "ui/jobs/queue_runner.h"
#include "ui/jobs/studio_controller.h"
#include "ui/main_window/closing.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/empty_page.h"
#include "ui/main_window/main_window.h"
#include "ui/main_window/queue_commands.h"
#include "ui/main_window/save_commands.h"
#include "ui/main_window/status_line.h"
#include "ui/main_window/sweep_commands.h"
#include "ui/panels/first_pass_note.h"
#include "ui/panels/generate_footer.h"
#include "ui/panels/log_panel.h"
#include "ui/panels/mode_bar.h"
#include "ui/panels/panel_table.h"
#include "ui/panels/plan_strip.h"
#include "ui/panels/prompt_panel.h"
#include "ui/panels/seed_row.h"
#include "ui/panels/take_panel.h"
#include "ui/queue/queue_line.h"
#include "ui/queue/queue_panel.h"
#include "ui/sweep/sweep_page.h"
#include "ui/theme/theme.h"
#include "ui/widgets/fold_group.h"
#include "ui/widgets/notice_stack.h"

#include <QApplication>
#include <QFileInfo>
#include <QMenu>
#include <QScrollArea>
#include <QTabWidget>

#include <memory>

namespace studio::ui {

namespace {

/// A part of the window with the panel's ground and a line to its neighbour.
class Column : public QWidget {
public:
    explicit Column(Qt::Edge line, QWidget* parent)
        : QWidget(parent)
        , m_line(line)
    { }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        const Tokens& t = tokensOf(palette());
        painter.fillRect(rect(), t.panel);
        painter.fillRect(QRect(m_line == Qt::LeftEdge ? 0 : width() - 1, 0, 1, height()), t.border);
    }

private:
    Qt::Edge m_line;
};

/// A row of the table as a group: open while the mode uses it, folded with the reason while it does not. What the
/// person folds stays folded.
FoldGroup* makeGroup(const PanelInfo& info, StudioController& controller, QWidget* parent)
{
    const QString title = QCoreApplication::translate("studio::ui::Panels", info.title);
    auto* group = new FoldGroup(title, info.make(controller, parent), parent);
    StudioState& state = controller.state();
    const auto whyNot = [&state, setting = info.setting] {
        return setting ? whyUnused(state.request(), *setting) : QString();
    };
    const auto wanted = std::make_shared<bool>(info.open);
    const auto used = std::make_shared<bool>(whyNot().isEmpty());
    group->folded = [wanted, used](bool open) { *wanted = *used ? open : *wanted; };
    group->setOpen(*used && *wanted);
    const auto update = [=, &state, summary = info.summary] {
        const QString why = whyNot();
        group->setSummary(why.isEmpty() ? summary(state) : MainWindow::tr("not used in this mode"), why);
        if (why.isEmpty() == *used)
            return;
        *used = why.isEmpty();
        group->setOpen(*used && *wanted);
    };
    for (const auto changed :
        {&StudioState::requestChanged, &StudioState::defaultsChanged, &StudioState::catalogChanged})
        QObject::connect(&state, changed, group, update);
    update();
    return group;
}

/// A part that was made before its neighbours: the Tab key comes to it after everything that is there by now.
void addLast(QWidget& part, QWidget& parent)
{
    part.setParent(nullptr);
    part.setParent(&parent);
}

/// Where the keyboard's focus goes, the view follows, from wherever it came.
void followFocus(QScrollArea* area)
{
    QObject::connect(qApp, &QApplication::focusChanged, area, [area](QWidget*, QWidget* now) {
        if (!now || !area->widget()->isAncestorOf(now) || QApplication::mouseButtons() != Qt::NoButton)
            return;
        // All of it: Qt's own way is content with the text cursor.
        const QPoint middle = now->mapTo(area->widget(), now->rect().center());
        area->ensureVisible(middle.x(), middle.y(), 0, now->height() / 2 + spacing::kInGroup);
    });
}

QScrollArea* scrolled(QWidget* content, QWidget* parent)
{
    auto* area = new QScrollArea(parent);
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->viewport()->setAutoFillBackground(false);
    area->viewport()->setBackgroundRole(QPalette::AlternateBase); // the scroll bar's ground: the column's
    content->setAutoFillBackground(false);
    followFocus(area);
    return area;
}

} // namespace

QWidget* MainWindow::makeLeftColumn()
{
    auto* column = new Column(Qt::RightEdge, this);
    column->setFixedWidth(spacing::kLeftColumn);
    m_prompts = new PromptPanel(m_controller, column);
    for (PromptEdit* edit : {m_prompts->prompt(), m_prompts->negative()})
        edit->fileDropped = [this](const QString& path) { openFile(path); };
    m_modes = new ModeBar(m_controller.state(), column);
    m_seed = new SeedRow(m_controller, column);

    auto* top = new QVBoxLayout;
    top->setContentsMargins(spacing::kPanel, spacing::kPanel, spacing::kPanel, spacing::kInGroup);
    top->setSpacing(spacing::kPanel);
    top->addWidget(m_prompts);
    top->addWidget(m_modes);
    top->addWidget(new FirstPassNote(m_controller, column));
    top->addWidget(m_seed);

    auto* groups = new QWidget(column);
    auto* list = new QVBoxLayout(groups);
    // The scroll bar stands where the margin would be, so that all fields end on one line.
    list->setContentsMargins(spacing::kPanel - FoldGroup::kRingRoom, 0, 0, spacing::kInGroup);
    list->setSpacing(spacing::kPanel);
    for (const PanelInfo& info : panelTable()) {
        FoldGroup* group = makeGroup(info, m_controller, groups);
        list->addWidget(group);
        m_panels.insert(QLatin1String(info.id), group);
    }
    list->addStretch();
    addLast(m_queue->line(), *column);
    m_footer = new GenerateFooter(m_controller, column);
    m_footer->checkpointWanted = [this] { run(Command::OpenCheckpoint); };

    auto* all = new QVBoxLayout(column);
    all->setContentsMargins(0, 0, 1, 0);
    all->setSpacing(0);
    all->addLayout(top);
    QScrollArea* area = scrolled(groups, column);
    area->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    all->addWidget(area, 1);
    all->addWidget(&m_queue->line());
    all->addWidget(m_footer);
    return column;
}

QWidget* MainWindow::makeCentre()
{
    auto* centre = new QWidget(this);
    m_strip = new PlanStrip(centre);
    m_notices = new NoticeStack(centre);
    m_notice = &m_notices->of(NoticeCause::LastAct);
    m_takeCommands = new TakeCommands(m_controller, *m_notice, this);
    m_comparison = new ComparisonBar(centre);
    m_view = new CompareView(centre);
    m_empty = new EmptyPage(m_view);
    m_empty->setObjectName(QStringLiteral("emptyPage"));
    m_empty->promptChosen = [this](const QString& prompt) { tryExample(prompt); };
    m_empty->checkpointWanted = [this] { run(Command::OpenCheckpoint); };
    m_view->setEmptyWidget(m_empty);
    m_view->setReducedMotion(m_controller.settings().reducedMotion || prefersReducedMotion());
    connect(
        m_view, &CompareView::dragOutWanted, this, [this](int layer) { m_saving->dragOut(m_take, layer); });
    addLast(m_sweep->page(), *centre);
    QWidget* takes = makeFilmstrip(centre);
    auto* column = new QVBoxLayout(centre);
    m_canvasColumn = column;
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_strip);
    column->addWidget(m_notices);
    column->addWidget(m_comparison);
    column->addWidget(m_view, 1);
    column->addWidget(&m_sweep->page(), 1);
    column->addWidget(takes);
    return centre;
}

QWidget* MainWindow::makeRightColumn()
{
    auto* column = new Column(Qt::LeftEdge, this);
    column->setObjectName(QStringLiteral("rightColumn"));
    column->setFixedWidth(spacing::kRightColumn);
    m_right = column;
    auto* tabs = new QTabWidget(column);
    tabs->setDocumentMode(true);
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(1, 0, 0, 0);
    layout->addWidget(tabs);
    m_takePanel = new TakePanel(tabs);
    m_takePanel->setBuiltInModel(pathToQt(m_controller.services().demoModel));
    (*m_actions)[Command::Save]->setIconText(tr("Save"));
    (*m_actions)[Command::CopyPicture]->setIconText(tr("Copy"));
    (*m_takeCommands)[TakeCommand::SecondPass]->setIconText(tr("Second pass"));
    m_takePanel->setActions({(*m_actions)[Command::Save], (*m_actions)[Command::CopyPicture],
                                (*m_takeCommands)[TakeCommand::SecondPass]},
        {(*m_takeCommands)[TakeCommand::Star], (*m_actions)[Command::UseSettings],
            (*m_takeCommands)[TakeCommand::UseSeed], (*m_actions)[Command::CopyRecipe],
            (*m_actions)[Command::SaveSheet], (*m_takeCommands)[TakeCommand::FinishRun],
            (*m_takeCommands)[TakeCommand::ShowFolder], (*m_takeCommands)[TakeCommand::Trash]});
    tabs->addTab(scrolled(m_takePanel, tabs), tr("Take"));
    for (const Command offer : {Command::HiresStarred, Command::Sweep})
        m_queue->panel().addOffer((*m_actions)[offer]);
    m_queue->addTab(*tabs);
    tabs->addTab(new LogPanel(tabs), tr("Log"));
    return column;
}

void MainWindow::fillMenus()
{
    QMenu* generate = m_actions->menu("generate");
    generate->addSeparator();
    for (const Mode mode : {Mode::Standard, Mode::Simple, Mode::Hires, Mode::Compare})
        generate->addAction(m_modes->action(mode));
    generate->addSeparator();
    for (const Preset& preset : presets()) {
        const QString name = QCoreApplication::translate("studio::ui::Presets", preset.label.c_str());
        QAction* action = generate->addAction(name);
        action->setToolTip(toQt(describe(preset)));
        action->setStatusTip(toQt(describe(preset)));
        connect(action, &QAction::triggered, this, [this, preset, name] {
            m_controller.state().replace(
                tr("the preset “%1”").arg(QString(name).remove(u'&')), [&](Request& r) { apply(preset, r); });
        });
    }
    generate->setToolTipsVisible(true);
    auto* compare = new QMenu(tr("&Comparison"), this);
    compare->addActions(m_view->actions().all());
    QMenu* view = m_actions->menu("view");
    QAction* first = (*m_actions)[Command::LeftColumn];
    view->insertMenu(first, compare);
    view->insertSeparator(first);
}

void MainWindow::connectController()
{
    StudioState& state = m_controller.state();
    connect(&state, &StudioState::requestChanged, this, [this] { m_ended = false; });
    connect(&state, &StudioState::planChanged, this, &MainWindow::showPlan);
    connect(&state, &StudioState::planChanged, this, &MainWindow::updateActions);
    connect(&m_controller, &StudioController::engineOpened, this, &MainWindow::updateActions);
    connect(&m_controller, &StudioController::engineFailed, this, [this](const Failure& failure) {
        m_notices->of(NoticeCause::Engine)
            .say(Notice::Kind::Bad, tr("The engine did not start"),
                tr("Settings can be changed, but no picture can be made. Help → Check this machine says "
                   "more."),
                toQt(failure.detail));
    });
    connect(&m_controller, &StudioController::takeNotKept, this, &MainWindow::sayNotKept);
    connect(&m_controller, &StudioController::settingsChanged, this, [this] {
        applyThemeOf(m_controller.settings());
        m_view->setReducedMotion(m_controller.settings().reducedMotion || prefersReducedMotion());
    });
    connect(&state, &StudioState::requestChanged, this, [this, base = state.request().models.base]() mutable {
        if (base == m_controller.state().request().models.base)
            return;
        base = m_controller.state().request().models.base;
        showExamples();
    });
}

void MainWindow::connectSaver()
{
    connect(&m_controller.saver(), &PictureSaver::saved, m_status,
        [this](const QString& path) { m_status->say(tr("Saved %1").arg(path)); });
    UnsavedPictures& unsaved = m_controller.unsaved();
    connect(&unsaved, &UnsavedPictures::refusedOne, this, &MainWindow::sayNotSaved);
    connect(&unsaved, &UnsavedPictures::changed, this, [this, &unsaved] {
        if (unsaved.refused().empty())
            m_notices->dismiss(NoticeCause::NotSaved);
        else if (m_notices->of(NoticeCause::NotSaved).isVisibleTo(m_notices))
            sayNotSaved(); // fewer than before
    });
    connect(m_closing, &Closing::said, m_status, &StatusLine::say);
}

void MainWindow::connectQueue()
{
    if (const QString& trouble = m_controller.queue().trouble(); !trouble.isEmpty())
        m_notice->say(Notice::Kind::Warning, tr("The queue is not as it was left"), trouble);
    connect(m_queue, &QueueCommands::said, m_status, &StatusLine::say);
    // After what the window says of the picture itself.
    connect(&m_controller.series(), &PictureSeries::ended, m_status, &StatusLine::say, Qt::QueuedConnection);
    connect(m_sweep, &SweepCommands::said, m_status, &StatusLine::say);
    connect(m_sweep, &SweepCommands::opened, this, [this] {
        setGalleryOpen(false);
        m_sweep->page().setFocus(Qt::OtherFocusReason);
    });
    connect(m_queue, &QueueCommands::panelWanted, this, [this] {
        (*m_actions)[Command::RightColumn]->setChecked(true);
        updateColumns();
        if (!m_roomForRight)
            m_status->say(tr("The queue stands in the right column, which a wider window has room for."));
    });
}

void MainWindow::connectOpener()
{
    connect(m_opener, &FileOpener::modelFound, this, [this](ModelSlot slot, const QString& path) {
        m_controller.setModel(slot, path);
        m_notice->hide();
        m_status->say(tr("Now in use: %1").arg(path));
    });
    connect(m_opener, &FileOpener::requestFound, this, &MainWindow::takeOverFile);
    connect(m_opener, &FileOpener::pictureFound, this, [this](const QString& path) {
        m_notice->say(Notice::Kind::Warning, tr("%1 carries no settings").arg(QFileInfo(path).fileName()),
            tr("It can take the place of the first pass: it is enlarged, and denoised again."), path,
            {{tr("Start from this picture"), [this, path] { startFromPicture(path); }}});
    });
    connect(m_opener, &FileOpener::adapterFound, this, &MainWindow::useAdapter);
    connect(m_opener, &FileOpener::embeddingFound, this, &MainWindow::useEmbedding);
    connect(m_opener, &FileOpener::upscalerFound, this, &MainWindow::useUpscaler);
    connect(m_opener, &FileOpener::refused, this, [this](const QString& path, const QString& sentence) {
        m_notice->say(Notice::Kind::Bad, tr("%1 cannot be used").arg(QFileInfo(path).fileName()), sentence,
            fileFacts(path));
    });
}

} // namespace studio::ui
