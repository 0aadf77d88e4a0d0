#include "core/sampling/schedule_functions.h"

#include <algorithm>

// Schedules that pick training timesteps, as k-diffusion, A1111 and ComfyUI do; between them sigma is log-linear.

namespace studio::sampling {

namespace {

/// `steps` levels, the i-th at the timestep that `timestepOf` answers, then 0.
template <class TimestepOf> NoiseLevels levelsAt(const ScheduleInput& input, TimestepOf timestepOf)
{
    NoiseLevels levels;
    for (int i = 0; i < input.steps; ++i)
        levels.sigmas.push_back(input.training.sigmaAt(timestepOf(i)));
    levels.sigmas.push_back(0.0);
    levels.sigmas.front() = std::min(levels.sigmas.front(), input.sigmaMax);
    return levels;
}

double startOf(const ScheduleInput& input)
{
    return input.training.timestepOf(input.sigmaMax);
}

} // namespace

/// Evenly from the last timestep to the first, both included.
NoiseLevels uniformTimesteps(const ScheduleInput& input)
{
    const double start = startOf(input);
    return levelsAt(input,
        [&](int i) { return input.steps > 1 ? start * (1.0 - double(i) / (input.steps - 1)) : start; });
}

/// Evenly from the last timestep towards the first, which is left out (Stability's generative-models).
NoiseLevels sgmUniform(const ScheduleInput& input)
{
    const double start = startOf(input);
    return levelsAt(input, [&](int i) { return start * (1.0 - double(i) / input.steps); });
}

/// Whole timesteps, counted down from the last by T / steps, rounded down.
NoiseLevels simpleTimesteps(const ScheduleInput& input)
{
    const double last = input.config.trainTimesteps - 1;
    if (!input.whole)
        return sgmUniform(input);
    return levelsAt(input, [&](int i) { return last - int(i * ((last + 1.0) / input.steps)); });
}

/// Every (T / steps)-th timestep, counted up from timestep 1. (A1111 and ComfyUI run a step more than asked for where
/// T / steps is no whole number; the count asked for is the count run here.)
NoiseLevels ddimUniform(const ScheduleInput& input)
{
    const int total = input.config.trainTimesteps;
    const int stride = std::max(total / input.steps, 1);
    const double first = std::min(1 + (input.steps - 1) * stride, total - 1);
    const double factor = input.whole ? 1.0 : startOf(input) / first;
    NoiseLevels levels
        = levelsAt(input, [&](int i) { return factor * std::max(first - double(i) * stride, 0.0); });
    if (!input.whole)
        levels.sigmas.front() = input.sigmaMax;
    return levels;
}

} // namespace studio::sampling
