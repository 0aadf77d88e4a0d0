#pragma once

#include "core/api/engine.h"
#include "ui/jobs/latest_task.h"
#include "ui/models/sweep.h"

#include <QDialog>

#include <functional>
#include <memory>

class QLabel;
class QPushButton;

namespace studio::ui {

class CalmComboBox;
class SweepAxisEditor;

/// Where a sweep may begin.
struct SweepStart {
    QString words; ///< "The first pass of this take"
    Request request;
};

/// Sets a sweep up: what varies, and how many pictures and how long that is. Nothing blocks; closes by itself.
class SweepDialog : public QDialog {
    Q_OBJECT

public:
    /// `starts`: at least one. `keeps`: takes are kept, so that one first pass serves all.
    SweepDialog(std::vector<SweepStart> starts, bool keeps, const Catalog& catalog,
        std::shared_ptr<Engine> engine, QWidget* parent = nullptr);
    ~SweepDialog() override;

    /// Columns, rows, groups of rows, groups of columns.
    const std::vector<SweepAxisEditor*>& editors() const { return m_editors; }
    SweepSetup setup() const;
    QString summary() const;
    QPushButton& startButton() const { return *m_start; }

Q_SIGNALS:
    void wanted(const studio::ui::SweepSetup& setup);

private:
    /// What the engine says of a whole sweep.
    struct Forecast {
        double seconds = 0.0;
        bool all = true; ///< of every cell
        QString fault;   ///< why one of them cannot run
    };
    static Forecast work(Engine& engine, const std::vector<Request>& requests, bool keeps);
    void refresh();
    void tell(const Forecast& forecast);
    const Request& request() const; ///< of the chosen start

    std::vector<SweepStart> m_starts;
    bool m_keeps = true;
    std::shared_ptr<Engine> m_engine;
    std::vector<SweepAxisEditor*> m_editors;
    CalmComboBox* m_from = nullptr;
    QLabel* m_sign = nullptr;
    QLabel* m_summary = nullptr;
    QPushButton* m_start = nullptr;
    QThreadPool m_lane;
    std::unique_ptr<LatestTask<Forecast>> m_task;
};

} // namespace studio::ui
