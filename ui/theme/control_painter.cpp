#include "ui/theme/control_painter.h"

#include "ui/theme/icons.h"

#include <QPainterPath>

#include <algorithm>

namespace studio::ui {

namespace {

bool isOn(const QStyleOption& option, QStyle::StateFlag flag)
{
    return option.state.testFlag(flag);
}

void drawGlyph(QPainter& painter, const QRect& area, const QString& name, int size, const QColor& colour)
{
    const QPixmap glyph = iconPixmap(name, size, colour, painter.device()->devicePixelRatioF());
    painter.drawPixmap(
        area.left() + (area.width() - size) / 2, area.top() + (area.height() - size) / 2, glyph);
}

void drawPrimary(QPainter& painter, const QStyleOption& option, const Tokens& t)
{
    QColor fill = isOn(option, QStyle::State_MouseOver) ? t.accentHover : t.accent;
    if (!isOn(option, QStyle::State_Enabled))
        fill = t.border;
    else if (isOn(option, QStyle::State_Sunken))
        fill = t.accent.darker(108);
    drawBox(painter, option.rect, fill, fill, spacing::kRadius);
    if (!showsFocus(option))
        return;
    // On its own ground the accent would not be seen: the ring is the text's colour, set off by a gap.
    drawBox(painter, option.rect, Qt::transparent, t.text, spacing::kRadius);
    drawBox(painter, option.rect.adjusted(1, 1, -1, -1), Qt::transparent, t.text, spacing::kRadius - 1);
    drawBox(painter, option.rect.adjusted(2, 2, -2, -2), Qt::transparent, t.window, spacing::kRadius - 2);
}

void drawSegment(QPainter& painter, const QStyleOption& option, const Tokens& t)
{
    const QRect inner = option.rect.adjusted(1, 1, -1, -1);
    if (isOn(option, QStyle::State_On)) {
        const bool enabled = isOn(option, QStyle::State_Enabled);
        drawBox(painter, inner, t.hover, t.strongBorder, spacing::kSmallRadius);
        // The bar says "chosen" without colour.
        const int length = std::min(20, inner.width() - 12);
        const QRectF bar(inner.center().x() + 0.5 - length / 2.0, inner.bottom() - 2.5, length, 2);
        painter.setPen(Qt::NoPen);
        painter.setBrush(enabled ? t.accent : t.disabled);
        painter.drawRoundedRect(bar, 1, 1);
    } else if (isOn(option, QStyle::State_MouseOver) && isOn(option, QStyle::State_Enabled)) {
        drawBox(painter, inner, t.hover, t.hover, spacing::kSmallRadius);
    }
    if (showsFocus(option))
        drawFocusRing(painter, option.rect, t, spacing::kSmallRadius + 1);
}

} // namespace

void drawBox(QPainter& painter, const QRect& area, const QColor& fill, const QColor& border, int radius)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(border, 1));
    painter.setBrush(fill);
    painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), radius - 0.5, radius - 0.5);
    painter.restore();
}

void drawFocusRing(QPainter& painter, const QRect& area, const Tokens& t, int radius)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(t.accent, spacing::kFocusRing));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), radius - 1, radius - 1);
    painter.restore();
}

bool showsFocus(const QStyleOption& option)
{
    return isOn(option, QStyle::State_HasFocus) && isOn(option, QStyle::State_KeyboardFocusChange);
}

void drawButton(QPainter& painter, const QStyleOption& option, ButtonRole role)
{
    const Tokens& t = tokensOf(option.palette);
    const bool enabled = isOn(option, QStyle::State_Enabled);
    const bool hovered = enabled && isOn(option, QStyle::State_MouseOver);
    const bool pressed = enabled && isOn(option, QStyle::State_Sunken);
    const bool checked = isOn(option, QStyle::State_On);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (role == ButtonRole::Primary) {
        drawPrimary(painter, option, t);
    } else if (role == ButtonRole::Segment) {
        drawSegment(painter, option, t);
    } else {
        const bool bare = role == ButtonRole::Quiet && !hovered && !checked && !pressed;
        const QColor fill = pressed ? t.strongBorder : hovered || checked ? t.hover : t.raised;
        const QColor border = t.strongBorder;
        if (!bare)
            drawBox(painter, option.rect, enabled ? fill : t.panel,
                role == ButtonRole::Quiet && !checked ? fill
                    : enabled                         ? border
                                                      : t.border,
                spacing::kRadius);
        if (showsFocus(option))
            drawFocusRing(painter, option.rect, t, spacing::kRadius);
    }
    painter.restore();
}

