#include "core/sampling/schedule_functions.h"

#include <cmath>

// Schedules whose levels follow a formula, as k-diffusion defines them and A1111 uses them: `steps` levels from the
// start down to the smallest training level, then 0.

namespace studio::sampling {

namespace {

/// i / (n - 1), and 0 where there is one level only.
double part(int i, int count)
{
    return count > 1 ? static_cast<double>(i) / (count - 1) : 0.0;
}

template <class Level> NoiseLevels curve(const ScheduleInput& input, Level level)
{
    NoiseLevels levels;
    for (int i = 0; i < input.steps; ++i)
        levels.sigmas.push_back(level(part(i, input.steps)));
    levels.sigmas.push_back(0.0);
    return levels;
}

} // namespace

/// Evenly in the timestep, both ends included, log-linear between training levels.
NoiseLevels uniformTimesteps(const ScheduleInput& input)
{
    const double start = input.training.timestepOf(input.sigmaMax);
    return curve(input, [&](double done) { return input.training.sigmaAt(start * (1.0 - done)); });
}

/// Evenly in sigma^(1/rho), rho = 7. Karras et al. 2022, equation 5.
NoiseLevels karras(const ScheduleInput& input)
{
    constexpr double kRho = 7.0;
    const double high = std::pow(input.sigmaMax, 1.0 / kRho);
    const double low = std::pow(input.training.sigmaMin(), 1.0 / kRho);
    return curve(input, [&](double done) { return std::pow(high + done * (low - high), kRho); });
}

/// Evenly in log(sigma).
NoiseLevels exponential(const ScheduleInput& input)
{
    const double high = std::log(input.sigmaMax);
    const double low = std::log(input.training.sigmaMin());
    return curve(input, [&](double done) { return std::exp(high + done * (low - high)); });
}

} // namespace studio::sampling
