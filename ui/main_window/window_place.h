#pragma once

#include <QMargins>
#include <QRect>

class QWidget;

namespace studio::ui {

/// `wanted`, without its frame, moved and shrunk so that it lies on `screen` with the frame.
QRect placedOn(const QRect& screen, const QRect& wanted, const QMargins& frame);

/// The same for a window that is neither maximised nor full-screen. Before it is shown for the first time its frame is
/// not known, and an ordinary one is assumed.
void keepOnScreen(QWidget& window);

} // namespace studio::ui
