#pragma once

#include "core/api/engine.h"
#include "core/api/take_store.h"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace studio {

/// An engine that keeps every run as a take on the disk, while it goes on. Whoever holds it sees the engine it stands
/// in front of; a note of each take says where it was kept, or why not.
class RecordingEngine : public Engine {
public:
    using OpenStore = std::function<Outcome<std::shared_ptr<TakeStore>>()>;

    /// Told on the run's thread, at its end if nothing else is said. Each may be empty.
    struct Listener {
        std::function<void(const Failure&)> notKept;     ///< why it is not on the disk, or not all of it
        std::function<void(const std::string& id)> kept; ///< the take it is, or is a part of
        /// The same, but told when the take's folder has been made, before anything runs.
        std::function<void(const std::string& id)> begun = {};
    };

    RecordingEngine(std::shared_ptr<Engine> engine, std::shared_ptr<TakeStore> store);
    /// The store is opened by each run, on its thread: a folder that is not there is no reason not to start, and may be
    /// there the next time. A run whose store does not open goes on without it.
    RecordingEngine(std::shared_ptr<Engine> engine, OpenStore openStore, Listener listener);

    const Catalog& catalog() const noexcept override { return m_engine->catalog(); }
    EngineReport report() const noexcept override { return m_engine->report(); }
    Outcome<Plan> plan(const Request& request) noexcept override { return m_engine->plan(request); }
    Take run(const Request& request, const JobContext& context) noexcept override;
    void releaseModels() noexcept override { m_engine->releaseModels(); }
    Outcome<int> countTokens(const std::string& modelPath, const std::string& prompt) noexcept override
    {
        return m_engine->countTokens(modelPath, prompt);
    }

    /// The next run goes on with a take that was cut off, if it runs the request answered here. Says why not if the
    /// request would not be planned as it was then: a model, or the program, has changed.
    Outcome<Request> goOnWith(const std::string& takeId);

    /// False once a take could not be kept completely.
    bool keptEverything() const noexcept { return m_keptEverything; }

private:
    Take recorded(TakeStore& store, const Request& request, const JobContext& context);
    void sayNotKept(Take& take, const Failure& failure);

    std::shared_ptr<Engine> m_engine;
    OpenStore m_openStore;
    Listener m_listener;
    std::shared_ptr<TakeStore> m_storeOfUnfinished; ///< outlives the recorder in it
    std::optional<UnfinishedRun> m_unfinished;
    std::atomic<bool> m_keptEverything{true};
};

} // namespace studio
