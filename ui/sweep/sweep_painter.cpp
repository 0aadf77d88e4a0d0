#include "ui/sweep/sweep_painter.h"

#include "ui/jobs/sweep_run.h"
#include "ui/sweep/sweep_words.h"
#include "ui/theme/control_painter.h"
#include "ui/theme/icons.h"
#include "ui/theme/typography.h"

#include <QCoreApplication>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr int kRowHead = 108;
constexpr int kGroupHead = 28;
constexpr int kGap = 2;
constexpr int kMarkSide = 22;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::SweepCanvas)
};

/// The axis in small letters above its value.
void drawHead(QPainter& painter, const QRect& area, Qt::Alignment side, const QString& axis,
    const QString& value, const Tokens& t, const QFont& font)
{
    QFont strong = font;
    strong.setWeight(QFont::DemiBold);
    const QFont caption = fontFor(TextRole::Caption);
    const int small = QFontMetrics(caption).height();
    const int large = QFontMetrics(strong).height();
    const QRect inner = area.adjusted(spacing::kUnit, 0, -spacing::kInGroup, 0);
    const int top = inner.center().y() - (small + large) / 2;
    const auto line = [&](const QFont& with, const QColor& colour, int y, int height, const QString& text) {
        painter.setFont(with);
        painter.setPen(colour);
        painter.drawText(QRect(inner.left(), y, inner.width(), height), side | Qt::AlignVCenter,
            QFontMetrics(with).elidedText(text, Qt::ElideRight, inner.width()));
    };
    line(caption, t.text, top, small, axis); // on the canvas's grey, quieter text would be too faint
    line(strong, t.text, top + small, large, value);
}

const char* iconOf(SweepState state)
{
    switch (state) {
    case SweepState::Failed:
        return "error";
    case SweepState::Removed:
        return "redo";
    case SweepState::Running:
        return "play";
    default:
        return "clock";
    }
}

} // namespace

SheetMargins sheetMargins(const SweepSetup& setup)
{
    SheetMargins margins;
    margins.top = kHeadHeight;
    margins.left = setup.rows() > 1 ? kRowHead : 0;
    margins.rowGroup = setup.rowGroups() > 1 ? kGroupHead : 0;
    margins.columnGroup = setup.columnGroups() > 1 ? kGroupHead : 0;
    margins.gap = kGap;
    margins.betweenColumnGroups = setup.columnGroups() > 1 ? spacing::kPanel : 0;
    return margins;
}

void drawSheetHeads(QPainter& painter, const SheetLayout& sheet, const SweepSetup& setup,
    const Catalog& catalog, const Tokens& t, const QFont& font)
{
    painter.save();
    const auto title = [&](std::size_t axis) { return sweepAxisTitle(*setup.axes[axis].info); };
    for (std::size_t i = 0; i < sheet.columnHeads.size(); ++i)
        drawHead(painter, sheet.columnHeads[i], Qt::AlignHCenter, title(0),
            axisValueWords(setup, 0, static_cast<int>(i), catalog), t, font);
    for (std::size_t i = 0; setup.rows() > 1 && i < sheet.rowHeads.size(); ++i)
        drawHead(painter, sheet.rowHeads[i], Qt::AlignRight, title(1),
            axisValueWords(setup, 1, static_cast<int>(i) * setup.columns(), catalog), t, font);
    painter.setFont(font);
    painter.setPen(t.text);
    const auto drawGroup = [&](const QRect& area, Qt::Alignment side, int axis, int cell) {
        const QString words = Words::tr("%1 %2").arg(
            title(static_cast<std::size_t>(axis)), axisValueWords(setup, axis, cell, catalog));
        painter.drawText(area, side | Qt::AlignVCenter,
            painter.fontMetrics().elidedText(words, Qt::ElideRight, area.width()));
    };
    const int ofGroup = setup.columns() * setup.rows();
    for (std::size_t i = 0; i < sheet.rowGroupHeads.size(); ++i)
        drawGroup(sheet.rowGroupHeads[i].adjusted(spacing::kInGroup, 0, 0, -2), Qt::AlignLeft, 2,
            static_cast<int>(i) * ofGroup);
    for (std::size_t i = 0; i < sheet.columnGroupHeads.size(); ++i) {
        const QRect& area = sheet.columnGroupHeads[i];
        drawGroup(area, Qt::AlignHCenter, 3, static_cast<int>(i) * ofGroup * setup.rowGroups());
        // The columns that it stands for.
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), t.strongBorder);
    }
    painter.restore();
}

