#include "core/sampling/beta_distribution.h"
#include "core/sampling/schedule_functions.h"

#include <algorithm>
#include <array>
#include <cmath>

// Schedules whose levels follow a formula, as k-diffusion, A1111 and ComfyUI have them. Unless said otherwise: `steps`
// levels from the start down to the smallest training level, then 0.

namespace studio::sampling {

namespace {

/// `level` is asked at 0 for the first and at 1 for the last of `steps` levels; a single level is the first.
template <class Level> NoiseLevels curve(const ScheduleInput& input, Level level)
{
    NoiseLevels levels;
    for (int i = 0; i < input.steps; ++i)
        levels.sigmas.push_back(level(input.steps > 1 ? static_cast<double>(i) / (input.steps - 1) : 0.0));
    levels.sigmas.push_back(0.0);
    return levels;
}

} // namespace

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

/// In log(sigma) by a power of the way left. A1111 and k-diffusion leave the power at 1, which is the exponential.
NoiseLevels polyexponential(const ScheduleInput& input)
{
    constexpr double kRho = 1.0;
    const double high = std::log(input.sigmaMax);
    const double low = std::log(input.training.sigmaMin());
    return curve(
        input, [&](double done) { return std::exp(low + std::pow(1.0 - done, kRho) * (high - low)); });
}

/// Quantiles of the Beta(0.6, 0.6) distribution, which crowd at both ends, over the range of sigma. Lee et al. 2024
/// (arXiv:2407.12173), on sigma as A1111 and diffusers have it.
NoiseLevels betaDistributed(const ScheduleInput& input)
{
    constexpr double kShape = 0.6;
    const double low = input.training.sigmaMin();
    return curve(input,
        [&](double done) { return low + betaQuantile(1.0 - done, kShape, kShape) * (input.sigmaMax - low); });
}

/// Evenly in the arc tangent of sigma: the least Kullback-Leibler divergence for normal data. Sabour et al. 2024
/// (arXiv:2404.14507), theorem 3.1. The last level is the smallest training level and not 0, as in A1111.
NoiseLevels klOptimal(const ScheduleInput& input)
{
    const double high = std::atan(input.sigmaMax);
    const double low = std::atan(input.training.sigmaMin());
    NoiseLevels levels;
    for (int i = 0; i <= input.steps; ++i)
        levels.sigmas.push_back(std::tan(high + static_cast<double>(i) / input.steps * (low - high)));
    levels.sigmas.front() = input.sigmaMax;
    levels.sigmas.back() = input.training.sigmaMin();
    return levels;
}

namespace {

/// SDXL's levels for ten steps, optimised by the authors.
constexpr std::array kAlignedSigmas{
    14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0.029};

/// The level at a place of the table, 0..10, log-linear in between.
double alignedAt(double place)
{
    const auto low = std::min(static_cast<std::size_t>(place), kAlignedSigmas.size() - 2);
    const double part = place - static_cast<double>(low);
    return std::exp((1.0 - part) * std::log(kAlignedSigmas[low]) + part * std::log(kAlignedSigmas[low + 1]));
}

/// The inverse, clamped to the table.
double alignedPlace(double sigma)
{
    if (sigma >= kAlignedSigmas.front())
        return 0.0;
    std::size_t low = 0;
    while (low + 2 < kAlignedSigmas.size() && sigma < kAlignedSigmas[low + 1])
        ++low;
    const double part
        = std::log(kAlignedSigmas[low] / sigma) / std::log(kAlignedSigmas[low] / kAlignedSigmas[low + 1]);
    return static_cast<double>(low) + std::min(part, 1.0);
}

} // namespace

/// Align Your Steps: Sabour et al. 2024 (arXiv:2404.14507), their table for SDXL, interpolated as they say.
NoiseLevels alignYourSteps(const ScheduleInput& input)
{
    const double last = static_cast<double>(kAlignedSigmas.size() - 1);
    const double first = input.whole ? 0.0 : alignedPlace(input.sigmaMax);
    NoiseLevels levels = curve(input, [&](double done) { return alignedAt(first + done * (last - first)); });
    if (!input.whole)
        levels.sigmas.front() = input.sigmaMax;
    return levels;
}

/// Half of the steps go the first fortieth of the way evenly, the others the rest quadratically. Polyak et al. 2024
/// (Movie Gen, arXiv:2410.13720), section 3.4.2, as Mochi and ComfyUI have it.
NoiseLevels linearQuadratic(const ScheduleInput& input)
{
    constexpr double kThreshold = 0.025;
    const int steps = input.steps;
    const int linear = std::max(steps / 2, 1);
    const double rest = std::max(steps - linear, 1);
    const double bend = (linear - kThreshold * steps) / (linear * rest * rest);
    const double slope = kThreshold / linear - 2.0 * (linear - kThreshold * steps) / (rest * rest);
    NoiseLevels levels;
    for (int i = 0; i < steps; ++i) {
        const double done = i < linear ? i * kThreshold / linear
                                       : bend * (double(i) * i + double(linear) * linear) + slope * i;
        levels.sigmas.push_back(input.sigmaMax * (1.0 - done));
    }
    levels.sigmas.push_back(0.0);
    return levels;
}

} // namespace studio::sampling
