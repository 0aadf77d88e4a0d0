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
    std::chrono::milliseconds answer{60000};  ///< until the answer is taken
    std::chrono::milliseconds farewell{500};  ///< for the client to close after the answer
};

/// A connection's stream with deadlines for the whole request and the whole answer: a client that sends a byte now and
/// then is cut off all the same. Does not own the socket.
class Connection : public httplib::Stream {
public:
    /// `ending`: true once the service ends; waiting reads and writes then fail.
    Connection(socket_t socket, const Patience& patience, std::function<bool()> ending);

    bool is_readable() const override;
    bool is_writable() const override;
    ssize_t read(char* bytes, size_t size) override;
    ssize_t write(const char* bytes, size_t size) override;
    void get_remote_ip_and_port(std::string& ip, int& port) const override;
    void get_local_ip_and_port(std::string& ip, int& port) const override;
    socket_t socket() const override { return m_socket; }

    /// False once the client has closed its side.
    bool peerIsThere() const;

    /// Reads and forgets what the client still sends: closing with bytes unread would take the answer away from it.
    void sayFarewell();

private:
    using Clock = std::chrono::steady_clock;
    bool waitUntilReady(short events, Clock::time_point deadline) const;

    socket_t m_socket;
    Patience m_patience;
    std::function<bool()> m_ending;
    Clock::time_point m_requestDeadline;
    Clock::duration m_answerLeft; // time that writes may still wait, all together
    std::array<char, 4096> m_buffer{};
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
};

/// httplib's server with `Connection`s: one request a connection, bounded in time. A handler learns whether its client
/// is still there from `stillThere`.
class ConnectionServer : public httplib::Server {
public:
    explicit ConnectionServer(const Patience& patience);

    /// Binds with a queue for many clients at once; port 0: any. Answers the port, or -1.
    int bind(const std::string& host, int port);

    static bool stillThere(const httplib::Request& request);

private:
    bool process_and_close_socket(socket_t socket) override;

    Patience m_patience;
};

} // namespace studio::http