void drawField(QPainter& painter, const QStyleOption& option)
{
    const Tokens& t = tokensOf(option.palette);
    const bool enabled = isOn(option, QStyle::State_Enabled);
    const bool hovered = enabled && isOn(option, QStyle::State_MouseOver);
    drawBox(painter, option.rect, enabled ? t.field : t.panel,
        hovered       ? t.outline
            : enabled ? t.strongBorder
                      : t.border,
        spacing::kRadius);
    if (isOn(option, QStyle::State_HasFocus))
        drawFocusRing(painter, option.rect, t, spacing::kRadius);
}

void drawCheckBox(QPainter& painter, const QStyleOption& option)
{
    const Tokens& t = tokensOf(option.palette);
    const bool enabled = isOn(option, QStyle::State_Enabled);
    const bool marked = isOn(option, QStyle::State_On) || isOn(option, QStyle::State_NoChange);
    const QColor edge = !enabled ? t.border : isOn(option, QStyle::State_MouseOver) ? t.text : t.outline;
    const QColor fill = !enabled ? t.panel : marked ? t.accent : t.field;
    drawBox(painter, option.rect, fill, marked && enabled ? t.accent : edge, spacing::kSmallRadius);
    const QColor mark = enabled ? t.onAccent : t.disabled;
    if (isOn(option, QStyle::State_On))
        drawGlyph(painter, option.rect, QStringLiteral("check"), 14, mark);
    else if (isOn(option, QStyle::State_NoChange))
        drawGlyph(painter, option.rect, QStringLiteral("minus"), 14, mark);
}

void drawRadioButton(QPainter& painter, const QStyleOption& option)
{
    const Tokens& t = tokensOf(option.palette);
    const bool enabled = isOn(option, QStyle::State_Enabled);
    const bool marked = isOn(option, QStyle::State_On);
    const QColor edge = !enabled ? t.border : isOn(option, QStyle::State_MouseOver) ? t.text : t.outline;
    const QColor fill = !enabled ? t.panel : marked ? t.accent : t.field;
    drawBox(painter, option.rect, fill, marked && enabled ? t.accent : edge, option.rect.width() / 2);
    if (!marked)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(enabled ? t.onAccent : t.disabled);
    painter.drawEllipse(QRectF(option.rect).center(), 3, 3);
    painter.restore();
}

void drawComboBox(QPainter& painter, const QStyleOptionComboBox& option)
{
    const Tokens& t = tokensOf(option.palette);
    const bool enabled = isOn(option, QStyle::State_Enabled);
    if (option.editable) {
        drawField(painter, option);
    } else {
        const bool hovered = enabled && isOn(option, QStyle::State_MouseOver);
        drawBox(painter, option.rect, enabled ? (hovered ? t.hover : t.raised) : t.panel,
            enabled ? t.strongBorder : t.border, spacing::kRadius);
        if (showsFocus(option))
            drawFocusRing(painter, option.rect, t, spacing::kRadius);
    }
    const QRect arrow(option.rect.right() - 23, option.rect.top(), 20, option.rect.height());
    drawGlyph(painter, arrow, QStringLiteral("chevron-down"), 14, enabled ? t.secondary : t.disabled);
}

void drawSpinBox(QPainter& painter, const QStyleOptionSpinBox& option, const QRect& up, const QRect& down)
{
    const Tokens& t = tokensOf(option.palette);
    if (option.frame)
        drawField(painter, option);
    if (option.buttonSymbols == QAbstractSpinBox::NoButtons)
        return;
    const auto stepper = [&](const QRect& area, QStyle::SubControl part,
                             QAbstractSpinBox::StepEnabledFlag step, const QString& glyph) {
        const bool enabled = isOn(option, QStyle::State_Enabled) && option.stepEnabled.testFlag(step);
        if (enabled && option.activeSubControls.testFlag(part))
            drawBox(painter, area.adjusted(1, 1, -1, -1), t.hover, t.hover, 3);
        drawGlyph(painter, area, glyph, 11, enabled ? t.secondary : t.disabled);
    };
    stepper(up, QStyle::SC_SpinBoxUp, QAbstractSpinBox::StepUpEnabled, QStringLiteral("chevron-up"));
    stepper(down, QStyle::SC_SpinBoxDown, QAbstractSpinBox::StepDownEnabled, QStringLiteral("chevron-down"));
}

