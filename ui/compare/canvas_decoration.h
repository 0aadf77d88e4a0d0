#pragma once

#include "ui/compare/compare_types.h"
#include "ui/theme/tokens.h"

#include <QPainter>
#include <QRect>

#include <functional>
#include <vector>

namespace studio::ui {

/// What is painted over the pictures. All in widget coordinates, from the tokens.

constexpr int kHandleSize = 28;
constexpr int kLoupeSide = 168; ///< of each of its two squares, where there is room

/// True within reach of the wipe's line or handle.
bool isOnWipe(QPointF point, const QRectF& handle, WipeAxis axis);

void drawWipe(QPainter& painter, const QRect& view, const QRectF& handle, WipeAxis axis, const Tokens& tokens,
    bool held);
/// `clear`: what an upright line at that place runs through.
void drawPaneGaps(QPainter& painter, const QRect& view, const std::vector<QRect>& panes,
    const std::function<QRect(int x)>& clear, const Tokens& tokens);
/// The colour scale of the difference, upper centre: 0 to the difference that gets the brightest colour.
void drawHeatLegend(QPainter& painter, const QRect& view, int gain, const Tokens& tokens);
void drawCanvasFocus(QPainter& painter, const QRect& view, const Tokens& tokens);

/// A to the left, B to the right of a line; below the point, or above or beside it, never over it, inside the view. Its
/// squares are smaller where that takes it.
struct LoupeFrame {
    QRect outer;
    QRect first;
    QRect second;
    QPointF point;
};
LoupeFrame loupeFrame(QPointF point, const QRect& view);
void drawLoupe(QPainter& painter, const LoupeFrame& frame, double zoom, const Tokens& tokens);

} // namespace studio::ui
