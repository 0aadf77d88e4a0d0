#include "ui/main_window/status_line.h"

#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/jobs/studio_controller.h"
#include "ui/models/model_library.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"
#include "ui/widgets/elided_label.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>

namespace studio::ui {

namespace {

constexpr std::chrono::seconds kMessageTime{12};

double secondsPerStep(const Take& take)
{
    for (auto stage = take.stages.rbegin(); stage != take.stages.rend(); ++stage) {
        if (stage->kind == StageKind::Denoise && stage->steps > 0)
            return stage->seconds / stage->steps;
    }
    return 0.0;
}

} // namespace

StatusLine::StatusLine(StudioController& controller, QWidget* parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_message(new ElidedLabel(this))
    , m_undo(new QToolButton(this))
    , m_facts(new QLabel(this))
{
    setFixedHeight(spacing::kStatusBar);
    setTextRole(*m_message, TextRole::Caption);
    setTextRole(*m_facts, TextRole::Caption);
    m_message->setAccessibleName(tr("Messages"));
    m_facts->setAccessibleName(tr("Device, model, memory, speed"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(spacing::kPanel, 1, spacing::kPanel, 0);
    row->setSpacing(spacing::kBetweenGroups);
    row->addWidget(m_message, 1);
    row->addWidget(m_undo);
    row->addStretch();
    row->addWidget(m_facts);
    m_undo->setText(tr("Undo"));
    m_undo->setFont(fontFor(TextRole::Caption));
    m_undo->setFixedHeight(spacing::kStatusBar - 4);
    m_undo->setFocusPolicy(Qt::StrongFocus);
    m_undo->hide();
    connect(m_undo, &QToolButton::clicked, this, [this] {
        m_controller.state().undoReplacement();
        say(tr("The settings from before are back."));
    });
    connect(&controller.state(), &StudioState::replaced, this, &StatusLine::offerUndo);
    connect(&controller.state(), &StudioState::replacementsChanged, this, [this] {
        if (m_controller.state().lastReplacement().isEmpty())
            m_undo->hide();
    });
    m_timer.setSingleShot(true);
    m_timer.setInterval(kMessageTime);
    connect(&m_timer, &QTimer::timeout, this, &StatusLine::clear);
    connect(&controller.planner(), &PlanWatcher::answered, this, &StatusLine::showFacts);
    connect(
        &controller, &StudioController::takeFinished, this, [this](const std::shared_ptr<const Take>& take) {
            if (const double seconds = secondsPerStep(*take); seconds > 0)
                m_secondsPerStep = seconds;
            showFacts();
        });
}

void StatusLine::say(const QString& message)
{
    m_message->setText(message);
    m_message->setToolTip(message);
    m_message->setMaximumWidth(m_message->fontMetrics().horizontalAdvance(message) + spacing::kUnit);
    m_undo->setVisible(m_justReplaced);
    m_timer.start();
}

void StatusLine::offerUndo(const QString& by)
{
    m_justReplaced = true;
    // Who replaced them may say so in words of their own, in this turn.
    QTimer::singleShot(0, this, [this] { m_justReplaced = false; });
    const QString name = tr("Undo: %1").arg(by);
    m_undo->setAccessibleName(name);
    m_undo->setToolTip(tr("%1 (Ctrl+Alt+Z)").arg(name));
    say(tr("Now in the controls: %1").arg(by));
}

void StatusLine::clear()
{
    m_message->clear();
    m_undo->hide();
}

QString StatusLine::message() const
{
    return m_message->text();
}

void StatusLine::showFacts()
{
    const EngineReport& report = m_controller.planner().report();
    const QString model = modelName(toQt(m_controller.state().request().models.base));
    QStringList parts{deviceName(report.device), model.isEmpty() ? tr("built-in model") : model};
    if (report.memoryFreeBytes > 0)
        parts << tr("%1 free").arg(bytesWords(report.memoryFreeBytes));
    if (m_secondsPerStep > 0)
        parts << (m_secondsPerStep >= 0.1 ? tr("%1 s a step").arg(numberWords(m_secondsPerStep, 2))
                                          : tr("%1 ms a step").arg(numberWords(1000 * m_secondsPerStep, 0)));
    parts.removeAll(QString());
    m_facts->setText(parts.join(QStringLiteral("  ·  ")));
}

void StatusLine::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& t = tokensOf(palette());
    painter.fillRect(rect(), t.window);
    painter.fillRect(QRect(0, 0, width(), 1), t.border);
}

} // namespace studio::ui
