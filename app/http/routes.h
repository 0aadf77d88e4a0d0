#pragma once

#include "app/http/lane.h"
#include "app/http/model_facts.h"
#include "app/http/sdapi_service.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace studio::http {

/// A request that has passed the door: its body, and whether somebody still waits for the answer.
struct Call {
    std::string body;
    std::function<bool()> stillThere;
};

/// One method on one path. `answer` gives the JSON of a success or throws HttpError; it may be called on many threads
/// at once.
struct Route {
    std::string method; ///< "GET" or "POST"
    std::string path;
    std::size_t bodyLimit = 0; ///< bytes; 0: takes no body
    std::function<std::string(const Call&)> answer;
};

/// What the service does behind its paths. No sockets.
class Routes {
public:
    /// Engine and lane must outlive this object.
    Routes(Engine& engine, Lane& lane, ModelFacts facts);

    std::vector<Route> table();

private:
    std::string health() const;
    std::string generate(const Call& call);
    std::string textToImage(const Call& call);
    std::string progress() const;
    std::string interrupt();
    std::string pngInfo(const Call& call) const;

    void refuseWhatCannotRun(const Request& request);
    std::shared_ptr<Job> submit(std::vector<Request> requests);
    void waitFor(const std::shared_ptr<Job>& job, const Call& call);
    void refuseFailedTakes(const Job& job) const;

    Engine& m_engine;
    Lane& m_lane;
    const ModelFacts m_facts;
};

} // namespace studio::http
