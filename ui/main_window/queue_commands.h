#pragma once

#include "ui/main_window/window_actions.h"

#include <QObject>

class QTabWidget;

namespace studio::ui {

class MainWindow;
class QueueLine;
class QueuePanel;
class StarredHires;
class StudioController;

/// The queue in the window: its line above Generate, its panel, its place in the title, and what the commands about it
/// do.
class QueueCommands : public QObject {
    Q_OBJECT

public:
    QueueCommands(StudioController& controller, MainWindow& window);

    QueueLine& line() const { return *m_line; }
    QueuePanel& panel() const { return *m_panel; }
    /// Gives the panel its tab, whose title counts what waits.
    void addTab(QTabWidget& tabs);

    /// Generate, which adds to the queue while something runs, and the commands about the queue.
    void run(Command command);
    void show(); ///< the panel, with the focus

Q_SIGNALS:
    void said(const QString& message);
    void panelWanted(); ///< the column it stands in may be folded

private:
    void add();             ///< what the controls say
    void addWhileRunning(); ///< the same, as many as Generate makes
    void refresh();

    StudioController& m_controller;
    MainWindow& m_window;
    QueueLine* m_line = nullptr;
    QueuePanel* m_panel = nullptr;
    StarredHires* m_starred = nullptr;
    QTabWidget* m_tabs = nullptr;
};

} // namespace studio::ui
