#include "core/sampling/schedule_functions.h"

#include <algorithm>
#include <cmath>

// Three ways to pick training timesteps (Lin et al. 2023, arXiv:2305.08891, table 2), with the rounding of diffusers'
// EulerDiscreteScheduler, whose levels these equal to the last float32 bit.

namespace studio::sampling {

namespace {

double lastTimestep(const ScheduleInput& input)
{
    return static_cast<double>(input.config.trainTimesteps - 1);
}

/// Linear in sigma between training levels (diffusers; k-diffusion is linear in the logarithm), then float32.
double levelAt(const TrainingSchedule& training, double timestep)
{
    const auto& table = training.sigmas();
    if (timestep <= 0.0)
        return table.front();
    const auto low = static_cast<std::size_t>(timestep);
    if (low >= table.size() - 1)
        return table.back();
    const double slope = table[low + 1] - table[low];
    return static_cast<double>(
        static_cast<float>(slope * (timestep - static_cast<double>(low)) + table[low]));
}

/// A second pass that starts at a level of its own keeps the shape of the spacing below that level.
void startAtLevel(std::vector<double>& timesteps, const ScheduleInput& input)
{
    const double start = input.training.timestepOf(input.sigmaMax);
    const double factor = timesteps.front() > 0.0 ? start / timesteps.front() : 0.0;
    for (double& timestep : timesteps)
        timestep *= factor;
    timesteps.front() = start;
}

NoiseLevels levelsOf(std::vector<double> timesteps, const ScheduleInput& input)
{
    if (!input.whole)
        startAtLevel(timesteps, input);
    NoiseLevels levels;
    levels.sigmas.reserve(timesteps.size() + 1);
    for (const double timestep : timesteps)
        levels.sigmas.push_back(levelAt(input.training, timestep));
    if (!input.whole)
        levels.sigmas.front() = input.sigmaMax;
    levels.sigmas.push_back(input.config.finalSigmaZero ? 0.0 : input.training.sigmaMin());
    levels.timesteps = std::move(timesteps);
    return levels;
}

} // namespace

/// Multiples of T / steps rounded down, plus the offset: never reaches the last timestep. The noise at the start is
/// scaled as if the latent were there: sqrt(sigma^2 + 1).
NoiseLevels spaceLeading(const ScheduleInput& input)
{
    // More steps than timesteps would all be timestep 0: spread them between.
    const double exact = static_cast<double>(input.config.trainTimesteps) / input.steps;
    const double ratio = exact >= 1.0 ? std::floor(exact) : exact;
    std::vector<double> timesteps;
    for (int i = input.steps - 1; i >= 0; --i)
        timesteps.push_back(i * ratio + input.config.stepsOffset);

    NoiseLevels levels = levelsOf(std::move(timesteps), input);
    if (input.whole) {
        const auto start = static_cast<float>(std::ranges::max(levels.sigmas));
        levels.initialScale = static_cast<double>(std::sqrt(start * start + 1.0f));
    }
    return levels;
}

/// From the last timestep downwards, evenly, never reaching the first.
NoiseLevels spaceTrailing(const ScheduleInput& input)
{
    // The step as NumPy's arange adds it. (diffusers' arange yields one level too many, below timestep 0, for some
    // counts such as 61; the count asked for is the count run here.)
    const double total = static_cast<double>(input.config.trainTimesteps);
    const double delta = (total - total / input.steps) - total;
    const bool whole = input.steps <= input.config.trainTimesteps;
    std::vector<double> timesteps;
    for (int i = 0; i < input.steps; ++i) {
        const double timestep = total + i * delta;
        timesteps.push_back((whole ? std::nearbyint(timestep) : timestep) - 1.0);
    }
    return levelsOf(std::move(timesteps), input);
}

/// Evenly from the last timestep to the first, both ends included; most timesteps are fractions. One step: the first
/// timestep alone, as NumPy's linspace has it.
NoiseLevels spaceLinearly(const ScheduleInput& input)
{
    const double delta = input.steps > 1 ? lastTimestep(input) / (input.steps - 1) : 0.0;
    std::vector<double> timesteps;
    for (int i = input.steps - 1; i >= 0; --i)
        timesteps.push_back(static_cast<double>(static_cast<float>(i * delta)));
    if (input.steps > 1)
        timesteps.front() = lastTimestep(input);
    return levelsOf(std::move(timesteps), input);
}

NoiseLevels spaceAsTheModelAsks(const ScheduleInput& input)
{
    switch (input.config.spacing) {
    case TimestepSpacing::Trailing:
        return spaceTrailing(input);
    case TimestepSpacing::Linspace:
        return spaceLinearly(input);
    case TimestepSpacing::Leading:
        break;
    }
    return spaceLeading(input);
}

} // namespace studio::sampling
