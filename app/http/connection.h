#pragma once

#include <httplib.h>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <string>

namespace studio::http {

/// How long a client may take.
struct Patience {
    std::chrono::milliseconds request{20000}; ///< from the connection until the whole request is there
    std::chrono::milliseconds crowded{1000};  ///< the same while others wait for a thread
    std::chrono::milliseconds answer{60000};  ///< until the answer is taken
    std::chrono::milliseconds farewell{500};  ///< for the client to close after the answer
};

/// A connection's stream with deadlines for the whole request and the whole answer: a client that sends a byte now and
/// then is cut off all the same. Does not own the socket.
class Connection : public httplib::Stream {
public:
    /// What the connection asks of its server while it waits.
    struct Surroundings {
        std::function<bool()> ending;  ///< the service ends: waiting reads and writes fail
        std::function<bool()> crowded; ///< other connections wait for a thread
    };

    Connection(socket_t socket, const Patience& patience, Surroundings surroundings);

    bool is_readable() const override;
    bool is_writable() const override;
    ssize_t read(char* bytes, size_t size) override;
    ssize_t write(const char* bytes, size_t size) override;
    void get_remote_ip_and_port(std::string& ip, int& port) const override;
    void get_local_ip_and_port(std::string& ip, int& port) const override;
    socket_t socket() const override { return m_socket; }

    /// From here on what is read is the request's body, which is bounded where it is read.
    void beginBody() { m_inHead = false; }

    /// More came before the body than any client needs: nothing further is read.
    bool headIsTooLong() const { return m_inHead && m_headBytes > kMostHeadBytes; }

    /// False once the client has closed its side.
    bool peerIsThere() const;

    /// Reads and forgets what the client still sends: closing with bytes unread would take the answer away from it.
    void sayFarewell();

private:
    using Clock = std::chrono::steady_clock;

    /// httplib holds the lines of a head in memory, however long they are, before anybody's right to ask is known.
    static constexpr std::size_t kMostHeadBytes = 256 * 1024;

    bool waitUntilReady(short events, const std::function<Clock::time_point()>& deadline) const;
    Clock::time_point requestDeadline() const;

    socket_t m_socket;
    Patience m_patience;
    Surroundings m_surroundings;
    Clock::time_point m_start = Clock::now();
    Clock::duration m_answerLeft; // time that writes may still wait, all together
    std::array<char, 4096> m_buffer{};
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    bool m_inHead = true;
    std::size_t m_headBytes = 0;
};

/// Connections that have come and not gone, those that wait for a thread included.
using ConnectionCount = std::atomic<std::size_t>;

/// httplib's threads, with a count of the connections they were given.
class CountingThreadPool : public httplib::ThreadPool {
public:
    CountingThreadPool(std::size_t threads, ConnectionCount& count);
    void enqueue(std::function<void()> work) override;

private:
    ConnectionCount& m_count;
};

/// httplib's server with `Connection`s: one request a connection, bounded in time. A handler learns whether its client
/// is still there from `stillThere`.
class ConnectionServer : public httplib::Server {
public:
    /// `threads`: connections that are served at once. More wait, and make those that do not say what they want
    /// leave sooner.
    ConnectionServer(const Patience& patience, std::size_t threads);

    /// Binds with a queue for many clients at once; port 0: any. Answers the port, or -1.
    int bind(const std::string& host, int port);

    static bool stillThere(const httplib::Request& request);

private:
    bool process_and_close_socket(socket_t socket) override;

    Patience m_patience;
    std::size_t m_threads;
    ConnectionCount m_connections{0};
};

} // namespace studio::http
