#include "ui/widgets/calm_inputs.h"

#include "ui/convert/words.h"
#include "ui/theme/tokens.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

namespace studio::ui {

namespace {

constexpr int kPixelsPerStep = 6;
constexpr int kDot = 5;

} // namespace

CalmSpinBox::CalmSpinBox(QWidget* parent)
    : QDoubleSpinBox(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setKeyboardTracking(false); // a value counts when it has been typed to its end
    setCorrectionMode(QAbstractSpinBox::CorrectToNearestValue);
}

QString CalmSpinBox::textFromValue(double value) const
{
    return numberWords(value, decimals());
}

void CalmSpinBox::wheelEvent(QWheelEvent* event)
{
    hasFocus() ? QDoubleSpinBox::wheelEvent(event) : event->ignore();
}

CalmComboBox::CalmComboBox(QWidget* parent)
    : QComboBox(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(8);
}

void CalmComboBox::wheelEvent(QWheelEvent* event)
{
    hasFocus() ? QComboBox::wheelEvent(event) : event->ignore();
}

FieldLabel::FieldLabel(const QString& text, QWidget* parent)
    : QLabel(text, parent)
{
    setContentsMargins(0, 0, 2 * kDot, 0);
}

void FieldLabel::setChanged(bool changed)
{
    if (m_changed == changed)
        return;
    m_changed = changed;
    update();
}

void FieldLabel::paintEvent(QPaintEvent* event)
{
    QLabel::paintEvent(event);
    if (!m_changed)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const Tokens& t = tokensOf(palette());
    painter.setBrush(isEnabled() ? t.accent : t.disabled);
    const int x = fontMetrics().horizontalAdvance(text()) + kDot;
    painter.drawEllipse(QRectF(x, (height() - kDot) / 2.0, kDot, kDot));
}

void FieldLabel::enterEvent(QEnterEvent*)
{
    setCursor(dragged && isEnabled() ? Qt::SizeHorCursor : Qt::ArrowCursor);
}

void FieldLabel::mousePressEvent(QMouseEvent* event)
{
    m_from = static_cast<int>(event->position().x());
}

void FieldLabel::mouseMoveEvent(QMouseEvent* event)
{
    const int steps = (static_cast<int>(event->position().x()) - m_from) / kPixelsPerStep;
    if (!dragged || steps == 0 || !(event->buttons() & Qt::LeftButton))
        return;
    m_from += steps * kPixelsPerStep;
    dragged(steps);
}

void FieldLabel::mouseDoubleClickEvent(QMouseEvent*)
{
    if (resetWanted)
        resetWanted();
}

} // namespace studio::ui
