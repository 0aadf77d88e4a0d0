#include "ui/queue/queue_panel.h"

#include "ui/convert/counted.h"
#include "ui/jobs/studio_controller.h"
#include "ui/queue/queue_view.h"
#include "ui/queue/queue_words.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"
#include "ui/widgets/calm_inputs.h"

#include <QAction>

#include <utility>

namespace studio::ui {

namespace {

constexpr int kMostAtOnce = 100;

QToolButton* quietTool(QWidget* parent, const QString& iconName, const QString& name)
{
    auto* button = new QToolButton(parent);
    button->setIcon(icon(iconName));
    button->setAccessibleName(name);
    button->setToolTip(name);
    button->setFocusPolicy(Qt::StrongFocus);
    setButtonRole(*button, ButtonRole::Quiet);
    return button;
}

QHBoxLayout* rowOf(QWidget* row)
{
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(spacing::kUnit);
    return layout;
}

} // namespace

QueuePanel::QueuePanel(StudioController& controller, QWidget* parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_queue(controller.queue())
    , m_view(new QueueView(m_queue, controller.state().catalog(), this))
    , m_empty(new QLabel(
          tr("Nothing is waiting.\n\nAdd pictures with Ctrl+Enter while another is being made, or at "
             "any time with Ctrl+Shift+Enter or the last button beside Generate. They are made one "
             "after another and become takes."),
          this))
    , m_offers(new QWidget(this))
{
    m_empty->setWordWrap(true);
    m_empty->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_empty->setMargin(spacing::kPanel);
    setTextRole(*m_empty, TextRole::Secondary);
    auto* offers = new QVBoxLayout(m_offers);
    offers->setContentsMargins(spacing::kPanel, 0, spacing::kPanel, spacing::kPanel);
    offers->setSpacing(spacing::kInGroup);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, spacing::kInGroup, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    column->addWidget(makeRemark());
    column->addWidget(m_view, 1);
    column->addWidget(m_empty, 1);
    column->addWidget(makeTools());
    column->addWidget(makeOrder());
    column->addWidget(m_offers);
    connect(m_view, &QueueView::currentChosen, this, &QueuePanel::refresh);
    connect(&m_queue, &QueueRunner::changed, this, &QueuePanel::refresh);
    connect(&m_queue.list(), &QueueList::rowsInserted, this, [this] { m_cleared.clear(); });
    refresh();
}

QWidget* QueuePanel::makeHeader()
{
    auto* header = new QWidget(this);
    QHBoxLayout* row = rowOf(header);
    row->setContentsMargins(spacing::kPanel, 0, spacing::kPanel, spacing::kUnit);
    m_summary = new QLabel(header);
    m_summary->setWordWrap(true); // nothing of it may be cut
    m_summary->setAccessibleName(tr("What waits"));
    m_pause = new QToolButton(header);
    m_pause->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_pause->setFocusPolicy(Qt::StrongFocus);
    connect(m_pause, &QToolButton::clicked, this, [this] { m_queue.setPaused(!m_queue.isPaused()); });
    row->addWidget(m_summary, 1);
    row->addWidget(m_pause);
    return header;
}

QWidget* QueuePanel::makeRemark()
{
    m_remarkRow = new QWidget(this);
    QHBoxLayout* row = rowOf(m_remarkRow);
    row->setContentsMargins(spacing::kPanel, 0, spacing::kPanel, spacing::kInGroup);
    row->setSpacing(spacing::kUnit + 2);
    m_remarkSign = new QLabel(m_remarkRow);
    m_remarkSign->setFixedSize(spacing::kIcon, spacing::kIcon);
    m_remark = new QLabel(m_remarkRow);
    m_remark->setWordWrap(true);
    m_remark->setTextFormat(Qt::PlainText);
    m_remark->setAccessibleName(tr("Remark"));
    setTextRole(*m_remark, TextRole::Caption);
    m_undo = new QPushButton(tr("Undo"), m_remarkRow);
    connect(m_undo, &QPushButton::clicked, this, [this] {
        if (m_clearedPaused)
            m_queue.setPaused(true); // what comes back is held as it was
        m_queue.add(std::exchange(m_cleared, {}));
    });
    row->addWidget(m_remarkSign, 0, Qt::AlignTop);
    row->addWidget(m_remark, 1);
    row->addWidget(m_undo, 0, Qt::AlignTop);
    return m_remarkRow;
}

QToolButton* QueuePanel::addTool(
    QWidget* row, const char* iconName, const QString& name, void (QueueView::*act)())
{
    QToolButton* button = quietTool(row, QString::fromLatin1(iconName), name);
    if (act)
        connect(button, &QToolButton::clicked, m_view, act);
    row->layout()->addWidget(button);
    return button;
}

QWidget* QueuePanel::makeTools()
{
    auto* tools = new QWidget(this);
    QHBoxLayout* row = rowOf(tools);
    row->setContentsMargins(spacing::kInGroup, spacing::kUnit, spacing::kInGroup, spacing::kUnit);
    m_up = addTool(tools, "chevron-up", tr("Up (Ctrl+Up)"), nullptr);
    connect(m_up, &QToolButton::clicked, m_view, [this] { m_view->moveCurrent(-1); });
    m_down = addTool(tools, "chevron-down", tr("Down (Ctrl+Down)"), nullptr);
    connect(m_down, &QToolButton::clicked, m_view, [this] { m_view->moveCurrent(1); });
    m_edit = addTool(tools, "pencil", tr("Back into the controls (Enter)"), &QueueView::editCurrent);
    m_remove = addTool(tools, "close", tr("Remove (Del)"), &QueueView::removeCurrent);
    row->addStretch();
    m_clear = addTool(tools, "trash", tr("Remove all that wait"), nullptr);
    connect(m_clear, &QToolButton::clicked, this, &QueuePanel::clear);
    return tools;
}

QWidget* QueuePanel::makeOrder()
{
    auto* order = new QWidget(this);
    QHBoxLayout* row = rowOf(order);
    row->setContentsMargins(spacing::kPanel, spacing::kInGroup, spacing::kPanel, spacing::kPanel);
    row->setSpacing(spacing::kInGroup);
    m_count = new CalmSpinBox(order);
    m_count->setRange(1, kMostAtOnce);
    m_count->setDecimals(0);
    m_count->setPrefix(tr("× "));
    m_count->setAccessibleName(tr("Pictures to add"));
    m_count->setToolTip(tr("How many pictures are added at once"));
    m_seeds = new CalmComboBox(order);
    m_seeds->setChoices(
        {{QStringLiteral("next"), tr("next seeds"), tr("Each has the seed after the one before"), {}},
            {QStringLiteral("random"), tr("random seeds"), tr("Drawn when they are added"), {}}});
    m_seeds->setAccessibleName(tr("Seeds of further pictures"));
    const Settings& settings = m_controller.settings();
    m_count->setValue(settings.queueCount);
    m_seeds->choose(settings.queueRandomSeeds ? QStringLiteral("random") : QStringLiteral("next"));
    connect(m_count, &QDoubleSpinBox::valueChanged, this, &QueuePanel::keepOrder);
    connect(m_seeds, &QComboBox::currentIndexChanged, this, &QueuePanel::keepOrder);
    auto* label = new QLabel(tr("At once"), order);
    label->setBuddy(m_count);
    row->addWidget(label);
    row->addWidget(m_count);
    row->addWidget(m_seeds, 1);
    return order;
}

void QueuePanel::addOffer(QAction* action)
{
    auto* button = new QPushButton(action->icon(), action->text().remove(u'&'), m_offers);
    button->setToolTip(
        tr("%1 (%2)").arg(button->text(), action->shortcut().toString(QKeySequence::NativeText)));
    connect(button, &QPushButton::clicked, action, &QAction::trigger);
    m_offers->layout()->addWidget(button);
}

void QueuePanel::keepOrder()
{
    Settings settings = m_controller.settings();
    settings.queueCount = static_cast<int>(m_count->value());
    settings.queueRandomSeeds = m_seeds->chosen() == QLatin1String("random");
    m_controller.setSettings(settings);
}

void QueuePanel::clear()
{
    std::vector<QueueEntry> cleared;
    for (const QueueEntry& entry : m_queue.list().entries()) {
        if (entry.state != QueueState::Running)
            cleared.push_back(entry);
    }
    m_cleared = std::move(cleared);
    m_clearedPaused = m_queue.isPaused();
    m_queue.clear();
}

void QueuePanel::refresh()
{
    const QueueList& list = m_queue.list();
    const QueueTally tally = m_queue.tally();
    const int open = tally.total - tally.done;
    const int broken = list.count(QueueState::Failed);
    QStringList parts;
    if (open > 0)
        parts << tr("%n left", nullptr, open);
    if (const QString time = timeLeftWords(tally); !time.isEmpty())
        parts << time;
    if (broken > 0)
        parts << tr("%n failed", nullptr, broken);
    m_summary->setText(parts.isEmpty() ? tr("Empty") : parts.join(QStringLiteral(" · ")));
    m_summary->setToolTip(m_summary->text());
    const bool any = !list.entries().empty();
    m_view->setVisible(any);
    m_empty->setVisible(!any);
    const bool paused = m_queue.isPaused();
    m_pause->setIcon(icon(paused ? QStringLiteral("play") : QStringLiteral("pause")));
    m_pause->setText(paused ? tr("Go on") : tr("Pause"));
    m_pause->setToolTip(open == 0 ? tr("Nothing waits.")
            : paused              ? tr("Make what waits")
                                  : tr("Stop after the present picture"));
    m_pause->setAccessibleName(m_pause->text());
    m_pause->setEnabled(open > 0);
    const auto current = m_view->current();
    const QueueEntry* entry = current ? list.find(*current) : nullptr;
    const bool mayChange = entry && entry->state != QueueState::Running;
    const int row = entry ? list.rowOf(entry->id) : -1;
    m_up->setEnabled(mayChange && row > 0);
    m_down->setEnabled(mayChange && row + 1 < list.rowCount());
    m_edit->setEnabled(mayChange);
    m_remove->setEnabled(entry);
    m_clear->setEnabled(list.firstWaiting() || broken > 0);
    showRemark();
}

void QueuePanel::showRemark()
{
    const int cleared = static_cast<int>(m_cleared.size());
    const bool undoes = cleared > 0;
    QString text;
    const bool bad = !undoes && !m_queue.trouble().isEmpty();
    if (undoes)
        text = counted(
            cleared, tr("One picture was taken out."), tr("%n pictures were taken out.", nullptr, cleared));
    else if (m_queue.isPaused() && m_queue.isRunning())
        text = tr("Pauses after the present picture.");
    else if (m_queue.isPaused() && (m_queue.list().firstWaiting() || m_queue.list().entries().empty()))
        text = m_queue.whyPaused().isEmpty() ? tr("Paused.") : tr("Paused. %1").arg(m_queue.whyPaused());
    if (bad)
        text += (text.isEmpty() ? QString() : QStringLiteral("\n")) + m_queue.trouble();
    const Tokens& t = tokensOf(palette());
    const QString sign = undoes ? QStringLiteral("info")
        : bad                   ? QStringLiteral("warning")
                                : QStringLiteral("pause");
    m_remarkSign->setPixmap(
        iconPixmap(sign, spacing::kIcon, bad ? t.warning : t.secondary, devicePixelRatioF()));
    m_remark->setText(text);
    m_undo->setVisible(undoes);
    m_remarkRow->setVisible(!text.isEmpty());
}

QString QueuePanel::summary() const
{
    return m_summary->text();
}

QString QueuePanel::remark() const
{
    return m_remark->text();
}

} // namespace studio::ui
