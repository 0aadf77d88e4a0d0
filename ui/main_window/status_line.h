#pragma once

#include <QCoreApplication>
#include <QTimer>
#include <QWidget>

class QLabel;
class QToolButton;

namespace studio::ui {

class StudioController;

/// The last line of the window: what just happened on the left; device, model, memory and speed on the right.
class StatusLine : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::StatusLine)

public:
    explicit StatusLine(StudioController& controller, QWidget* parent = nullptr);

    void say(const QString& message); ///< for some seconds
    QString message() const;
    /// Beside a message about other settings in the controls: takes them back.
    QToolButton* undoButton() const { return m_undo; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showFacts();
    void offerUndo(const QString& by);
    void clear();

    StudioController& m_controller;
    QLabel* m_message = nullptr;
    QToolButton* m_undo = nullptr;
    QLabel* m_facts = nullptr;
    QTimer m_timer;
    bool m_justReplaced = false; ///< what is said now is about that
    double m_secondsPerStep = 0.0;
};

} // namespace studio::ui
