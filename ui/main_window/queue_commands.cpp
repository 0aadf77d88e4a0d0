#include "ui/main_window/queue_commands.h"

#include "ui/convert/counted.h"
#include "ui/convert/strings.h"
#include "ui/jobs/picture_series.h"
#include "ui/jobs/queue_runner.h"
#include "ui/jobs/starred_hires.h"
#include "ui/jobs/studio_controller.h"
#include "ui/main_window/main_window.h"
#include "ui/queue/queue_line.h"
#include "ui/queue/queue_panel.h"
#include "ui/queue/queue_view.h"
#include "ui/queue/queue_words.h"
#include "ui/widgets/notice.h"

#include <QTabWidget>

namespace studio::ui {

QueueCommands::QueueCommands(StudioController& controller, MainWindow& window)
    : QObject(&window)
    , m_controller(controller)
    , m_window(window)
    , m_line(new QueueLine(controller.queue(), &window))
    , m_panel(new QueuePanel(controller, &window))
    , m_starred(new StarredHires(controller, this))
{
    connect(m_line, &QueueLine::queueWanted, this, &QueueCommands::show);
    connect(&controller.queue(), &QueueRunner::changed, this, &QueueCommands::refresh);
    connect(&controller.series(), &PictureSeries::changed, this, &QueueCommands::refresh);
    connect(&controller.queue(), &QueueRunner::failed, this,
        [this] { Q_EMIT said(tr("A picture of the queue failed; the reason stands in the queue.")); });
    connect(&controller.queue(), &QueueRunner::firstPassMissed, this, [this] {
        Q_EMIT said(tr("The first pass is not kept any more, so both passes run; the picture is the same."));
    });
    connect(m_starred, &StarredHires::added, this, [this](const SecondPasses& passes) {
        if (passes.refused.isEmpty())
            return Q_EMIT said(secondPassesInWords(passes));
        m_window.notice().say(Notice::Kind::Warning, tr("Not every starred take can be run"),
            secondPassesInWords(passes), passes.refused.join(u'\n'));
    });
    connect(m_starred, &StarredHires::failed, this, [this](const Failure& failure) {
        m_window.notice().say(
            Notice::Kind::Bad, tr("The starred takes could not be read"), toQt(failure.detail));
    });
}

void QueueCommands::addTab(QTabWidget& tabs)
{
    m_tabs = &tabs;
    m_panel->setParent(nullptr); // the Tab key comes to it where it stands, not where it was made
    tabs.addTab(m_panel, QString());
    refresh();
}

void QueueCommands::add()
{
    QueueRunner& queue = m_controller.queue();
    if (!queue.addFromControls())
        return Q_EMIT said(tr("These settings cannot run; the reason stands beside Generate."));
    const int count = m_controller.settings().queueCount;
    Q_EMIT said(queue.isPaused() ? counted(count, tr("One picture was added; the queue is paused."),
                    tr("%n pictures were added; the queue is paused.", nullptr, count))
                                 : counted(count, tr("One picture was added to the queue."),
                                     tr("%n pictures were added to the queue.", nullptr, count)));
}

void QueueCommands::addWhileRunning()
{
    QueueRunner& queue = m_controller.queue();
    const StudioState& state = m_controller.state();
    if (state.planFailure())
        return Q_EMIT said(tr("These settings cannot run; the reason stands beside Generate."));
    queue.add(state.request(), std::max(1, m_controller.series().wanted()), SeedSeries::Next);
    const int waiting = queue.list().count(QueueState::Waiting);
    Q_EMIT said(queue.isPaused() ? tr("Added: %n waiting, and the queue is paused", nullptr, waiting)
                                 : tr("Added: %n waiting", nullptr, waiting));
}

void QueueCommands::run(Command command)
{
    QueueRunner& queue = m_controller.queue();
    switch (command) {
    case Command::Generate:
        return m_controller.isRunning() ? addWhileRunning()
                                        : m_controller.series().start(m_controller.state().request());
    case Command::PauseQueue:
        return queue.setPaused(!queue.isPaused());
    case Command::HiresStarred:
        return m_starred->start();
    case Command::FocusQueue:
        return show();
    default:
        return add();
    }
}

void QueueCommands::show()
{
    Q_EMIT panelWanted();
    if (m_tabs)
        m_tabs->setCurrentWidget(m_panel);
    QueueView& view = m_panel->view();
    if (!view.currentIndex().isValid() && m_controller.queue().list().rowCount() > 0)
        view.setCurrentIndex(m_controller.queue().list().index(0));
    view.setFocus(Qt::ShortcutFocusReason);
}

void QueueCommands::refresh()
{
    const QueueTally tally = m_controller.queue().tally();
    const QString position
        = m_controller.queue().isRunning() ? positionWords(tally) : m_controller.series().position();
    const QString name = QStringLiteral("Hires Studio");
    m_window.setWindowTitle(position.isEmpty() ? name : tr("%1 – %2").arg(position, name));
    if (!m_tabs)
        return;
    const int open = tally.total - tally.done;
    const int tab = m_tabs->indexOf(m_panel);
    m_tabs->setTabText(tab, open > 0 ? tr("Queue %1").arg(open) : tr("Queue"));
    m_tabs->setTabToolTip(tab, m_panel->summary());
}

} // namespace studio::ui
