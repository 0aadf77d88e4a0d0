#include "ui/main_window/window_place.h"

#include <QScreen>
#include <QWidget>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr QMargins kOrdinaryFrame(1, 36, 1, 1);

QMargins frameOf(const QWidget& window)
{
    if (!window.isVisible())
        return kOrdinaryFrame;
    const QRect inner = window.geometry();
    const QRect outer = window.frameGeometry();
    return {inner.left() - outer.left(), inner.top() - outer.top(), outer.right() - inner.right(),
        outer.bottom() - inner.bottom()};
}

} // namespace

QRect placedOn(const QRect& screen, const QRect& wanted, const QMargins& frame)
{
    const QRect room = screen.marginsRemoved(frame);
    QRect placed(wanted.topLeft(), wanted.size().boundedTo(room.size()));
    placed.moveLeft(std::clamp(placed.left(), room.left(), room.right() - placed.width() + 1));
    placed.moveTop(std::clamp(placed.top(), room.top(), room.bottom() - placed.height() + 1));
    return placed;
}

void keepOnScreen(QWidget& window)
{
    if (window.windowState() & (Qt::WindowMaximized | Qt::WindowFullScreen))
        return;
    const QRect screen = window.screen()->availableGeometry();
    const QMargins frame = frameOf(window);
    window.setMinimumSize(window.minimumSize().boundedTo(screen.marginsRemoved(frame).size()));
    const QRect placed = placedOn(screen, window.geometry(), frame);
    if (!window.isVisible() && !window.testAttribute(Qt::WA_Moved))
        window.resize(placed.size()); // the desktop finds the place
    else if (placed != window.geometry())
        window.setGeometry(placed);
}

} // namespace studio::ui
