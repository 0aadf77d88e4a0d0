#pragma once

#include "core/api/plan.h"
#include "core/pipeline/resolve.h"

#include <cstdint>
#include <vector>

namespace studio::pipeline {

/// What a stage asks of a machine, counted from the networks' shapes before anything has run.
struct StageCost {
    double operations = 0.0; ///< floating-point operations of the whole stage
    double networkSize
        = 0.0; ///< operations for one cell, token or pixel: alike for networks of one architecture
    std::int64_t bytes = 0; ///< of memory at the most, of a process on a CPU; 0: not known, as on a GPU
};

/// Of each stage of a plan, in its order.
std::vector<StageCost> costsOf(const Plan& plan, const Resolved& resolved);

/// Floating-point operations a second that large matrix products reach on the policy's device: takes some hundredths of
/// a second, and is right only while the device has nothing else to do.
double measuredRate(const DevicePolicy& policy);

/// What a kind of stage reaches of that rate, or more than it where its kernels need fewer operations than are counted.
double shareOfRate(StageKind kind, bool isCpu);

} // namespace studio::pipeline
