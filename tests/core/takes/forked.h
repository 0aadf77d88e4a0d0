#pragma once

#include <algorithm>
#include <functional>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

namespace studio::test {

/// A second process with a pipe that leads back. What it does must need no Qt.
class Forked {
public:
    explicit Forked(const std::function<void(int pipe)>& work)
    {
        int ends[2];
        if (pipe(ends) != 0)
            return;
        m_process = fork();
        if (m_process == 0) {
            close(ends[0]);
            work(ends[1]);
            _exit(0);
        }
        close(ends[1]);
        m_pipe = ends[0];
    }
    ~Forked()
    {
        if (m_pipe >= 0)
            close(m_pipe);
    }
    Forked(const Forked&) = delete;
    Forked& operator=(const Forked&) = delete;

    pid_t process() const { return m_process; }

    /// Waits until it has written so many lines.
    void waitForLines(std::ptrdiff_t lines)
    {
        while (std::count(m_said.begin(), m_said.end(), '\n') < lines && readMore()) { }
    }

    /// Everything it wrote into the pipe. Waits until it has ended.
    std::string said()
    {
        while (readMore()) { }
        waitpid(m_process, nullptr, 0);
        return m_said;
    }

private:
    bool readMore()
    {
        char buffer[4096];
        const ssize_t count = read(m_pipe, buffer, sizeof buffer);
        if (count > 0)
            m_said.append(buffer, static_cast<std::size_t>(count));
        return count > 0;
    }

    std::string m_said;
    pid_t m_process = -1;
    int m_pipe = -1;
};

/// On the process's side of the pipe.
inline void say(int pipe, const std::string& text)
{
    if (write(pipe, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        _exit(1);
}

} // namespace studio::test
