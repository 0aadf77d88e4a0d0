#pragma once

#include "app/http/access_rules.h"
#include "app/http/connection.h"
#include "app/http/lane.h"
#include "app/http/routes.h"

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

namespace studio::http {

struct ServerSettings {
    std::string host = "127.0.0.1";
    int port = 7860; ///< 0: any that is free
    AccessRules rules;
    std::size_t queue = 8; ///< pictures that may wait besides the one that is made
    Patience patience;
};

/// The sockets: who may come in, which path is which, what an error looks like. The pictures are made on one lane.
class Server {
public:
    /// The engine must outlive the server.
    Server(Engine& engine, ModelFacts facts, ServerSettings settings);

    /// False if the address cannot be had.
    bool bind();
    int port() const { return m_port; }

    /// Serves until `stop`; answers once every connection is done.
    void run();

    /// From any thread, once or more: cancels what runs and waits, answers those who wait for it, and ends `run`.
    void stop();

private:
    using Request = httplib::Request;
    using Response = httplib::Response;

    bool guard(const Request& request, Response& response) const; // true: answered already
    void checkAccess(const Request& request, Response& response) const;
    void answerPreflight(const Request& request, Response& response) const;
    void addRoute(const Route& route);
    std::string allowedMethods(const std::string& path) const;

    ServerSettings m_settings;
    Lane m_lane;
    Routes m_routes;
    std::vector<Route> m_table;
    ConnectionServer m_server;
    int m_port = -1;
    std::atomic<bool> m_entered{false};
    std::atomic<bool> m_left{false};
    std::atomic<bool> m_stopping{false};
};

} // namespace studio::http
