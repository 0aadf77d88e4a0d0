#pragma once

#include "core/weights/format/model_config.h"

#include <vector>

namespace studio::sampling {

/// The noise levels a network was trained on, in the variance-exploding form sigma = sqrt((1 - a) / a), where a is
/// the cumulative product of 1 - beta (Ho et al. 2020; Karras et al. 2022, table 1). Computed in float32 in the order
/// PyTorch's schedulers use, so that the levels agree with theirs to the bit.
///
/// With rescaleZeroTerminalSnr the betas are rescaled first (Lin et al. 2023, arXiv:2305.08891, Algorithm 1) and the
/// last a is 2^-24 instead of 0: the largest level is about 4096, not infinity.
class TrainingSchedule {
public:
    /// Throws Error BadInput unless there are at least two timesteps.
    explicit TrainingSchedule(const SchedulerConfig& config);

    /// Ascending, one a training timestep.
    const std::vector<double>& sigmas() const { return m_sigmas; }
    double sigmaMin() const { return m_sigmas.front(); }
    double sigmaMax() const { return m_sigmas.back(); }

    /// The timestep, whole or not, of a noise level: linear in log(sigma) between training levels, clamped to
    /// 0..T-1.
    double timestepOf(double sigma) const;
    /// The inverse.
    double sigmaAt(double timestep) const;

private:
    std::vector<double> m_sigmas;
    std::vector<double> m_logSigmas;
};

} // namespace studio::sampling
