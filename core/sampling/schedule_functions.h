#pragma once

#include "core/sampling/schedules.h"

/// The rows of the schedule table. Each is documented where it is defined.
namespace studio::sampling {

// spacings.cpp: training timesteps picked as diffusers does
NoiseLevels spaceAsTheModelAsks(const ScheduleInput& input);
NoiseLevels spaceLeading(const ScheduleInput& input);
NoiseLevels spaceTrailing(const ScheduleInput& input);
NoiseLevels spaceLinearly(const ScheduleInput& input);

// sigma_curves.cpp: levels given by a formula
NoiseLevels uniformTimesteps(const ScheduleInput& input);
NoiseLevels karras(const ScheduleInput& input);
NoiseLevels exponential(const ScheduleInput& input);

} // namespace studio::sampling