void drawSheetTitle(QPainter& painter, const QRect& area, const QString& text, const Tokens& t)
{
    painter.fillRect(area, t.panel);
    painter.setPen(t.text);
    painter.drawText(
        area.adjusted(spacing::kPanel, 0, -spacing::kPanel, 0), Qt::AlignVCenter | Qt::AlignLeft, text);
}

void drawCellState(QPainter& painter, const QRect& area, const SweepCell& cell, const Tokens& t)
{
    painter.save();
    painter.setClipRect(area);
    painter.fillRect(area, t.panel);
    const QColor ink = cell.state == SweepState::Failed ? t.bad
        : cell.state == SweepState::Running             ? t.accent
                                                        : t.secondary;
    const double ratio = painter.device()->devicePixelRatioF();
    const QPixmap sign = iconPixmap(QString::fromLatin1(iconOf(cell.state)), spacing::kLargeIcon, ink, ratio);
    QString words = cellStateWords(cell);
    if (cell.state == SweepState::Failed || cell.state == SweepState::Removed)
        words += u'\n' + Words::tr("Click to try again.");
    painter.setFont(fontFor(TextRole::Caption));
    const QRect room = area.adjusted(spacing::kInGroup, 0, -spacing::kInGroup, 0);
    const QRect text
        = painter.boundingRect(QRect(0, 0, room.width(), room.height()), Qt::TextWordWrap, words);
    const int height = spacing::kLargeIcon + spacing::kUnit + text.height();
    const int top = std::max(area.top() + spacing::kUnit, area.center().y() - height / 2);
    painter.drawPixmap(area.center().x() - spacing::kLargeIcon / 2, top, sign);
    painter.setPen(t.text);
    painter.drawText(
        QRect(room.left(), top + spacing::kLargeIcon + spacing::kUnit, room.width(), text.height()),
        Qt::AlignHCenter | Qt::TextWordWrap, words);
    if (cell.state == SweepState::Running) {
        const QRect bar(area.left(), area.bottom() - 3, area.width(), 4);
        painter.fillRect(bar, t.border);
        painter.fillRect(
            QRect(bar.topLeft(), QSize(static_cast<int>(bar.width() * cell.fraction), bar.height())),
            t.accent);
    }
    painter.restore();
}

void drawMark(QPainter& painter, const QRect& area, int mark, const Tokens& t)
{
    const QRect box(area.topLeft() + QPoint(spacing::kUnit, spacing::kUnit), QSize(kMarkSide, kMarkSide));
    drawBox(painter, box, t.accent, t.onAccent, spacing::kSmallRadius);
    painter.setPen(t.onAccent);
    painter.drawText(box, Qt::AlignCenter, mark == 0 ? QStringLiteral("A") : QStringLiteral("B"));
}

void drawCurrent(QPainter& painter, const QRect& area, bool focused, const Tokens& t)
{
    if (focused)
        return drawFocusRing(painter, area, t, 0);
    painter.setPen(QPen(t.outline, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(area.adjusted(0, 0, -1, -1));
}

void drawProbe(QPainter& painter, const QRect& area, QPointF at)
{
    painter.save();
    painter.setClipRect(area);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    // Seen on every picture: light with dark edges.
    painter.setPen(QPen(QColor(0, 0, 0, 150), 3));
    painter.drawEllipse(at, 5, 5);
    painter.setPen(QPen(Qt::white, 1.2));
    painter.drawEllipse(at, 5, 5);
    painter.restore();
}

QRect sheetLoupeArea(const QRect& cell, QPointF at)
{
    constexpr int kLeast = 48;
    constexpr int kMost = 200;
    const int side = std::clamp(std::min(cell.width(), cell.height()) * 45 / 100, kLeast, kMost);
    const QRect right(cell.right() - side + 1, cell.bottom() - side + 1, side, side);
    const QRect left(cell.left(), right.top(), side, side);
    // One side for all cells as long as the point stays in its half: nothing jumps.
    return at.x() > cell.center().x() && at.y() > cell.center().y() ? left : right;
}

void drawLoupeFrame(QPainter& painter, const QRect& area, const Tokens& t)
{
    painter.setPen(QPen(t.strongBorder, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(area.adjusted(0, 0, -1, -1));
    drawProbe(painter, area, QRectF(area).center());
}

} // namespace studio::ui
