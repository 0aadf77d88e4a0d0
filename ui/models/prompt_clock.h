#pragma once

#include "core/api/plan.h"

#include <optional>

namespace studio::ui {

/// Where a pass stands on the clock of prompt editing, which counts calls of the denoiser.
struct PromptClock {
    int steps = 30;
    int callsPerStep = 1; ///< some samplers make two
    int callsBefore = 0;  ///< of the passes before: whole numbers go on counting
    int passesBefore = 0; ///< parts of the second pass lie between 1 and 2

    bool operator==(const PromptClock&) const = default;
};

/// Of the pass of a rung, or of the first one that denoises (-1). Nothing: the plan has no such pass.
std::optional<PromptClock> clockOf(const Plan& plan, int rung = -1);

} // namespace studio::ui
