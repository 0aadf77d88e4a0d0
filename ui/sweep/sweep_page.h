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
class SweepReader;

/// A sweep in the middle of the window: the sheet, how far it is, and what can be done with its cells.
class SweepPage : public QWidget {
    Q_OBJECT

public:
    explicit SweepPage(StudioController& controller, QWidget* parent = nullptr);
    ~SweepPage() override;

    /// Puts the cells into the queue and shows them.
    void start(SweepSetup setup);
    /// Shows a sweep of an earlier session; its pictures are read in the background.
    void restore(StoredSweep stored);
    /// Of the file that remembers the last sweep; empty: it is not remembered.
    QString file() const;
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
    void take(std::unique_ptr<SweepRun> run);
    void refresh();
    void refreshZoom();

    StudioController& m_controller;
    std::unique_ptr<SweepRun> m_run;
    std::unique_ptr<SweepReader> m_reader;
    SweepCanvas* m_canvas = nullptr;
    ElidedLabel* m_headline = nullptr;
    QPushButton* m_compare = nullptr;
    QToolButton* m_save = nullptr;
    QToolButton* m_one = nullptr;
    QToolButton* m_loupe = nullptr;
    QLabel* m_zoom = nullptr;
};

} // namespace studio::ui
