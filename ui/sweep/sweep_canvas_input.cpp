// How the contact sheet answers the mouse, the wheel and keys.
#include "ui/jobs/sweep_run.h"
#include "ui/sweep/sweep_canvas.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace studio::ui {

namespace {

constexpr double kWheelNotch = 120.0;
constexpr double kPanStep = 64.0; // device-independent pixels

} // namespace

int SweepCanvas::cellAt(QPointF point) const
{
    for (int cell = 0; m_run && cell < static_cast<int>(m_run->cells().size()); ++cell) {
        if (QRectF(cellArea(cell)).contains(point))
            return cell;
    }
    return -1;
}

QPointF SweepCanvas::inCell(QPointF point, int cell) const
{
    return point * devicePixelRatioF() - deviceArea(cell).topLeft();
}

void SweepCanvas::setProbe(std::optional<QPointF> scenePoint)
{
    const Extent size = m_scene.size();
    if (scenePoint && !QRectF(0, 0, size.width, size.height).contains(*scenePoint))
        scenePoint.reset();
    if (scenePoint == m_probe)
        return;
    m_probe = scenePoint;
    update();
}

void SweepCanvas::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return QWidget::mousePressEvent(event);
    m_pressed = true;
    m_panning = false;
    m_dragged = event->position();
}

void SweepCanvas::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF here = event->position();
    const int cell = cellAt(here);
    if (m_pressed && !m_panning && (here - m_dragged).manhattanLength() >= QApplication::startDragDistance())
        m_panning = true;
    if (m_panning) {
        const QPointF wanted = (here - m_dragged) * devicePixelRatioF();
        const QPointF moved(std::round(wanted.x()), std::round(wanted.y()));
        m_scene.pan(moved);
        m_dragged += moved / devicePixelRatioF();
        redraw();
        Q_EMIT viewChanged();
    }
    setCursor(m_panning ? Qt::ClosedHandCursor : isDone(cell) ? Qt::CrossCursor : Qt::ArrowCursor);
    setProbe(cell >= 0 ? std::optional(m_scene.toScene(inCell(here, cell))) : std::nullopt);
}

void SweepCanvas::mouseReleaseEvent(QMouseEvent* event)
{
    const bool clicked = m_pressed && !m_panning;
    m_pressed = m_panning = false;
    const int cell = cellAt(event->position());
    if (!clicked || cell < 0 || event->button() != Qt::LeftButton)
        return;
    setCurrent(cell);
    const SweepState state = m_run->cells()[static_cast<std::size_t>(cell)].state;
    if (event->modifiers().testFlag(Qt::ControlModifier))
        toggleMark(cell);
    else if (state == SweepState::Failed || state == SweepState::Removed)
        Q_EMIT tryAgainWanted(cell);
    else
        Q_EMIT adopted(cell);
}

void SweepCanvas::mouseDoubleClickEvent(QMouseEvent* event)
{
    const int cell = cellAt(event->position());
    if (event->button() != Qt::LeftButton || cell < 0)
        return;
    setCurrent(cell);
    setShowsOne(!m_single);
}

void SweepCanvas::wheelEvent(QWheelEvent* event)
{
    const int cell = cellAt(event->position());
    const QPoint turned = event->angleDelta();
    // Over the headings, and with Shift, the sheet itself is moved by whatever it stands in.
    if (cell < 0 || turned.y() == 0 || event->modifiers().testFlag(Qt::ShiftModifier))
        return event->ignore();
    const QPointF at = inCell(event->position(), cell);
    m_scene.zoomWheel(turned.y() / kWheelNotch, at);
    redraw();
    setProbe(m_scene.toScene(at));
    Q_EMIT viewChanged();
    event->accept();
}

void SweepCanvas::leaveEvent(QEvent*)
{
    setProbe(std::nullopt);
}

void SweepCanvas::step(int columns, int rows)
{
    if (!m_run)
        return;
    const SheetGrid grid = sheetGrid(m_run->setup());
    const QPoint wanted = grid.placeOf(m_current) + QPoint(columns, rows);
    setCurrent(grid.cellAt({std::clamp(wanted.x(), 0, grid.columns * grid.columnGroups - 1),
        std::clamp(wanted.y(), 0, grid.rows * grid.rowGroups - 1)}));
}

bool SweepCanvas::event(QEvent* event)
{
    // The comparison view's keys, which are the window's, mean the same for the sheet while it has the focus.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        static const QList<int> own{Qt::Key_F, Qt::Key_Z, Qt::Key_C, Qt::Key_0, Qt::Key_6, Qt::Key_Plus,
            Qt::Key_Equal, Qt::Key_Minus, Qt::Key_Left, Qt::Key_Right, Qt::Key_Up, Qt::Key_Down,
            Qt::Key_Space};
        if (!(key->modifiers() & (Qt::ControlModifier | Qt::AltModifier)) && own.contains(key->key())) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void SweepCanvas::keyPressEvent(QKeyEvent* event)
{
    const bool shifted = event->modifiers().testFlag(Qt::ShiftModifier);
    const auto move = [&](int x, int y) {
        if (!shifted)
            return step(x, y);
        m_scene.pan(QPointF(-x, -y) * kPanStep * devicePixelRatioF());
        redraw();
        Q_EMIT viewChanged();
    };
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier))
        return QWidget::keyPressEvent(event);
    switch (event->key()) {
    case Qt::Key_Left:
        return move(-1, 0);
    case Qt::Key_Right:
        return move(1, 0);
    case Qt::Key_Up:
        return move(0, -1);
    case Qt::Key_Down:
        return move(0, 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_run && isDone(m_current))
            Q_EMIT adopted(m_current);
        else if (m_run)
            Q_EMIT tryAgainWanted(m_current);
        return;
    case Qt::Key_Space:
        return toggleMark(m_current);
    case Qt::Key_F:
        return fit();
    case Qt::Key_Z:
        return oneToOne();
    case Qt::Key_0:
        return setShowsOne(!m_single);
    case Qt::Key_6:
        return setLoupe(!m_loupe);
    case Qt::Key_C:
        return Q_EMIT compareWanted();
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoomStep(1);
    case Qt::Key_Minus:
        return zoomStep(-1);
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace studio::ui
