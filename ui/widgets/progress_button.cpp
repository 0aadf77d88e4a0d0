#include "ui/widgets/progress_button.h"

#include "ui/theme/control_painter.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QPainterPath>
#include <QStyleOptionButton>

namespace studio::ui {

ProgressButton::ProgressButton(QWidget* parent)
    : QPushButton(parent)
{
    setFixedHeight(spacing::kPrimaryHeight);
    setButtonRole(*this, ButtonRole::Primary);
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    setFont(strong);
}

void ProgressButton::setIdle(const QString& text)
{
    m_running = false;
    setText(text);
    setAccessibleName(text);
    update();
}

void ProgressButton::setRunning(const QString& text, double fraction)
{
    m_running = true;
    m_fraction = fraction;
    setText(text);
    setAccessibleName(text);
    update();
}

void ProgressButton::paintEvent(QPaintEvent* event)
{
    if (!m_running)
        return QPushButton::paintEvent(event);
    QPainter painter(this);
    const Tokens& t = tokensOf(palette());
    QStyleOptionButton option;
    initStyleOption(&option);
    const bool hovered = underMouse() && isEnabled();
    drawBox(painter, rect(), hovered ? t.hover : t.raised, t.strongBorder, spacing::kRadius);
    if (m_fraction > 0) {
        painter.setRenderHint(QPainter::Antialiasing);
        QPainterPath shape;
        shape.addRoundedRect(
            QRectF(rect()).adjusted(1, 1, -1, -1), spacing::kRadius - 1, spacing::kRadius - 1);
        painter.save();
        painter.setClipPath(shape);
        QRectF bar = rect();
        bar.setTop(bar.bottom() - 3);
        bar.setWidth(bar.width() * m_fraction);
        painter.fillRect(bar, t.accent);
        painter.restore();
    }
    if (showsFocus(option))
        drawFocusRing(painter, rect(), t, spacing::kRadius);
    painter.setPen(isEnabled() ? t.text : t.disabled);
    painter.drawText(rect(), Qt::AlignCenter, text());
}

} // namespace studio::ui
