#include "core/sampling/schedules.h"

#include "core/base/error.h"
#include "core/sampling/schedule_functions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>

namespace studio::sampling {

namespace {

/// "automatic" is resolved to another row before it runs; without a sampler it is A1111's plain schedule.
constexpr std::array kSchedules{
    ScheduleInfo{"model", "Model's own", "The spacing the checkpoint's scheduler asks for",
        spaceAsTheModelAsks, false},
    ScheduleInfo{
        "leading", "Leading", "diffusers: from just below full noise; SDXL's own", spaceLeading, false},
    ScheduleInfo{"trailing", "Trailing", "diffusers: from full noise; for zero-terminal-SNR checkpoints",
        spaceTrailing, false},
    ScheduleInfo{"linspace", "Linspace", "diffusers: both ends included", spaceLinearly, false},
    ScheduleInfo{"automatic", "Automatic", "What A1111 runs with the sampler", uniformTimesteps},
    ScheduleInfo{"uniform", "Uniform", "Even in the timestep; A1111's plain schedule", uniformTimesteps},
    ScheduleInfo{"karras", "Karras", "More steps at low noise (Karras et al. 2022)", karras},
    ScheduleInfo{"exponential", "Exponential", "Even in the logarithm of the noise", exponential},
    ScheduleInfo{"polyexponential", "Polyexponential", "A power of it; A1111's power is 1", polyexponential},
    ScheduleInfo{
        "sgm_uniform", "SGM Uniform", "Even in the timestep, without the last; for few steps", sgmUniform},
    ScheduleInfo{"simple", "Simple", "Whole timesteps, counted down from the last", simpleTimesteps},
    ScheduleInfo{"ddim_uniform", "DDIM", "Whole timesteps, counted up from the first", ddimUniform},
    ScheduleInfo{"beta", "Beta", "Crowded at both ends (Lee et al. 2024)", betaDistributed},
    ScheduleInfo{
        "kl_optimal", "KL Optimal", "Even in the arc tangent of the noise (Sabour et al. 2024)", klOptimal},
    ScheduleInfo{"align_your_steps", "Align Your Steps",
        "Optimised for SDXL and ten steps (Sabour et al. 2024)", alignYourSteps},
    ScheduleInfo{
        "linear_quadratic", "Linear Quadratic", "Slow at first, then quadratic (Movie Gen)", linearQuadratic},
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

/// What the sampler and the schedule's name come to.
struct Choice {
    const ScheduleInfo& schedule;
    bool dropsPenultimate;
};

Choice chosen(const SamplerInfo& sampler, std::string_view scheduleId)
{
    const ScheduleInfo& schedule = scheduleById(scheduleId == "automatic" ? sampler.automatic : scheduleId);
    return {schedule, sampler.dropsPenultimate && schedule.dropsPenultimate};
}

/// Fills in what a schedule left to the common rule.
void complete(NoiseLevels& levels, const TrainingSchedule& training)
{
    if (levels.timesteps.empty()) {
        for (std::size_t i = 0; i + 1 < levels.sigmas.size(); ++i)
            levels.timesteps.push_back(training.timestepOf(levels.sigmas[i]));
    }
    if (levels.initialScale == 0.0)
        levels.initialScale = levels.sigmas.front();
    levels.largest = levels.sigmas.front();
    const bool endsAtZero = levels.sigmas.back() == 0.0;
    levels.smallest = levels.sigmas[levels.sigmas.size() - (endsAtZero ? 2 : 1)];
}

NoiseLevels levelsFrom(const Choice& choice, const SchedulerConfig& config, int steps,
    std::optional<double> sigmaMax = std::nullopt)
{
    const TrainingSchedule training(config);
    const int asked = choice.dropsPenultimate ? steps + 1 : steps;
    const ScheduleInput input{config, training, asked, sigmaMax.value_or(training.sigmaMax()), !sigmaMax};
    NoiseLevels levels = choice.schedule.function(input);
    if (choice.dropsPenultimate)
        levels.sigmas.erase(levels.sigmas.end() - 2);
    complete(levels, training);
    return levels;
}

NoiseLevels lastSteps(const NoiseLevels& whole, int count)
{
    NoiseLevels part;
    part.sigmas.assign(whole.sigmas.end() - (count + 1), whole.sigmas.end());
    part.timesteps.assign(whole.timesteps.end() - count, whole.timesteps.end());
    part.initialScale = count > 0 ? part.sigmas.front() : 0.0;
    part.largest = whole.largest;
    part.smallest = whole.smallest;
    return part;
}

NoiseLevels nothingToRun()
{
    return NoiseLevels{.sigmas = {0.0}};
}

/// Larger fractions would start above the schedule; A1111 stops here.
constexpr double kA1111MaxStrength = 0.999;

NoiseLevels a1111Levels(const Choice& choice, const SchedulerConfig& config, int steps, double strength)
{
    const double total = std::floor(steps / std::min(strength, kA1111MaxStrength));
    if (total > kMaxSteps) {
        throw Error(ErrorKind::BadInput,
            "Strength " + std::to_string(strength) + " asks for " + std::to_string(steps)
                + " steps out of a schedule of more than " + std::to_string(kMaxSteps)
                + "; choose a larger strength or fewer steps.");
    }
    return lastSteps(levelsFrom(choice, config, static_cast<int>(total)), steps);
}

NoiseLevels levelsBelow(const Choice& choice, const SchedulerConfig& config, int steps, double level)
{
    const TrainingSchedule training(config);
    if (level <= training.sigmaMin())
        return nothingToRun();
    NoiseLevels levels = levelsFrom(choice, config, steps, std::min(level, training.sigmaMax()));
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

NoiseLevels noiseLevels(
    const SamplerInfo& sampler, std::string_view scheduleId, const SchedulerConfig& config, int steps)
{
    const Choice choice = chosen(sampler, scheduleId);
    checkSteps(steps);
    return levelsFrom(choice, config, steps);
}

NoiseLevels partialLevels(const SamplerInfo& sampler, std::string_view scheduleId,
    const SchedulerConfig& config, int steps, double strength, StrengthMeaning meaning)
{
    const Choice choice = chosen(sampler, scheduleId);
    checkSteps(steps);
    checkStrength(strength, meaning);
    if (strength == 0.0)
        return nothingToRun();
    switch (meaning) {
    case StrengthMeaning::A1111:
        return a1111Levels(choice, config, steps, strength);
    case StrengthMeaning::Sigma:
        return levelsBelow(choice, config, steps, strength);
    case StrengthMeaning::Diffusers:
        break;
    }
    const int run = std::min(static_cast<int>(steps * strength), steps);
    return run > 0 ? lastSteps(levelsFrom(choice, config, steps), run) : nothingToRun();
}

NoiseLevels noiseLevels(std::string_view scheduleId, const SchedulerConfig& config, int steps)
{
    return noiseLevels(samplerById("euler"), scheduleId, config, steps);
}

NoiseLevels partialLevels(std::string_view scheduleId, const SchedulerConfig& config, int steps,
    double strength, StrengthMeaning meaning)
{
    return partialLevels(samplerById("euler"), scheduleId, config, steps, strength, meaning);
}

NoiseLevels customLevels(std::vector<double> sigmas, const SchedulerConfig& config)
{
    const bool falls = std::ranges::adjacent_find(sigmas, std::less_equal()) == sigmas.end();
    const bool finite
        = std::ranges::all_of(sigmas, [](double sigma) { return std::isfinite(sigma) && sigma >= 0.0; });
    if (sigmas.size() < 2 || sigmas.size() > kMaxSteps + 1 || !falls || !finite) {
        throw Error(ErrorKind::BadInput,
            "A list of noise levels needs two numbers or more that fall and are not negative, such as 14.6, "
            "3, 0.7, 0.");
    }
    NoiseLevels levels{.sigmas = std::move(sigmas)};
    complete(levels, TrainingSchedule(config));
    return levels;
}

} // namespace studio::sampling
