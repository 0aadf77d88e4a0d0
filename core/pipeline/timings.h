#pragma once

#include "core/api/plan.h"
#include "core/api/take.h"
#include "core/pipeline/stage_cost.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace studio::pipeline {

/// What stages took on this machine, kept in a small JSON file, so that a plan can say how long and how much. What has
/// never run is told from networks of the same architecture that have, else from how fast the machine multiplies.
/// Safe from any thread. A file that cannot be read or written costs knowledge, nothing else; it is said in the log.
class Timings {
public:
    /// `folder` empty: nothing is kept on disk.
    explicit Timings(const std::filesystem::path& folder);

    /// Fills predictedSeconds and predictedPeakBytes of each stage, and those of the plan. `costs`: one a stage.
    /// `rate`: measures the machine, as measuredRate does; asked at most once for each device and precision.
    void predict(Plan& plan, std::span<const StageCost> costs, const std::function<double()>& rate);

    /// Learns from the finished stages of a take. `costs`: of its plan.
    void learn(const Take& take, std::span<const StageCost> costs);

private:
    struct Entry {
        std::string kind;  ///< device, precision, kind of stage, whether guided
        std::string model; ///< path of the network
        std::int64_t pixels = 0;
        double networkSize = 0.0;
        double pace = 0.0; ///< seconds for an operation
        std::int64_t peakBytes = 0;
        std::int64_t countedBytes = 0; ///< StageCost::bytes of the stage that ran
    };

    const Entry* nearest(const std::string& kind, const PlannedStage& stage, const StageCost& cost) const;
    double paceHere(const Plan& plan, StageKind kind, const std::function<double()>& rate);
    void load();
    void save() const;

    std::filesystem::path m_file;
    mutable std::mutex m_lock;
    std::vector<Entry> m_entries;
    std::map<std::string, double> m_rates; ///< device and precision -> operations a second
};

} // namespace studio::pipeline
