#include "ui/panels/plan_strip.h"

#include "ui/convert/stage_words.h"
#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"
#include "ui/theme/typography.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr int kEdge = spacing::kPanel;
constexpr int kLink = 20; // the line between two stages
constexpr int kBar = 3;

bool isSmall(StageKind kind)
{
    return kind == StageKind::Decode || kind == StageKind::EncodeImage || kind == StageKind::LoadPicture;
}

} // namespace

PlanStrip::PlanStrip(QWidget* parent)
    : QWidget(parent)
{
    setFixedHeight(spacing::kPlanStrip);
    setAccessibleName(tr("Stages"));
    setFont(fontFor(TextRole::Caption));
}

void PlanStrip::setPlan(const Plan& plan)
{
    m_segments.clear();
    for (std::size_t i = 0; i < plan.stages.size(); ++i) {
        const PlannedStage& stage = plan.stages[i];
        const int at = static_cast<int>(i);
        // Coming from and going to the latent belongs to the stage before: one word less to read.
        const bool sameText = stage.kind == StageKind::EncodeText && !m_segments.empty()
            && plan.stages[i - 1].kind == StageKind::EncodeText;
        if ((isSmall(stage.kind) || sameText) && !m_segments.empty()) {
            m_segments.back().last = at;
            m_segments.back().hint += u'\n' + toQt(stage.label);
            continue;
        }
        m_segments.push_back({at, at, stageNameIn(plan, i), toQt(stage.label), stage.steps});
    }
    m_predicted = plan.predictedSeconds;
    m_words.clear();
    m_progress = {};
    m_running = false;
    m_complete = false;
    announce();
}

void PlanStrip::clear(const QString& words)
{
    m_segments.clear();
    m_words = words;
    m_running = false;
    announce();
}

void PlanStrip::setProgress(const Progress& progress)
{
    m_progress = progress;
    m_running = true;
    announce();
}

void PlanStrip::setEnded(const QString& words, bool complete)
{
    m_words = words;
    m_running = false;
    m_complete = complete;
    announce();
}

void PlanStrip::announce()
{
    const QString now = sentence();
    if (now != accessibleDescription()) {
        setAccessibleDescription(now);
        QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
        QAccessible::updateAccessibility(&changed);
    }
    update();
}

PlanStrip::State PlanStrip::stateOf(const Segment& segment) const
{
    if (m_complete || (m_progress.stage > segment.last && (m_running || m_progress.fraction > 0)))
        return State::Done;
    return m_running && m_progress.stage >= segment.first ? State::Running : State::Waiting;
}

QString PlanStrip::wordsOf(const Segment& segment) const
{
    if (segment.steps == 0)
        return segment.name;
    if (stateOf(segment) == State::Running && m_progress.stage == segment.first)
        return QStringLiteral("%1 %2/%3").arg(segment.name).arg(m_progress.step).arg(segment.steps);
    return QStringLiteral("%1 %2").arg(segment.name).arg(segment.steps);
}

QString PlanStrip::restWords() const
{
    if (m_running)
        return m_progress.secondsLeft >= 0 ? tr("%1 left").arg(aboutSeconds(m_progress.secondsLeft))
                                           : QString();
    if (!m_words.isEmpty())
        return m_words;
    return m_predicted > 0 ? aboutSeconds(m_predicted) : QString();
}

QString PlanStrip::sentence() const
{
    QStringList parts;
    for (const Segment& segment : m_segments) {
        if (!m_running)
            parts << wordsOf(segment);
        else if (stateOf(segment) == State::Running)
            parts << wordsOf(segment) << tr("%1 % done").arg(static_cast<int>(100 * m_progress.fraction));
    }
    if (const QString rest = restWords(); !rest.isEmpty())
        parts << rest;
    return parts.join(QStringLiteral(", "));
}

std::vector<QRect> PlanStrip::placed() const
{
    std::vector<QRect> places;
    int x = kEdge;
    for (const Segment& segment : m_segments) {
        // Room for the longest form, so that nothing moves while steps count up.
        const QString widest = segment.steps > 0
            ? QStringLiteral("%1 %2/%2").arg(segment.name).arg(segment.steps)
            : segment.name;
        const int width = spacing::kIcon + spacing::kUnit + tabularWidth(font(), widest) + 2;
        places.emplace_back(x, 0, width, height() - kBar);
        x += width + kLink;
    }
    return places;
}

void PlanStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& t = tokensOf(palette());
    painter.fillRect(rect(), t.panel);
    painter.fillRect(QRect(0, height() - 1, width(), 1), t.border);
    painter.setRenderHint(QPainter::Antialiasing);

    const QString rest = restWords();
    const int restWidth = rest.isEmpty() ? 0 : tabularWidth(font(), rest) + kEdge;
    painter.setPen(t.secondary);
    drawTabular(painter, rect().adjusted(0, 0, -kEdge, -kBar), Qt::AlignRight | Qt::AlignVCenter, rest);

    painter.setClipRect(QRect(0, 0, width() - restWidth - kEdge, height()));
    const std::vector<QRect> places = placed();
    for (std::size_t i = 0; i < places.size(); ++i) {
        const State state = stateOf(m_segments[i]);
        const QColor colour = state == State::Running ? t.text : t.secondary;
        const QRect place = places[i];
        const QRect sign(
            place.left(), place.center().y() - spacing::kIcon / 2 + 1, spacing::kIcon, spacing::kIcon);
        if (state == State::Done) {
            painter.drawPixmap(
                sign, iconPixmap(QStringLiteral("check"), spacing::kIcon, t.good, devicePixelRatioF()));
        } else {
            painter.setPen(QPen(state == State::Running ? t.accent : t.outline, 1.5));
            painter.setBrush(state == State::Running ? QBrush(t.accent) : QBrush(Qt::NoBrush));
            painter.drawEllipse(QRectF(sign).adjusted(4, 4, -4, -4));
        }
        painter.setPen(colour);
        drawTabular(painter, place.adjusted(spacing::kIcon + spacing::kUnit, 0, 0, 0),
            Qt::AlignLeft | Qt::AlignVCenter, wordsOf(m_segments[i]));
        if (i + 1 < places.size()) {
            painter.setPen(QPen(t.strongBorder, 1));
            const double y = place.center().y() + 1.5;
            const int end = place.left() + spacing::kIcon + spacing::kUnit
                + tabularWidth(font(), wordsOf(m_segments[i]));
            painter.drawLine(QPointF(end + 6, y), QPointF(place.right() + kLink - 4, y));
        }
    }
    painter.setClipping(false);
    if (m_running)
        painter.fillRect(QRectF(0, height() - kBar, width() * m_progress.fraction, kBar), t.accent);
}

void PlanStrip::mouseReleaseEvent(QMouseEvent* event)
{
    if (m_running && runChosen && event->button() == Qt::LeftButton && rect().contains(event->pos()))
        runChosen();
}

bool PlanStrip::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const std::vector<QRect> places = placed();
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (places[i].contains(help->pos())) {
            QToolTip::showText(help->globalPos(), m_segments[i].hint, this, places[i]);
            return true;
        }
    }
    QToolTip::hideText();
    return true;
}

QSize PlanStrip::sizeHint() const
{
    return {400, spacing::kPlanStrip};
}

QSize PlanStrip::minimumSizeHint() const
{
    return {120, spacing::kPlanStrip};
}

} // namespace studio::ui
