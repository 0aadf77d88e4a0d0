// How the canvas answers the mouse, the wheel and touch. Keys are actions of CompareView.
#include "ui/compare/canvas_decoration.h"
#include "ui/compare/compare_canvas.h"

#include <QApplication>
#include <QGestureEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QPinchGesture>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace studio::ui {

namespace {

constexpr double kWheelNotch = 120.0;

} // namespace

QPointF CompareCanvas::toPane(QPointF widgetPoint) const
{
    const QPointF device = widgetPoint * devicePixelRatioF();
    for (const QRect& pane : devicePanes()) {
        if (QRectF(pane).contains(device))
            return device - pane.topLeft();
    }
    return device - devicePanes().front().topLeft();
}

int CompareCanvas::layerAt(QPointF widgetPoint) const
{
    const std::vector<int> shown = shownLayers();
    const QPointF device = widgetPoint * devicePixelRatioF();
    const std::vector<QRect> panes = devicePanes();
    for (std::size_t i = 0; i < panes.size(); ++i) {
        if (!panes[i].contains(device.toPoint()) || shown.empty())
            continue;
        if (!QRectF(m_scene.visibleRect()).contains(device - panes[i].topLeft()))
            return -1;
        if (m_settings.mode == CompareMode::Side)
            return shown[std::min(i, shown.size() - 1)];
        if (m_settings.mode != CompareMode::Wipe || shown.size() < 2)
            return shown.back();
        const double along = m_settings.wipeAxis == WipeAxis::Vertical ? device.x() : device.y();
        return along < wipeLine(m_settings, m_scene) ? shown[0] : shown[1];
    }
    return -1;
}

QRectF CompareCanvas::wipeHandle() const
{
    const double ratio = devicePixelRatioF();
    const double line = wipeLine(m_settings, m_scene) / ratio;
    const QRectF visible(
        QPointF(m_scene.visibleRect().topLeft()) / ratio, QSizeF(m_scene.visibleRect().size()) / ratio);
    const QPointF middle = m_settings.wipeAxis == WipeAxis::Vertical ? QPointF(line, visible.center().y())
                                                                     : QPointF(visible.center().x(), line);
    return {middle.x() - kHandleSize / 2.0, middle.y() - kHandleSize / 2.0, kHandleSize, kHandleSize};
}

void CompareCanvas::dragWipe(QPointF widgetPoint)
{
    const QRect visible = m_scene.visibleRect();
    const QPointF device = widgetPoint * devicePixelRatioF();
    CompareSettings changed = m_settings;
    changed.wipePosition = m_settings.wipeAxis == WipeAxis::Vertical
        ? (device.x() - visible.left()) / std::max(1, visible.width())
        : (device.y() - visible.top()) / std::max(1, visible.height());
    changed.wipePosition = std::clamp(changed.wipePosition, 0.0, 1.0);
    setSettings(changed);
}

void CompareCanvas::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton)
        return QWidget::mousePressEvent(event);
    const bool onLine = m_settings.mode == CompareMode::Wipe && m_layers.size() > 1
        && isOnWipe(event->position(), wipeHandle(), m_settings.wipeAxis);
    m_drag = onLine && event->button() == Qt::LeftButton ? Drag::Wipe : Drag::Pan;
    const bool fixed = m_scene.zoom() <= m_scene.fitZoom();
    const bool wantsOut = fixed || event->modifiers().testFlag(Qt::ControlModifier);
    if (m_drag == Drag::Pan && event->button() == Qt::LeftButton && wantsOut
        && layerAt(event->position()) >= 0)
        m_drag = Drag::Out;
    m_dragged = event->position();
    m_remainder = {};
    updateCursor(event->position());
    update();
}

