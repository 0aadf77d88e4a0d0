#pragma once

#include "core/api/engine.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace studio::cli {

/// How long one stage takes.
struct BenchedStage {
    std::string name;
    int steps = 0;        ///< 0: it has none
    double seconds = 0.0; ///< median of the runs
    std::int64_t peakMemoryBytes = 0;
};

/// What several runs of one request took, less the first, which loads the model.
struct BenchResult {
    std::string mode;
    std::string resolution; ///< "1536x1536"
    std::string device;
    std::string precision;
    int runs = 0;
    double firstSeconds = 0.0; ///< with the loading
    double seconds = 0.0;      ///< median of the others
    std::int64_t peakMemoryBytes = 0;
    std::vector<BenchedStage> stages;
};

/// Runs `request` once to load what it needs, then `runs` times. Answers Cancelled or a Failure if a run ends so.
Outcome<BenchResult> bench(Engine& engine, const Request& request, int runs, std::stop_token stop);

std::string inWords(const BenchResult& result);
std::string inJson(const BenchResult& result, const EngineReport& report);

/// `hires-studio bench`: how fast a request runs on this machine, stage by stage. Answers an exit code (usage_error.h);
/// throws UsageError.
int benchMachine(const std::vector<std::string>& arguments);

} // namespace studio::cli
