#pragma once

#include <QString>

#include <functional>

class QWidget;

namespace studio::ui {

struct Settings;
class StudioController;

/// The window's dialogs. Each is shown at once and closes by itself; none blocks the event loop.

/// Look, saving, models' folders, device. Changes count at once.
void showSettings(StudioController& controller, QWidget* window);

/// Says in words what to get and from where, and lets the person choose the file. `chosen` gets its path.
void askForCheckpoint(
    StudioController& controller, QWidget* window, std::function<void(const QString& path)> chosen);

/// Device, libraries, memory, and on demand the seconds of one step.
void showMachineCheck(StudioController& controller, QWidget* window);

void showAbout(StudioController& controller, QWidget* window);

/// Dark, light, or as the desktop was when the program started.
void applyThemeOf(const Settings& settings);

/// To be called before the first theme is applied: notes what the desktop looks like.
void noteDesktopTheme();

} // namespace studio::ui
