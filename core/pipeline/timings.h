#pragma once

#include "core/api/plan.h"
#include "core/api/take.h"

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

namespace studio::pipeline {

/// Work of one stage in an arbitrary unit, proportional to the floating-point operations of SDXL's networks at the
/// stage's size: linear in the pixels, plus the part of self-attention, which is quadratic.
double stageWork(const PlannedStage& stage);

/// What stages took on this machine, kept in a small JSON file, so that a plan can say how long and how much.
/// Safe from any thread. A file that cannot be read or written costs predictions, nothing else; it is said in the
/// log.
class Timings {
public:
    /// `folder` empty: nothing is kept on disk.
    explicit Timings(const std::filesystem::path& folder);

    /// Fills predictedSeconds and predictedPeakBytes of each stage that something comparable has run before, and the
    /// sums of the plan if every stage is known.
    void predict(Plan& plan) const;

    /// Learns from the finished stages of a take.
    void learn(const Take& take);

private:
    struct Entry {
        std::string key; ///< device, precision, kind of stage, model
        std::int64_t pixels = 0;
        double seconds = 0.0; ///< per step, or of the whole stage if it has none
        std::int64_t peakBytes = 0;
    };

    const Entry* nearest(const std::string& key, std::int64_t pixels) const;
    void load();
    void save() const;

    std::filesystem::path m_file;
    mutable std::mutex m_lock;
    std::vector<Entry> m_entries;
};

} // namespace studio::pipeline
