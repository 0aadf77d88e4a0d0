#pragma once

#include <QFutureWatcher>
#include <QThreadPool>
#include <QTimer>
#include <QtConcurrentRun>

#include <chrono>
#include <functional>
#include <utility>

namespace studio::ui {

/// Answers the newest of a stream of questions in a background lane: what was asked in between is skipped, an
/// answer that has been overtaken is dropped. Lives on the thread of the window, where `answered` is called.
/// Question and answer are values; the destructor waits for the one that is being worked on.
template <class Answer> class LatestTask {
public:
    using Question = std::function<Answer()>;

    /// `patience`: how long the questions must have paused before one is worked on.
    LatestTask(QThreadPool& lane, std::chrono::milliseconds patience, std::function<void(Answer)> answered)
        : m_lane(lane)
        , m_answered(std::move(answered))
    {
        m_timer.setSingleShot(true);
        m_timer.setInterval(patience);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { start(); });
        QObject::connect(&m_watcher, &QFutureWatcherBase::finished, &m_timer, [this] { finish(); });
    }

    ~LatestTask()
    {
        m_watcher.disconnect();
        m_watcher.waitForFinished();
    }

    LatestTask(const LatestTask&) = delete;
    LatestTask& operator=(const LatestTask&) = delete;

    void ask(Question question)
    {
        m_next = std::move(question);
        m_timer.start();
    }

    bool isBusy() const { return m_next || m_watcher.isRunning(); }

private:
    void start()
    {
        if (!m_next || m_watcher.isRunning())
            return;
        m_watcher.setFuture(QtConcurrent::run(&m_lane, std::exchange(m_next, nullptr)));
    }

    void finish()
    {
        if (m_next) // overtaken
            return m_timer.isActive() ? void() : start();
        m_answered(m_watcher.result());
    }

    QThreadPool& m_lane;
    std::function<void(Answer)> m_answered;
    Question m_next;
    QTimer m_timer;
    QFutureWatcher<Answer> m_watcher;
};

} // namespace studio::ui