void CompareCanvas::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF here = event->position();
    if (m_drag == Drag::Out) {
        if ((here - m_dragged).manhattanLength() < QApplication::startDragDistance())
            return;
        m_drag = Drag::None; // the release goes to whoever takes it
        Q_EMIT dragOutWanted(layerAt(m_dragged));
        return;
    }
    if (m_drag == Drag::Wipe) {
        dragWipe(here);
    } else if (m_drag == Drag::Pan) {
        // Whole device pixels only: the picture then moves exactly with the hand and never by a rounding.
        const QPointF wanted = (here - m_dragged) * devicePixelRatioF() + m_remainder;
        const QPointF moved(std::round(wanted.x()), std::round(wanted.y()));
        m_remainder = wanted - moved;
        if (!moved.isNull()) {
            m_scene.pan(moved);
            redraw();
            Q_EMIT viewChanged();
        }
    }
    m_dragged = here;
    updateCursor(here);
    setProbe(m_scene.toScene(toPane(here)));
}

void CompareCanvas::mouseReleaseEvent(QMouseEvent* event)
{
    m_drag = Drag::None;
    updateCursor(event->position());
    update();
}

void CompareCanvas::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_layers.empty())
        return;
    if (m_scene.isFitted())
        m_scene.zoomTo(1.0, toPane(event->position()));
    else
        m_scene.fit();
    m_drag = Drag::None;
    redraw();
    Q_EMIT viewChanged();
}

void CompareCanvas::wheelEvent(QWheelEvent* event)
{
    if (m_layers.empty())
        return event->ignore();
    const QPoint turned = event->angleDelta();
    if (event->modifiers().testFlag(Qt::ShiftModifier)) {
        pan(QPointF(turned.y() != 0 ? turned.y() : turned.x(), 0) / 2.0);
    } else if (turned.y() != 0) {
        m_scene.zoomWheel(turned.y() / kWheelNotch, toPane(event->position()));
        redraw();
        Q_EMIT viewChanged();
    }
    setProbe(m_scene.toScene(toPane(event->position())));
    event->accept();
}

bool CompareCanvas::event(QEvent* event)
{
    if (event->type() == QEvent::NativeGesture) {
        const auto* gesture = static_cast<QNativeGestureEvent*>(event);
        if (gesture->gestureType() == Qt::ZoomNativeGesture && !m_layers.empty()) {
            m_scene.zoomTo(m_scene.zoom() * (1.0 + gesture->value()), toPane(gesture->position()));
            redraw();
            Q_EMIT viewChanged();
            return true;
        }
    } else if (event->type() == QEvent::Gesture) {
        auto* gestures = static_cast<QGestureEvent*>(event);
        if (const auto* pinch = static_cast<QPinchGesture*>(gestures->gesture(Qt::PinchGesture));
            pinch && !m_layers.empty()) {
            const QPointF middle = mapFromGlobal(pinch->centerPoint().toPoint());
            m_scene.zoomTo(m_scene.zoom() * pinch->scaleFactor(), toPane(middle));
            redraw();
            Q_EMIT viewChanged();
            return true;
        }
    } else if (event->type() == QEvent::FocusIn) {
        update();
    }
    return QWidget::event(event);
}

void CompareCanvas::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Space)
        return QWidget::keyPressEvent(event);
    if (!event->isAutoRepeat())
        Q_EMIT flipHeld(true);
}

void CompareCanvas::keyReleaseEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Space)
        return QWidget::keyReleaseEvent(event);
    if (!event->isAutoRepeat())
        Q_EMIT flipHeld(false);
}

void CompareCanvas::focusOutEvent(QFocusEvent* event)
{
    // A key that is released elsewhere is never heard of.
    Q_EMIT flipHeld(false);
    update();
    QWidget::focusOutEvent(event);
}

void CompareCanvas::leaveEvent(QEvent*)
{
    setProbe(std::nullopt);
}

void CompareCanvas::updateCursor(QPointF widgetPoint)
{
    const bool onLine = m_settings.mode == CompareMode::Wipe && m_layers.size() > 1
        && isOnWipe(widgetPoint, wipeHandle(), m_settings.wipeAxis);
    if (m_drag == Drag::Pan)
        setCursor(Qt::ClosedHandCursor);
    else if (m_drag == Drag::Wipe || onLine)
        setCursor(m_settings.wipeAxis == WipeAxis::Vertical ? Qt::SplitHCursor : Qt::SplitVCursor);
    else
        setCursor(m_layers.empty() ? Qt::ArrowCursor : Qt::CrossCursor);
}

} // namespace studio::ui
