#include "app/http/connection.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace studio::http {

namespace {

constexpr int kSlice = 100;          // milliseconds between looks at whether the service ends
constexpr int kWaitingClients = 128; // connections the system holds until they are accepted

constexpr std::string_view kHeadTooLong
    = "HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

using AddressOf = int (*)(int, sockaddr*, socklen_t*);

void describeAddress(socket_t socket, AddressOf addressOf, std::string& ip, int& port)
{
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> service{};
    if (addressOf(socket, plain, &length) != 0
        || getnameinfo(plain, length, host.data(), host.size(), service.data(), service.size(),
               NI_NUMERICHOST | NI_NUMERICSERV)
            != 0)
        return;
    ip = host.data();
    port = std::atoi(service.data());
}

} // namespace

Connection::Connection(socket_t socket, const Patience& patience, Surroundings surroundings)
    : m_socket(socket)
    , m_patience(patience)
    , m_surroundings(std::move(surroundings))
    , m_answerLeft(patience.answer)
{ }

Connection::Clock::time_point Connection::requestDeadline() const
{
    return m_start
        + (m_surroundings.crowded() ? std::min(m_patience.crowded, m_patience.request) : m_patience.request);
}

bool Connection::waitUntilReady(short events, const std::function<Clock::time_point()>& deadline) const
{
    // One look at least: what is ready while the service ends is still read and answered.
    do {
        const auto left
            = std::chrono::duration_cast<std::chrono::milliseconds>(deadline() - Clock::now()).count();
        if (left <= 0)
            return false;
        pollfd poll{m_socket, events, 0};
        const int ready = ::poll(&poll, 1, static_cast<int>(std::min<long>(left, kSlice)));
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return false;
    } while (!m_surroundings.ending());
    return false;
}

bool Connection::is_readable() const
{
    return m_begin < m_end || waitUntilReady(POLLIN, [this] { return requestDeadline(); });
}

bool Connection::is_writable() const
{
    return waitUntilReady(POLLOUT, [end = Clock::now() + m_answerLeft] { return end; });
}

ssize_t Connection::read(char* bytes, size_t size)
{
    if (m_begin == m_end) {
        if (!waitUntilReady(POLLIN, [this] { return requestDeadline(); }))
            return -1;
        const ssize_t got = recv(m_socket, m_buffer.data(), m_buffer.size(), 0);
        if (got <= 0)
            return got;
        m_begin = 0;
        m_end = static_cast<std::size_t>(got);
    }
    const std::size_t count = std::min(size, m_end - m_begin);
    if (m_inHead)
        m_headBytes += count;
    if (headIsTooLong())
        return -1;
    std::memcpy(bytes, m_buffer.data() + m_begin, count);
    m_begin += count;
    return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char* bytes, size_t size)
{
    const auto start = Clock::now();
    const bool ready = waitUntilReady(POLLOUT, [end = start + m_answerLeft] { return end; });
    m_answerLeft -= Clock::now() - start;
    return ready ? send(m_socket, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT) : -1;
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const
{
    describeAddress(m_socket, &getpeername, ip, port);
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const
{
    describeAddress(m_socket, &getsockname, ip, port);
}

bool Connection::peerIsThere() const
{
    pollfd poll{m_socket, POLLRDHUP, 0};
    return ::poll(&poll, 1, 0) == 0;
}

void Connection::sayFarewell()
{
    shutdown(m_socket, SHUT_WR);
    const auto deadline = [end = Clock::now() + m_patience.farewell] { return end; };
    while (waitUntilReady(POLLIN, deadline)) {
        if (recv(m_socket, m_buffer.data(), m_buffer.size(), MSG_DONTWAIT) <= 0)
            return;
    }
}

CountingThreadPool::CountingThreadPool(std::size_t threads, ConnectionCount& count)
    : ThreadPool(threads)
    , m_count(count)
{ }

void CountingThreadPool::enqueue(std::function<void()> work)
{
    ++m_count;
    ThreadPool::enqueue([this, work = std::move(work)] {
        work();
        --m_count;
    });
}

ConnectionServer::ConnectionServer(const Patience& patience, std::size_t threads)
    : m_patience(patience)
    , m_threads(threads)
{
    new_task_queue = [this] { return new CountingThreadPool(m_threads, m_connections); };
    // Not SO_REUSEPORT, httplib's choice: a second service on the same port is to fail, not to share it.
    set_socket_options([](socket_t socket) {
        const int yes = 1;
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
}

int ConnectionServer::bind(const std::string& host, int port)
{
    const int bound = port == 0 ? bind_to_any_port(host) : (bind_to_port(host, port) ? port : -1);
    if (bound > 0)
        ::listen(svr_sock_, kWaitingClients); // httplib lets five wait
    return bound;
}

bool ConnectionServer::stillThere(const httplib::Request& request)
{
    return !request.progress || request.progress(0, 0);
}

bool ConnectionServer::process_and_close_socket(socket_t socket)
{
    Connection connection(socket, m_patience,
        {[this] { return svr_sock_ == INVALID_SOCKET; }, [this] { return m_connections > m_threads; }});
    bool closed = false;
    // httplib gives handlers no way to the connection; of a request's members this one asks the right question ("go
    // on?") and is not used on a server.
    const bool answered = process_request(
        connection, /*close_connection*/ true, closed, [&connection](httplib::Request& request) {
            connection.beginBody();
            request.progress = [&connection](uint64_t, uint64_t) { return connection.peerIsThere(); };
        });
    if (!answered && connection.headIsTooLong())
        connection.write(kHeadTooLong.data(), kHeadTooLong.size());
    if (answered || connection.headIsTooLong())
        connection.sayFarewell();
    ::shutdown(socket, SHUT_RDWR);
    ::close(socket);
    return answered;
}

} // namespace studio::http
