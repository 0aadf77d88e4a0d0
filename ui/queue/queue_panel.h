#pragma once

#include "ui/jobs/queue_runner.h"

#include <QWidget>

class QAction;
class QLabel;
class QPushButton;
class QToolButton;

namespace studio::ui {

class CalmComboBox;
class CalmSpinBox;
class QueueView;
class StudioController;

/// The queue in the right column: how long it takes, pause, its entries and what can be done with them, and how many
/// pictures an order adds.
class QueuePanel : public QWidget {
    Q_OBJECT

public:
    explicit QueuePanel(StudioController& controller, QWidget* parent = nullptr);

    QueueView& view() const { return *m_view; }
    QToolButton& pauseButton() const { return *m_pause; }
    QString summary() const;
    /// Why nothing runs, or what became of a broken file; empty: nothing to say.
    QString remark() const;
    /// Actions to offer below the list, as buttons over the whole width.
    void addOffer(QAction* action);

private:
    QWidget* makeHeader();
    QWidget* makeRemark();
    QWidget* makeTools();
    QWidget* makeOrder();
    QToolButton* addTool(QWidget* row, const char* icon, const QString& name, void (QueueView::*act)());
    void refresh();
    void clear();
    void showRemark();
    void keepOrder();

    StudioController& m_controller;
    QueueRunner& m_queue;
    QueueView* m_view = nullptr;
    QLabel* m_summary = nullptr;
    QToolButton* m_pause = nullptr;
    QWidget* m_remarkRow = nullptr;
    QLabel* m_remarkSign = nullptr;
    QLabel* m_remark = nullptr;
    QPushButton* m_undo = nullptr;
    QLabel* m_empty = nullptr;
    QToolButton* m_up = nullptr;
    QToolButton* m_down = nullptr;
    QToolButton* m_edit = nullptr;
    QToolButton* m_remove = nullptr;
    QToolButton* m_clear = nullptr;
    CalmSpinBox* m_count = nullptr;
    CalmComboBox* m_seeds = nullptr;
    QWidget* m_offers = nullptr;
    std::vector<QueueEntry> m_cleared; ///< what the last clearing took out
    bool m_clearedPaused = false;      ///< the queue was, when they were taken out
};

} // namespace studio::ui