void drawSlider(QPainter& painter, const QStyleOptionSlider& option, const QRect& groove, const QRect& handle)
{
    const Tokens& t = tokensOf(option.palette);
    const bool enabled = isOn(option, QStyle::State_Enabled);
    const bool upright = option.orientation == Qt::Vertical;
    const QPointF middle = QRectF(handle).center();
    QRectF track = upright ? QRectF(QRectF(groove).center().x() - 2, groove.top(), 4, groove.height())
                           : QRectF(groove.left(), QRectF(groove).center().y() - 2, groove.width(), 4);
    QRectF filled = track;
    if (upright)
        option.upsideDown ? filled.setTop(middle.y()) : filled.setBottom(middle.y());
    else
        option.upsideDown ? filled.setLeft(middle.x()) : filled.setRight(middle.x());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.strongBorder);
    painter.drawRoundedRect(track, 2, 2);
    painter.setBrush(enabled ? t.accent : t.disabled);
    painter.drawRoundedRect(filled, 2, 2);
    const bool hovered = enabled && option.activeSubControls.testFlag(QStyle::SC_SliderHandle);
    painter.setPen(QPen(t.panel, 2));
    painter.setBrush(!enabled ? t.disabled : hovered ? t.accentHover : t.accent);
    painter.drawEllipse(middle, 7, 7);
    if (isOn(option, QStyle::State_HasFocus) && enabled) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(t.accent, 1.5));
        painter.drawEllipse(middle, 8.2, 8.2);
    }
    painter.restore();
}

void drawScrollBar(QPainter& painter, const QStyleOptionSlider& option, const QRect& handle)
{
    const Tokens& t = tokensOf(option.palette);
    if (option.maximum <= option.minimum)
        return;
    const bool active = option.activeSubControls.testFlag(QStyle::SC_ScrollBarSlider);
    const int slim = active ? 2 : 3;
    const QRectF bar = option.orientation == Qt::Horizontal ? QRectF(handle).adjusted(2, slim, -2, -slim)
                                                            : QRectF(handle).adjusted(slim, 2, -slim, -2);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(active ? t.outline : t.strongBorder);
    const double radius = std::min(bar.width(), bar.height()) / 2;
    painter.drawRoundedRect(bar, radius, radius);
    painter.restore();
}

void drawProgress(QPainter& painter, const QStyleOptionProgressBar& option)
{
    const Tokens& t = tokensOf(option.palette);
    const QRectF track(option.rect);
    const double radius = std::min(3.0, track.height() / 2);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.border);
    painter.drawRoundedRect(track, radius, radius);
    const double span = option.maximum - option.minimum;
    if (span > 0 && option.progress > option.minimum) {
        QPainterPath clip;
        clip.addRoundedRect(track, radius, radius);
        painter.setClipPath(clip);
        QRectF done = track;
        done.setWidth(track.width() * (option.progress - option.minimum) / span);
        painter.fillRect(done, isOn(option, QStyle::State_Enabled) ? t.accent : t.disabled);
    }
    painter.restore();
}

void drawTab(QPainter& painter, const QStyleOptionTab& option)
{
    const Tokens& t = tokensOf(option.palette);
    const bool chosen = isOn(option, QStyle::State_Selected);
    const QRect inner = option.rect.adjusted(2, 2, -2, -2);
    if (!chosen && isOn(option, QStyle::State_MouseOver))
        drawBox(painter, inner, t.hover, t.hover, spacing::kSmallRadius);
    if (chosen)
        painter.fillRect(QRect(inner.left() + 6, option.rect.bottom() - 1, inner.width() - 12, 2), t.accent);
    if (showsFocus(option))
        drawFocusRing(painter, inner, t, spacing::kSmallRadius);
}

void drawArrow(QPainter& painter, const QStyleOption& option, Qt::ArrowType direction)
{
    static const QString kNames[] = {QStringLiteral("chevron-up"), QStringLiteral("chevron-down"),
        QStringLiteral("chevron-left"), QStringLiteral("chevron-right")};
    const int index = direction == Qt::UpArrow ? 0
        : direction == Qt::DownArrow           ? 1
        : direction == Qt::LeftArrow           ? 2
                                               : 3;
    const Tokens& t = tokensOf(option.palette);
    const int size = std::clamp(std::min(option.rect.width(), option.rect.height()), 8, 14);
    drawGlyph(painter, option.rect, kNames[index], size,
        isOn(option, QStyle::State_Enabled) ? t.secondary : t.disabled);
}

} // namespace studio::ui
