#include "app/ending_signals.h"

#include "core/api/log.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace studio {

namespace {

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};

// A signal's handler may touch little more than this: what it writes into the pipe wakes the event loop.
std::array<int, 2> ends{-1, -1};

void wake(int)
{
    const int before = errno;
    const char byte = 1;
    [[maybe_unused]] const ssize_t written = write(ends[1], &byte, 1);
    errno = before;
}

} // namespace

EndingSignals::EndingSignals(std::function<void()> asked)
{
    if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
        logWarning("Requests of the system to end cannot be heard; they end the program at once.");
        return;
    }
    m_notifier = std::make_unique<QSocketNotifier>(ends[0], QSocketNotifier::Read);
    QObject::connect(
        m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), [asked = std::move(asked)] {
            char byte = 0;
            while (read(ends[0], &byte, 1) > 0) { }
            asked();
        });
    struct sigaction action { };
    action.sa_handler = &wake;
    action.sa_flags = SA_RESTART | SA_RESETHAND;
    for (const int signal : kSignals) {
        struct sigaction before { };
        if (sigaction(signal, nullptr, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(signal, &action, nullptr);
    }
}

EndingSignals::~EndingSignals()
{
    if (!m_notifier)
        return;
    for (const int signal : kSignals) {
        struct sigaction now { };
        if (sigaction(signal, nullptr, &now) == 0 && now.sa_handler == &wake)
            std::signal(signal, SIG_DFL);
    }
    m_notifier.reset();
    for (int& end : ends)
        close(std::exchange(end, -1));
}

} // namespace studio
