#pragma once

#include "ui/jobs/sweep_run.h"

#include <QWidget>

#include <memory>

class QLabel;
class QPushButton;
class QToolButton;

namespace studio::ui {

class ElidedLabel;
class StudioController;
class SweepCanvas;

/// A sweep in the middle of the window: the sheet, how far it is, and what can be done with its cells.
class SweepPage : public QWidget {
    Q_OBJECT

public:
    explicit SweepPage(StudioController& controller, QWidget* parent = nullptr);
    ~SweepPage() override;

    /// Puts the cells into the queue and shows them.
    void start(SweepSetup setup);
    /// Null: there is none yet.
    SweepRun* run() const { return m_run.get(); }
    SweepCanvas& canvas() const { return *m_canvas; }
    QString headline() const;
    QPushButton& compareButton() const { return *m_compare; }

Q_SIGNALS:
    void closed();
    void newWanted();
    /// The settings of a cell are wanted in the controls.
    void adopted(const studio::Request& request, const QString& words);
    /// Two finished cells are to be seen in the comparison view.
    void comparisonWanted(int first, int second);
    void saveWanted();

private:
    QWidget* makeBar();
    QToolButton* addTool(QWidget* bar, const char* icon, const QString& name, std::function<void()> act);
    void refresh();
    void refreshZoom();

    StudioController& m_controller;
    std::unique_ptr<SweepRun> m_run;
    SweepCanvas* m_canvas = nullptr;
    ElidedLabel* m_headline = nullptr;
    ElidedLabel* m_cell = nullptr;
    QPushButton* m_compare = nullptr;
    QToolButton* m_save = nullptr;
    QToolButton* m_one = nullptr;
    QToolButton* m_loupe = nullptr;
    QLabel* m_zoom = nullptr;
};

} // namespace studio::ui
