#pragma once

#include <atomic>
#include <functional>
#include <stop_token>
#include <thread>

namespace studio {

/// Turns Ctrl-C and the system's request to end (SIGINT, SIGTERM) into a stop token. The first one asks; the second
/// one ends the process at once, with 130.
///
/// Construct it before any other thread is started: the signals are blocked in the constructing thread and in all
/// that come after, and taken by a thread of its own. One at a time in a process.
class Interruption {
public:
    /// `onFirst` is called on the signal thread, after the token was set.
    explicit Interruption(std::function<void()> onFirst = {});
    ~Interruption();

    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

    std::stop_token token() const { return m_stop.get_token(); }
    bool requested() const { return m_stop.stop_requested(); }

private:
    void wait();

    std::function<void()> m_onFirst;
    std::stop_source m_stop;
    std::atomic<bool> m_ending{false};
    std::thread m_thread; // last: it uses the others
};

} // namespace studio
