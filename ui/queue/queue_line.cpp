#include "ui/queue/queue_line.h"

#include "ui/convert/counted.h"
#include "ui/jobs/queue_runner.h"
#include "ui/queue/queue_words.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"
#include "ui/widgets/elided_label.h"

namespace studio::ui {

QueueLine::QueueLine(QueueRunner& queue, QWidget* parent)
    : QWidget(parent)
    , m_queue(queue)
    , m_open(new QToolButton(this))
    , m_words(new ElidedLabel(this))
    , m_pause(new QToolButton(this))
{
    m_open->setIcon(icon(QStringLiteral("queue")));
    m_open->setAccessibleName(tr("Show the queue"));
    m_open->setToolTip(tr("Show the queue (F7)"));
    setTextRole(*m_words, TextRole::Caption);
    m_words->setAccessibleName(tr("Queue"));
    m_pause->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    for (QToolButton* button : {m_open, m_pause}) {
        button->setFocusPolicy(Qt::StrongFocus);
        setButtonRole(*button, ButtonRole::Quiet);
    }
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(spacing::kUnit + 2, spacing::kUnit + 1, spacing::kUnit + 2, spacing::kUnit);
    row->setSpacing(spacing::kUnit);
    row->addWidget(m_open);
    row->addWidget(m_words, 1);
    row->addWidget(m_pause);
    connect(m_open, &QToolButton::clicked, this, &QueueLine::queueWanted);
    connect(m_pause, &QToolButton::clicked, this, [this] { m_queue.setPaused(!m_queue.isPaused()); });
    connect(&queue, &QueueRunner::changed, this, &QueueLine::refresh);
    refresh();
}

void QueueLine::refresh()
{
    const QueueTally tally = m_queue.tally();
    const int open = tally.total - tally.done;
    const int failed = m_queue.list().count(QueueState::Failed);
    setVisible(open > 0 || failed > 0);
    QStringList parts;
    const QString waiting = counted(open, tr("1 waits"), tr("%n wait", nullptr, open));
    if (open > 0 && m_queue.isPaused() && !m_queue.isRunning())
        parts << tr("Queue paused") << waiting;
    else if (open > 0)
        parts << (m_queue.isRunning() ? positionWords(tally) : waiting) << timeLeftWords(tally);
    if (open == 0)
        parts << tr("Queue");
    if (failed > 0)
        parts << tr("%n failed", nullptr, failed);
    parts.removeAll(QString());
    m_words->setText(parts.join(QStringLiteral(" · ")));
    m_words->setToolTip(m_queue.whyPaused().isEmpty() ? m_words->text() : m_queue.whyPaused());
    const bool paused = m_queue.isPaused();
    m_pause->setIcon(icon(paused ? QStringLiteral("play") : QStringLiteral("pause")));
    m_pause->setText(paused ? tr("Go on") : tr("Pause"));
    m_pause->setToolTip(paused ? tr("Make what waits") : tr("Stop after the present picture"));
    m_pause->setAccessibleName(m_pause->text());
    m_pause->setVisible(open > 0);
}

QString QueueLine::text() const
{
    return m_words->text();
}

void QueueLine::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(0, 0, width(), 1, tokensOf(palette()).border);
}

} // namespace studio::ui
