#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>

namespace studio::test {

/// A TCP connection to this machine that sends exactly the bytes it is told to.
class RawClient {
public:
    explicit RawClient(int port)
        : m_socket(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        m_connected = connect(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    ~RawClient() { close(m_socket); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    bool connected() const { return m_connected; }

    /// False once the other side has closed.
    bool send(const std::string& bytes)
    {
        std::size_t sent = 0;
        while (sent < bytes.size()) {
            const ssize_t count = ::send(m_socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
            if (count <= 0)
                return false;
            sent += static_cast<std::size_t>(count);
        }
        return true;
    }

    /// Everything until the other side closes, or until `patience` is over (then `timedOut`).
    std::string receive(std::chrono::milliseconds patience = std::chrono::seconds(30))
    {
        std::string all;
        const auto deadline = std::chrono::steady_clock::now() + patience;
        for (;;) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                deadline - std::chrono::steady_clock::now());
            pollfd poll{m_socket, POLLIN, 0};
            if (left.count() <= 0 || ::poll(&poll, 1, static_cast<int>(left.count())) <= 0) {
                timedOut = true;
                return all;
            }
            char buffer[65536];
            const ssize_t count = recv(m_socket, buffer, sizeof buffer, 0);
            if (count <= 0)
                return all;
            all.append(buffer, static_cast<std::size_t>(count));
        }
    }

    bool timedOut = false;

private:
    int m_socket;
    bool m_connected = false;
};

/// An answer taken apart.
struct RawAnswer {
    int status = 0;
    std::string head;
    std::string body;

    bool has(const std::string& headerLine) const
    {
        return head.find("\r\n" + headerLine) != std::string::npos;
    }
};

inline RawAnswer takeApart(const std::string& bytes)
{
    RawAnswer answer;
    const std::size_t end = bytes.find("\r\n\r\n");
    answer.head = bytes.substr(0, end);
    answer.body = end == std::string::npos ? "" : bytes.substr(end + 4);
    if (bytes.rfind("HTTP/1.1 ", 0) == 0)
        answer.status = std::atoi(bytes.c_str() + 9);
    return answer;
}

/// Sends `bytes` as they are and takes the answer apart.
inline RawAnswer talk(int port, const std::string& bytes)
{
    RawClient client(port);
    client.send(bytes);
    return takeApart(client.receive());
}

inline std::string request(const std::string& method, const std::string& path, const std::string& body = {},
    const std::string& headers = "Content-Type: application/json\r\n", const std::string& host = "127.0.0.1")
{
    return method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers
        + (method == "POST" ? "Content-Length: " + std::to_string(body.size()) + "\r\n" : "") + "\r\n" + body;
}

} // namespace studio::test
