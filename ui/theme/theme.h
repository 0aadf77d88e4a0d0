#pragma once

#include "ui/theme/tokens.h"

class QAbstractButton;
class QApplication;

namespace studio::ui {

/// Style, palette and font of the whole program. Call again to change the scheme while it runs: everything
/// that is shown follows.
void applyTheme(QApplication& application, Scheme scheme);

/// True if STUDIO_REDUCED_MOTION is set to 1: nothing moves by itself, blinking is done by hand. (Qt 6.4 does
/// not pass on the desktop's own wish; the settings page offers the same switch.)
bool prefersReducedMotion();

/// What a button is to the page. Plain is the default; there is one Primary on a screen; Quiet has no ground
/// of its own until it is hovered, focused or checked; Segment is one part of a SegmentedControl.
enum class ButtonRole { Plain, Primary, Quiet, Segment };

void setButtonRole(QAbstractButton& button, ButtonRole role);
ButtonRole buttonRole(const QObject* button);

} // namespace studio::ui
