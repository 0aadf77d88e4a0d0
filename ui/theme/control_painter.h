#pragma once

#include "ui/theme/theme.h"

#include <QPainter>
#include <QStyleOption>

namespace studio::ui {

/// Drawing of single controls from the tokens; used by StudioStyle and by own widgets that want to look
/// alike.

/// A rounded box whose 1 px border lies on whole pixels.
void drawBox(QPainter& painter, const QRect& area, const QColor& fill, const QColor& border, int radius);

/// The focus ring: 2 px, accent, at the edge of `area`.
void drawFocusRing(QPainter& painter, const QRect& area, const Tokens& tokens, int radius);

void drawButton(QPainter& painter, const QStyleOption& option, ButtonRole role);
void drawField(QPainter& painter, const QStyleOption& option);
void drawCheckBox(QPainter& painter, const QStyleOption& option);
void drawRadioButton(QPainter& painter, const QStyleOption& option);
void drawComboBox(QPainter& painter, const QStyleOptionComboBox& option);
void drawSpinBox(QPainter& painter, const QStyleOptionSpinBox& option, const QRect& up, const QRect& down);
void drawSlider(
    QPainter& painter, const QStyleOptionSlider& option, const QRect& groove, const QRect& handle);
void drawScrollBar(QPainter& painter, const QStyleOptionSlider& option, const QRect& handle);
void drawProgress(QPainter& painter, const QStyleOptionProgressBar& option);
void drawTab(QPainter& painter, const QStyleOptionTab& option);
void drawArrow(QPainter& painter, const QStyleOption& option, Qt::ArrowType direction);

/// True if the option's widget holds the focus and shows it: always in fields, elsewhere once the keyboard is
/// used.
bool showsFocus(const QStyleOption& option);

} // namespace studio::ui
