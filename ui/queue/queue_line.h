#pragma once

#include <QWidget>

class QToolButton;

namespace studio::ui {

class ElidedLabel;
class QueueRunner;

/// One line above Generate while the queue holds something: where it stands, and pause or go on. What it says leads
/// to the queue.
class QueueLine : public QWidget {
    Q_OBJECT

public:
    explicit QueueLine(QueueRunner& queue, QWidget* parent = nullptr);

    QString text() const;
    QToolButton& pauseButton() const { return *m_pause; }

Q_SIGNALS:
    void queueWanted();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();

    QueueRunner& m_queue;
    QToolButton* m_open = nullptr;
    ElidedLabel* m_words = nullptr;
    QToolButton* m_pause = nullptr;
};

} // namespace studio::ui
