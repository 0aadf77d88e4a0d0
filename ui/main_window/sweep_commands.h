#pragma once

#include "ui/jobs/latest_task.h"
#include "ui/models/second_passes.h"
#include "ui/models/sweep.h"

#include <QObject>

#include <memory>

namespace studio::ui {

class MainWindow;
class StudioController;
class SweepDialog;
class SweepPage;

/// The sweep in the window: setting one up, its page in the place of the picture, and what becomes of a cell.
class SweepCommands : public QObject {
    Q_OBJECT

public:
    SweepCommands(StudioController& controller, MainWindow& window);

    SweepPage& page() const { return *m_page; }

    /// Asks what to sweep: from the first pass of the take that is looked at, or from the controls.
    void setUp();
    /// The sheet instead of the picture, or the picture again. Without a sheet: asks for a new one.
    void toggle();
    /// The picture again.
    void close();

Q_SIGNALS:
    void said(const QString& message);
    void opened();

private:
    void show();
    void openDialog(const std::optional<Request>& ofTake);
    void start(const SweepSetup& setup);
    void compare(int first, int second);
    void save();

    StudioController& m_controller;
    MainWindow& m_window;
    SweepPage* m_page = nullptr;
    QThreadPool m_lane;
    LatestTask<std::optional<Request>> m_reading; ///< of a take's first pass
};

} // namespace studio::ui
