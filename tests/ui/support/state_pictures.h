#pragma once

#include "ui/jobs/studio_controller.h"
#include "ui/main_window/main_window.h"

#include <QApplication>
#include <QSize>
#include <QStringList>

#include <memory>
#include <optional>

namespace studio::test {

/// What the programs share that render states of the window, to be looked at: `PROGRAM FOLDER WIDTHxHEIGHT dark|light
/// [WORD...]`.
struct StatePictures {
    QString folder; ///< exists
    QSize size;     ///< of the window
    QString theme;  ///< "dark" or "light"
    QStringList rest;

    /// Whether the words name this state, or none at all.
    bool wants(const char* state) const;
    /// Writes `what` as it looks after `milliseconds`, and prints the file's path.
    void save(const char* state, QWidget& what, int milliseconds = 150) const;
    /// The same of the screen in the window's place, with tool tips and lists over it.
    void saveScreen(const char* state, const QWidget& window, int milliseconds = 250) const;
    /// A window of the size and in the theme asked for, shown.
    std::unique_ptr<ui::MainWindow> window(ui::StudioController& controller) const;
};

/// From the application's arguments; nothing, and the usage on stderr, if there are too few.
std::optional<StatePictures> statePictures();

/// Lets the window live for a while.
void spin(int milliseconds);

/// What `main` of such a program does: `Show` takes a StatePictures and has `all()`.
template <typename Show> int renderStates(int argc, char** argv)
{
    QApplication application(argc, argv);
    const auto pictures = statePictures();
    if (!pictures)
        return 2;
    Show(*pictures).all();
    return 0;
}

} // namespace studio::test
