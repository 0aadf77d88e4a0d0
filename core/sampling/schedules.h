#pragma once

#include "core/api/request.h"
#include "core/sampling/samplers.h"
#include "core/sampling/training_schedule.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace studio::sampling {

/// The noise levels of one pass, from the start to the end.
struct NoiseLevels {
    std::vector<double> sigmas; ///< steps + 1, falling; the last is 0, or the smallest training level where
                                ///< the scheduler asks for it
    std::vector<double> timesteps; ///< steps; what the network is told at each level but the last
    double initialScale = 0.0; ///< a pass begins at clean + initialScale * unit noise (clean: 0 from nothing)
    double largest = 0.0;      ///< level of the whole schedule, of which these may be the last part
    double smallest = 0.0;     ///< the same, above 0

    int steps() const { return static_cast<int>(timesteps.size()); }
};

/// What the network is told at a noise level: the schedule's own timestep if the level is one of its, else
/// interpolated (samplers may ask between the levels).
double timestepFor(const NoiseLevels& levels, const TrainingSchedule& training, double sigma);

/// What a schedule works from.
struct ScheduleInput {
    const SchedulerConfig& config;
    const TrainingSchedule& training;
    int steps = 0;         ///< >= 1
    double sigmaMax = 0.0; ///< where to start, at most training.sigmaMax()
    bool whole = true;     ///< sigmaMax is the training schedule's own: schedules may start a little below it
};

/// Answers `steps` + 1 sigmas. May leave timesteps empty and initialScale 0: they are filled from the sigmas.
using ScheduleFunction = NoiseLevels (*)(const ScheduleInput&);

struct ScheduleInfo {
    std::string_view id;
    std::string_view label;
    std::string_view description;
    ScheduleFunction function;
    bool dropsPenultimate
        = true; ///< heeds SamplerInfo::dropsPenultimate; diffusers' spacings are never touched
};

/// All schedules, in the order interfaces show them. "model" stands for the spacing the checkpoint asks for,
/// "automatic" for what A1111 runs with a sampler.
std::span<const ScheduleInfo> schedules();

/// Throws Error BadInput naming what exists.
const ScheduleInfo& scheduleById(std::string_view id);

/// The levels of a pass from pure noise. Throws Error BadInput on an unknown schedule or steps outside 1..10000.
///
/// With `sampler`: what A1111 does for it. "automatic" is resolved, and a sampler that wants the last level but one
/// gone gets a schedule of a step more without that level.
NoiseLevels noiseLevels(
    const SamplerInfo& sampler, std::string_view scheduleId, const SchedulerConfig& config, int steps);

/// The levels of a pass that starts from a picture. Strength 0 has no steps: one sigma, nothing to run.
/// Diffusers: the last min(int(steps * strength), steps) steps of the whole schedule.
/// A1111: the last `steps` of a schedule of int(steps / min(strength, 0.999)).
/// Sigma: `strength` is the level to start from; all `steps` run below it. At or below the smallest training level
/// there is nothing to remove and nothing runs.
/// Throws Error BadInput like noiseLevels, and on a strength that is negative, not finite, or above 1 where it is a
/// fraction.
NoiseLevels partialLevels(const SamplerInfo& sampler, std::string_view scheduleId,
    const SchedulerConfig& config, int steps, double strength, StrengthMeaning meaning);

/// The same for Euler, which has no wishes.
NoiseLevels noiseLevels(std::string_view scheduleId, const SchedulerConfig& config, int steps);
NoiseLevels partialLevels(std::string_view scheduleId, const SchedulerConfig& config, int steps,
    double strength, StrengthMeaning meaning);

/// Levels given one by one. Throws Error BadInput unless they are two or more, finite, above 0 but for the last, and
/// fall.
NoiseLevels customLevels(std::vector<double> sigmas, const SchedulerConfig& config);

} // namespace studio::sampling
