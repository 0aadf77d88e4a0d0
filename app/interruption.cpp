#include "app/interruption.h"

#include <csignal>
#include <pthread.h>
#include <unistd.h>

namespace studio {

namespace {

constexpr int kExitInterrupted = 130;

sigset_t endingSignals()
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

} // namespace

Interruption::Interruption(std::function<void()> onFirst)
    : m_onFirst(std::move(onFirst))
{
    const sigset_t signals = endingSignals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    m_thread = std::thread([this] { wait(); });
}

Interruption::~Interruption()
{
    m_ending = true;
    // Blocked in every thread: it wakes the one that waits for it and ends nothing.
    pthread_kill(m_thread.native_handle(), SIGTERM); // NOLINT(bugprone-bad-signal-to-kill-thread)
    m_thread.join();
    const sigset_t signals = endingSignals();
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

void Interruption::wait()
{
    const sigset_t signals = endingSignals();
    for (;;) {
        int signal = 0;
        sigwait(&signals, &signal);
        if (m_ending)
            return;
        if (m_stop.stop_requested())
            _exit(kExitInterrupted);
        m_stop.request_stop();
        if (m_onFirst)
            m_onFirst();
    }
}

} // namespace studio
