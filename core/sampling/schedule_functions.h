#pragma once

#include "core/sampling/schedules.h"

/// The rows of the schedule table. Each is documented where it is defined.
namespace studio::sampling {

// spacings.cpp: training timesteps picked as diffusers does
NoiseLevels spaceAsTheModelAsks(const ScheduleInput& input);
NoiseLevels spaceLeading(const ScheduleInput& input);
NoiseLevels spaceTrailing(const ScheduleInput& input);
NoiseLevels spaceLinearly(const ScheduleInput& input);

// timestep_schedules.cpp: training timesteps picked as A1111 and ComfyUI do
NoiseLevels uniformTimesteps(const ScheduleInput& input);
NoiseLevels sgmUniform(const ScheduleInput& input);
NoiseLevels simpleTimesteps(const ScheduleInput& input);
NoiseLevels ddimUniform(const ScheduleInput& input);

// sigma_curves.cpp: levels given by a formula
NoiseLevels karras(const ScheduleInput& input);
NoiseLevels exponential(const ScheduleInput& input);
NoiseLevels polyexponential(const ScheduleInput& input);
NoiseLevels betaDistributed(const ScheduleInput& input);
NoiseLevels klOptimal(const ScheduleInput& input);
NoiseLevels alignYourSteps(const ScheduleInput& input);
NoiseLevels linearQuadratic(const ScheduleInput& input);

} // namespace studio::sampling
