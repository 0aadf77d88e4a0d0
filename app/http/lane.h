#pragma once

#include "core/api/engine.h"
#include "core/api/job_context.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace studio::http {

/// One call's work: requests that run one after another, each alone. All functions may be called from any thread.
class Job {
public:
    explicit Job(std::vector<Request> requests);

    /// Asks the running or waiting job to end. Its takes so far are kept.
    void cancel() { m_stop.request_stop(); }
    bool cancelled() const { return m_stop.stop_requested(); }

    /// True once the job is over; waits at most `patience` for that.
    bool waitFor(std::chrono::milliseconds patience) const;

    /// The takes of a job that is over. The last one may be cancelled or failed; the requests after it did not run.
    const std::vector<Take>& takes() const { return m_takes; }

    /// How far a job is.
    struct State {
        bool started = false;
        Plan plan;
        Progress progress;
        std::size_t finishedTakes = 0;
        std::size_t allTakes = 0;
        std::shared_ptr<const Picture8> preview;
    };
    State state() const;

private:
    friend class Lane;
    void run(Engine& engine); // on the lane's thread
    void finish();
    JobContext context();

    std::vector<Request> m_requests;
    std::stop_source m_stop;
    std::vector<Take> m_takes;
    mutable std::mutex m_mutex; // guards m_state and m_over
    mutable std::condition_variable m_change;
    State m_state;
    bool m_over = false;
};

/// Runs jobs one at a time on a thread of its own; a bounded number waits.
class Lane {
public:
    /// The engine must outlive the lane.
    Lane(Engine& engine, std::size_t capacity);
    ~Lane();

    /// Null if as many jobs wait as may.
    std::shared_ptr<Job> submit(std::vector<Request> requests);

    /// Cancels a job; one that waits gives up its place at once.
    void withdraw(const std::shared_ptr<Job>& job);

    /// Cancels everything and takes nothing more. Does not wait.
    void close();
    bool closed() const;

    std::shared_ptr<Job> running() const;
    std::size_t waiting() const;

private:
    void work();

    Engine& m_engine;
    const std::size_t m_capacity;
    mutable std::mutex m_mutex; // guards what follows
    std::condition_variable m_change;
    std::deque<std::shared_ptr<Job>> m_waiting;
    std::shared_ptr<Job> m_running;
    bool m_closed = false;
    std::thread m_thread; // last: it uses the others
};

} // namespace studio::http
