#include "app/http/server.h"

#include "app/http/http_error.h"
#include "app/http/json_body.h"
#include "core/api/log.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <thread>

namespace studio::http {

namespace {

constexpr const char* kJsonType = "application/json";
constexpr std::size_t kMostBytes = 65u << 20; // above every route's own limit
constexpr std::size_t kSpareThreads = 56;     // for connections that do not wait for a picture

void setJson(httplib::Response& response, int status, const std::string& body)
{
    response.status = status;
    response.set_content(body, kJsonType);
}

/// `error` is the sentence. `detail` says the same as clients of A1111's service expect it.
void setError(httplib::Response& response, const HttpError& error)
{
    Json body{{"error", error.what()}, {"detail", error.what()}};
    if (!error.field().empty()) {
        body["field"] = error.field();
        body["detail"] = Json::array({{{"loc", Json::array({"body", error.field()})}, {"msg", error.what()},
            {"type", "value_error"}}});
    }
    if (error.retryAfter() > 0)
        response.set_header("Retry-After", std::to_string(error.retryAfter()));
    if (error.status() == kUnauthorized)
        response.set_header("WWW-Authenticate", "Bearer");
    setJson(response, error.status(), dump(body));
}

/// Runs `work` and turns what it throws into an answer.
template <class Work> void answering(httplib::Response& response, Work&& work)
{
    try {
        work();
    } catch (const HttpError& error) {
        setError(response, error);
    } catch (const std::exception& error) {
        logError(std::string("A call failed inside the program: ") + error.what());
        setError(
            response, HttpError(kInternalError, "Something inside the program failed; its log says what."));
    }
}

bool isJson(const std::string& contentType)
{
    std::string type = contentType.substr(0, contentType.find(';'));
    type.erase(type.find_last_not_of(" \t") + 1);
    std::transform(type.begin(), type.end(), type.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return type == kJsonType;
}

/// Without a length and not in pieces there is no body; httplib would wait for one until the connection ends.
bool hasBody(const httplib::Request& request)
{
    return request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
}

std::string readBody(const httplib::Request& request, const httplib::ContentReader& reader, std::size_t limit)
{
    if (!hasBody(request))
        return {};
    if (!isJson(request.get_header_value("Content-Type")))
        throw HttpError(
            kUnsupportedMediaType, "The body must be JSON, sent as Content-Type: application/json.");
    const std::string tooLarge = "The body is larger than " + std::to_string(limit) + " bytes.";
    if (request.get_header_value<uint64_t>("Content-Length") > limit)
        throw HttpError(kPayloadTooLarge, tooLarge);
    std::string body;
    bool fits = true;
    const bool complete = reader([&](const char* bytes, std::size_t count) {
        fits = fits && body.size() + count <= limit;
        if (fits)
            body.append(bytes, count);
        return fits;
    });
    if (!fits)
        throw HttpError(kPayloadTooLarge, tooLarge);
    if (!complete)
        throw HttpError(kBadRequest, "The body ended early.");
    return body;
}

} // namespace

Server::Server(Engine& engine, ModelFacts facts, ServerSettings settings)
    : m_settings(std::move(settings))
    , m_lane(engine, m_settings.queue)
    , m_routes(engine, m_lane, std::move(facts))
    , m_table(m_routes.table())
    , m_server(m_settings.patience, m_settings.queue + kSpareThreads)
{
    m_server.set_payload_max_length(kMostBytes);
    m_server.set_pre_routing_handler([this](const Request& request, Response& response) {
        return guard(request, response) ? httplib::Server::HandlerResponse::Handled
                                        : httplib::Server::HandlerResponse::Unhandled;
    });
    m_server.set_error_handler([](const Request&, Response& response) {
        if (response.body.empty())
            setError(response, HttpError(response.status, "The request is malformed."));
    });
    for (const Route& route : m_table)
        addRoute(route);
}

bool Server::bind()
{
    m_port = m_server.bind(m_settings.host, m_settings.port);
    return m_port > 0;
}

void Server::run()
{
    m_entered = true;
    if (!m_stopping)
        m_server.listen_after_bind();
    m_left = true;
}

void Server::stop()
{
    m_stopping = true;
    m_lane.close();
    // httplib's stop does nothing before its loop has begun.
    while (m_entered && !m_left && !m_server.is_running())
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    m_server.stop();
}

bool Server::guard(const Request& request, Response& response) const
{
    bool handled = true;
    answering(response, [&] {
        checkAccess(request, response);
        const std::string methods = allowedMethods(request.path);
        if (methods.empty())
            throw HttpError(
                kNotFound, "There is nothing at this path; there are /health, /generate and /sdapi/v1.");
        if (request.method == "OPTIONS") {
            response.set_header("Allow", methods + ", OPTIONS");
            response.status = 204;
            return;
        }
        const std::string method = request.method == "HEAD" ? "GET" : request.method;
        if (methods.find(method) == std::string::npos) {
            response.set_header("Allow", methods + ", OPTIONS");
            throw HttpError(
                kMethodNotAllowed, request.path + " takes " + methods + ", not " + request.method + ".");
        }
        handled = false;
    });
    return handled;
}

void Server::checkAccess(const Request& request, Response& response) const
{
    const std::string host = request.get_header_value("Host");
    if (request.get_header_value_count("Host") != 1 || !hostAllowed(host, m_settings.rules))
        throw HttpError(kForbidden, "This service does not go by that name; --allow-host NAME adds one.");
    const std::string origin = request.get_header_value("Origin");
    if (!origin.empty()) {
        if (!originAllowed(origin, host, m_settings.rules))
            throw HttpError(kForbidden, "Pages of this origin may not call; --cors ORIGIN lets them.");
        response.set_header("Access-Control-Allow-Origin", origin);
        response.set_header("Vary", "Origin");
    }
    if (request.method == "OPTIONS") {
        answerPreflight(request, response);
        return; // browsers send no key with it
    }
    if (!keyMatches(request.get_header_value("Authorization"), request.get_header_value("X-API-Key"),
            m_settings.rules))
        throw HttpError(kUnauthorized, "The key is missing or wrong; send Authorization: Bearer KEY.");
}

void Server::answerPreflight(const Request& request, Response& response) const
{
    if (!request.has_header("Access-Control-Request-Method"))
        return;
    response.set_header("Access-Control-Allow-Methods", allowedMethods(request.path));
    response.set_header("Access-Control-Allow-Headers", "Content-Type, Authorization, X-API-Key");
    response.set_header("Access-Control-Max-Age", "600");
    if (request.has_header("Access-Control-Request-Private-Network"))
        response.set_header("Access-Control-Allow-Private-Network", "true");
}

std::string Server::allowedMethods(const std::string& path) const
{
    const auto route
        = std::find_if(m_table.begin(), m_table.end(), [&](const Route& each) { return each.path == path; });
    if (route == m_table.end())
        return {};
    return route->method == "GET" ? "GET, HEAD" : route->method;
}

void Server::addRoute(const Route& route)
{
    if (route.method == "GET") {
        m_server.Get(route.path, [&route](const Request&, Response& response) {
            answering(response, [&] { setJson(response, 200, route.answer({{}, [] { return true; }})); });
        });
        return;
    }
    m_server.Post(route.path,
        [&route](const Request& request, Response& response, const httplib::ContentReader& reader) {
            answering(response, [&] {
                Call call;
                if (route.bodyLimit > 0)
                    call.body = readBody(request, reader, route.bodyLimit);
                call.stillThere = [&request] { return ConnectionServer::stillThere(request); };
                setJson(response, 200, route.answer(call));
            });
        });
}

} // namespace studio::http
