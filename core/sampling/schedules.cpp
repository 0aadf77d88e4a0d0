#include "core/sampling/schedules.h"

#include "core/base/error.h"
#include "core/sampling/schedule_functions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace studio::sampling {

namespace {

constexpr std::array kSchedules{
    ScheduleInfo{
        "model", "Model's own", "The spacing the checkpoint's scheduler asks for", spaceAsTheModelAsks},
    ScheduleInfo{"leading", "Leading", "diffusers: from just below full noise; SDXL's own", spaceLeading},
    ScheduleInfo{"trailing", "Trailing", "diffusers: from full noise; for zero-terminal-SNR checkpoints",
        spaceTrailing},
    ScheduleInfo{"linspace", "Linspace", "diffusers: both ends included", spaceLinearly},
    ScheduleInfo{"uniform", "Uniform", "Even in the timestep; A1111's plain schedule", uniformTimesteps},
    ScheduleInfo{"karras", "Karras", "More steps at low noise (Karras et al. 2022)", karras},
    ScheduleInfo{"exponential", "Exponential", "Even in the logarithm of the noise", exponential},
};

constexpr int kMaxSteps = 10000;

void checkSteps(int steps)
{
    if (steps < 1 || steps > kMaxSteps) {
        throw Error(ErrorKind::BadInput,
            "A pass of " + std::to_string(steps) + " steps cannot run; choose between 1 and "
                + std::to_string(kMaxSteps) + ".");
    }
}

/// Runs the schedule and fills in what it left to the common rule.
NoiseLevels levelsFrom(const ScheduleInfo& schedule, const SchedulerConfig& config, int steps,
    std::optional<double> sigmaMax = std::nullopt)
{
    const TrainingSchedule training(config);
    const ScheduleInput input{config, training, steps, sigmaMax.value_or(training.sigmaMax()), !sigmaMax};
    NoiseLevels levels = schedule.function(input);
    if (levels.timesteps.empty()) {
        for (int i = 0; i < steps; ++i)
            levels.timesteps.push_back(training.timestepOf(levels.sigmas[static_cast<std::size_t>(i)]));
    }
    if (levels.initialScale == 0.0)
        levels.initialScale = std::ranges::max(levels.sigmas);
    return levels;
}

NoiseLevels lastSteps(const NoiseLevels& whole, int count)
{
    NoiseLevels part;
    part.sigmas.assign(whole.sigmas.end() - (count + 1), whole.sigmas.end());
    part.timesteps.assign(whole.timesteps.end() - count, whole.timesteps.end());
    part.initialScale = count > 0 ? part.sigmas.front() : 0.0;
    return part;
}

NoiseLevels nothingToRun()
{
    return NoiseLevels{.sigmas = {0.0}};
}

/// Larger fractions would start above the schedule; A1111 stops here.
constexpr double kA1111MaxStrength = 0.999;

NoiseLevels a1111Levels(
    const ScheduleInfo& schedule, const SchedulerConfig& config, int steps, double strength)
{
    const double total = std::floor(steps / std::min(strength, kA1111MaxStrength));
    if (total > kMaxSteps) {
        throw Error(ErrorKind::BadInput,
            "Strength " + std::to_string(strength) + " asks for " + std::to_string(steps)
                + " steps out of a schedule of more than " + std::to_string(kMaxSteps)
                + "; choose a larger strength or fewer steps.");
    }
    return lastSteps(levelsFrom(schedule, config, static_cast<int>(total)), steps);
}

NoiseLevels levelsBelow(const ScheduleInfo& schedule, const SchedulerConfig& config, int steps, double level)
{
    const TrainingSchedule training(config);
    if (level <= training.sigmaMin())
        return nothingToRun();
    NoiseLevels levels = levelsFrom(schedule, config, steps, std::min(level, training.sigmaMax()));
    levels.initialScale = levels.sigmas.front();
    return levels;
}

void checkStrength(double strength, StrengthMeaning meaning)
{
    const double limit = meaning == StrengthMeaning::Sigma ? std::numeric_limits<double>::max() : 1.0;
    if (!(strength >= 0.0 && strength <= limit)) {
        throw Error(ErrorKind::BadInput,
            "A strength of " + std::to_string(strength)
                + " is out of range; choose between 0 and 1, or a noise level of 0 "
                  "or more if strength means a noise level.");
    }
}

} // namespace

std::span<const ScheduleInfo> schedules()
{
    return kSchedules;
}

const ScheduleInfo& scheduleById(std::string_view id)
{
    const auto found = std::ranges::find(kSchedules, id, &ScheduleInfo::id);
    if (found != kSchedules.end())
        return *found;
    std::string known;
    for (const ScheduleInfo& schedule : kSchedules)
        known += (known.empty() ? "" : ", ") + std::string(schedule.id);
    throw Error(ErrorKind::BadInput,
        "There is no schedule \"" + std::string(id) + "\"; choose one of " + known + ".");
}

double timestepFor(const NoiseLevels& levels, const TrainingSchedule& training, double sigma)
{
    const auto steps = levels.timesteps.size();
    const auto found = std::find(levels.sigmas.begin(), levels.sigmas.end(), sigma) - levels.sigmas.begin();
    const auto index = static_cast<std::size_t>(found);
    return index < steps ? levels.timesteps[index] : training.timestepOf(sigma);
}

NoiseLevels noiseLevels(std::string_view scheduleId, const SchedulerConfig& config, int steps)
{
    const ScheduleInfo& schedule = scheduleById(scheduleId);
    checkSteps(steps);
    return levelsFrom(schedule, config, steps);
}

NoiseLevels partialLevels(std::string_view scheduleId, const SchedulerConfig& config, int steps,
    double strength, StrengthMeaning meaning)
{
    const ScheduleInfo& schedule = scheduleById(scheduleId);
    checkSteps(steps);
    checkStrength(strength, meaning);
    if (strength == 0.0)
        return nothingToRun();
    switch (meaning) {
    case StrengthMeaning::A1111:
        return a1111Levels(schedule, config, steps, strength);
    case StrengthMeaning::Sigma:
        return levelsBelow(schedule, config, steps, strength);
    case StrengthMeaning::Diffusers:
        break;
    }
    const int run = std::min(static_cast<int>(steps * strength), steps);
    return run > 0 ? lastSteps(levelsFrom(schedule, config, steps), run) : nothingToRun();
}

} // namespace studio::sampling
