#pragma once

#include <QSocketNotifier>

#include <functional>
#include <memory>

namespace studio {

/// Turns the system's requests to end (SIGINT, SIGTERM, SIGHUP) into a call on the thread of the event loop, where there
/// is time to put things in order. A second request of the same kind ends the process at once. What was ignored when the
/// program started, as nohup does it, stays ignored. One at a time in a process.
class EndingSignals {
public:
    explicit EndingSignals(std::function<void()> asked);
    ~EndingSignals();

    EndingSignals(const EndingSignals&) = delete;
    EndingSignals& operator=(const EndingSignals&) = delete;

private:
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace studio
