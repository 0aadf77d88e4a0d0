#pragma once

#include "app/http/server.h"
#include "tests/app/fake_engine.h"

#include <functional>
#include <memory>
#include <thread>

namespace studio::test {

/// A server on a free port of this machine, over the fake engine, until it is destroyed.
class RunningServer {
public:
    explicit RunningServer(const std::function<void(http::ServerSettings&, FakeEngine&)>& change = {})
    {
        http::ServerSettings settings;
        settings.port = 0;
        if (change)
            change(settings, engine);
        m_server = std::make_unique<http::Server>(
            engine, std::get<http::ModelFacts>(http::learnFacts(engine, {})), settings);
        m_bound = m_server->bind();
        m_thread = std::thread([this] { m_server->run(); });
    }
    ~RunningServer() { stop(); }

    void stop()
    {
        m_server->stop();
        if (m_thread.joinable())
            m_thread.join();
    }

    bool bound() const { return m_bound; }
    int port() const { return m_server->port(); }

    FakeEngine engine;

private:
    std::unique_ptr<http::Server> m_server;
    bool m_bound = false;
    std::thread m_thread;
};

} // namespace studio::test
