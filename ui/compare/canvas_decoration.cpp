#include "ui/compare/canvas_decoration.h"

#include "ui/compare/colour_difference.h"
#include "ui/theme/control_painter.h"
#include "ui/theme/icons.h"
#include "ui/theme/typography.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace studio::ui {

namespace {

constexpr int kLoupeFoot = 22; // the line of words below the loupe
constexpr double kReach = 8.0; // of the wipe's line, on both sides

struct Words {
    Q_DECLARE_TR_FUNCTIONS(CompareCanvas)
};

/// A hairline that is seen on every picture: light with dark edges.
void drawLine(QPainter& painter, const QRectF& line, const QColor& colour)
{
    painter.fillRect(line.adjusted(-1, -1, 1, 1), QColor(0, 0, 0, 110));
    painter.fillRect(line, colour);
}

} // namespace

bool isOnWipe(QPointF point, const QRectF& handle, WipeAxis axis)
{
    const QPointF away = point - handle.center();
    return handle.contains(point)
        || (axis == WipeAxis::Vertical ? std::abs(away.x()) <= kReach : std::abs(away.y()) <= kReach);
}

void drawWipe(
    QPainter& painter, const QRect& view, const QRectF& handle, WipeAxis axis, const Tokens& t, bool held)
{
    painter.save();
    const QPointF middle = handle.center();
    const QColor line = held ? t.accent : QColor(Qt::white);
    if (axis == WipeAxis::Vertical)
        drawLine(painter, QRectF(middle.x() - 1, view.top(), 2, view.height()), line);
    else
        drawLine(painter, QRectF(view.left(), middle.y() - 1, view.width(), 2), line);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(QColor(0, 0, 0, 110), 1));
    painter.setBrush(line);
    painter.drawEllipse(handle.adjusted(1, 1, -1, -1));
    const QColor ink = held ? t.onAccent : QColor(0x1A, 0x1A, 0x1C);
    painter.setPen(QPen(ink, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.translate(middle);
    if (axis == WipeAxis::Horizontal)
        painter.rotate(90);
    const QPointF left[] = {{-3.5, -4}, {-7.5, 0}, {-3.5, 4}};
    const QPointF right[] = {{3.5, -4}, {7.5, 0}, {3.5, 4}};
    painter.drawPolyline(left, 3);
    painter.drawPolyline(right, 3);
    painter.restore();
}

void drawPaneGaps(QPainter& painter, const QRect& view, const std::vector<QRect>& panes,
    const std::function<QRect(int x)>& clear, const Tokens& t)
{
    if (panes.size() < 2)
        return;
    for (const QRect& pane : panes) {
        const QRect gapRight
            = QRect(pane.right() + 1, pane.top(), 2, pane.height()).intersected(clear(pane.right() + 2));
        const QRect gapBelow(pane.left(), pane.bottom() + 1, pane.width() + 2, 2);
        if (gapRight.right() < view.right() - 2)
            painter.fillRect(gapRight, t.window);
        if (gapBelow.bottom() < view.bottom() - 2)
            painter.fillRect(gapBelow, t.window);
    }
}

void drawHeatLegend(QPainter& painter, const QRect& view, int gain, const Tokens& t)
{
    painter.save();
    painter.setFont(fontFor(TextRole::Caption));
    const QString low = Words::tr("same");
    const QString high = Words::tr("≥ %1 of 255").arg((255 + gain - 1) / gain);
    const int lowWidth = tabularWidth(painter.font(), low);
    const int highWidth = tabularWidth(painter.font(), high);
    constexpr int kScale = 96;
    const int width = lowWidth + highWidth + kScale + 4 * spacing::kInGroup;
    const QRect box(view.center().x() - width / 2, view.top() + 8, width, 28);
    drawBox(painter, box, t.raised, t.border, spacing::kRadius);
    painter.setPen(t.text);
    drawTabular(painter, box.adjusted(spacing::kInGroup, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, low);
    drawTabular(painter, box.adjusted(0, 0, -spacing::kInGroup, 0), Qt::AlignRight | Qt::AlignVCenter, high);
    const int left = box.left() + lowWidth + 2 * spacing::kInGroup;
    for (int x = 0; x < kScale; ++x)
        painter.fillRect(left + x, box.center().y() - 4, 1, 9,
            QColor::fromRgb(heatMap()[static_cast<size_t>(x * 255 / (kScale - 1))]));
    painter.restore();
}

void drawCanvasFocus(QPainter& painter, const QRect& view, const Tokens& t)
{
    drawFocusRing(painter, view, t, 2);
}

LoupeFrame loupeFrame(QPointF point, const QRect& view)
{
    constexpr int kApart = 24;
    constexpr int kEdge = 8;
    constexpr int kGap = 2;
    const QPoint at = point.toPoint();
    const QRect inner = view.adjusted(kEdge, kEdge, -kEdge, -kEdge);
    const QRect places[] = {{QPoint(inner.left(), at.y() + kApart), inner.bottomRight()},
        {inner.topLeft(), QPoint(inner.right(), at.y() - kApart)},
        {QPoint(at.x() + kApart, inner.top()), inner.bottomRight()},
        {inner.topLeft(), QPoint(at.x() - kApart, inner.bottom())}};
    const auto sideIn = [](const QRect& place) {
        return std::min({kLoupeSide, (place.width() - kGap) / 2, place.height() - kLoupeFoot});
    };
    // The first that has all the room, else the roomiest.
    const QRect place = *std::max_element(std::begin(places), std::end(places),
        [&](const QRect& a, const QRect& b) { return sideIn(a) < sideIn(b); });
    const int side = std::max(1, sideIn(place));
    QRect outer(0, 0, 2 * side + kGap, side + kLoupeFoot);
    outer.moveCenter(at);
    // As near to the point as its place allows.
    outer.moveLeft(
        std::clamp(outer.left(), place.left(), std::max(place.left(), place.right() + 1 - outer.width())));
    outer.moveTop(
        std::clamp(outer.top(), place.top(), std::max(place.top(), place.bottom() + 1 - outer.height())));
    return {outer, QRect(outer.topLeft(), QSize(side, side)),
        QRect(outer.topLeft() + QPoint(side + kGap, 0), QSize(side, side)), point};
}

void drawLoupe(QPainter& painter, const LoupeFrame& frame, double zoom, const Tokens& t)
{
    painter.save();
    painter.fillRect(QRect(frame.first.right() + 1, frame.outer.top(), 2, frame.first.height()), t.window);
    const QRect foot(frame.outer.left(), frame.first.bottom() + 1, frame.outer.width(), kLoupeFoot);
    painter.fillRect(foot, t.raised);
    painter.setPen(t.text);
    painter.setFont(fontFor(TextRole::Caption));
    drawTabular(painter, foot.adjusted(8, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("A"));
    drawTabular(
        painter, foot, Qt::AlignHCenter | Qt::AlignVCenter, Words::tr("%1 %").arg(std::lround(zoom * 100)));
    drawTabular(painter, foot.adjusted(0, 0, -8, 0), Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("B"));
    painter.setPen(QPen(t.strongBorder, 1));
    painter.drawRect(frame.outer.adjusted(-1, -1, 0, 0));
    // The point itself, in both halves and in the view.
    painter.setRenderHint(QPainter::Antialiasing);
    for (const QPointF middle : {QRectF(frame.first).center(), QRectF(frame.second).center(), frame.point}) {
        painter.setPen(QPen(QColor(0, 0, 0, 150), 3));
        painter.drawEllipse(middle, 5, 5);
        painter.setPen(QPen(Qt::white, 1.2));
        painter.drawEllipse(middle, 5, 5);
    }
    painter.restore();
}

} // namespace studio::ui
