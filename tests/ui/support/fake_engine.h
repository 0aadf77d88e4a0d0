#pragma once

#include "core/api/engine.h"

#include <atomic>
#include <chrono>
#include <mutex>

namespace studio::test {

/// An engine without networks: it plans as the real one does (sizes, real step counts), walks the plan at the speed it
/// is told, paints a landscape, and obeys a request to stop between two steps.
class FakeEngine : public Engine {
public:
    explicit FakeEngine(std::chrono::milliseconds perStep = std::chrono::milliseconds(1));

    const Catalog& catalog() const noexcept override { return m_catalog; }
    EngineReport report() const noexcept override;
    Outcome<Plan> plan(const Request& request) noexcept override;
    Take run(const Request& request, const JobContext& context) noexcept override;
    void releaseModels() noexcept override { }
    Outcome<int> countTokens(const std::string& modelPath, const std::string& prompt) noexcept override;

    /// The next run ends with this, after its first layer.
    void failNext(Failure failure);
    /// What a plan says it needs; what the report says is free.
    void setMemory(std::int64_t needed, std::int64_t free);
    /// There is no file of this name; empty: all are there.
    void loseModel(std::string path);
    /// What plans warn of.
    void setWarnings(std::vector<std::string> warnings);
    /// The next run is said not to be kept on the disk, for this reason.
    std::optional<Failure> notKept;
    /// The folder that the last run was to be kept in; empty: it was not.
    std::filesystem::path keptIn;
    bool keepReally = false;    ///< runs become takes on the disk
    std::int64_t keptLimit = 0; ///< bytes it and the others may take
    int runs() const { return m_runs; }

private:
    void work(Take& take, const JobContext& context, double& done, double all);
    void runStage(Take& take, int index, const JobContext& context, double& done, double all);
    void addLayer(Take& take, const PlannedStage& stage, const JobContext& context);

    Catalog m_catalog;
    std::chrono::milliseconds m_perStep;
    std::atomic<int> m_runs{0};
    mutable std::mutex m_lock;
    std::optional<Failure> m_failure;
    std::vector<std::string> m_warnings;
    std::string m_lost;
    std::int64_t m_needed = 2'100'000'000;
    std::int64_t m_free = 8'000'000'000;
};

} // namespace studio::test
