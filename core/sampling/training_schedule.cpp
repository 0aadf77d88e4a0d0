#include "core/sampling/training_schedule.h"

#include "core/base/error.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace studio::sampling {

namespace {

at::Tensor trainingBetas(const SchedulerConfig& config)
{
    if (config.scaledLinear) {
        return at::linspace(
            std::sqrt(config.betaStart), std::sqrt(config.betaEnd), config.trainTimesteps, at::kFloat)
            .square();
    }
    return at::linspace(config.betaStart, config.betaEnd, config.trainTimesteps, at::kFloat);
}

/// Lin et al. 2023, Algorithm 1: shift sqrt(a) so that the last is zero, scale it so that the first stays.
at::Tensor rescaledToZeroTerminalSnr(const at::Tensor& betas)
{
    at::Tensor root = at::cumprod(1.0 - betas, 0).sqrt();
    const at::Tensor first = root[0].clone();
    const at::Tensor last = root[-1].clone();
    root = (root - last) * (first / (first - last));
    const at::Tensor bar = root.square();
    const at::Tensor alphas = at::cat({bar.slice(0, 0, 1), bar.slice(0, 1) / bar.slice(0, 0, -1)});
    return 1.0 - alphas;
}

/// Smallest positive half-precision number: close to zero, and its sigma is finite.
constexpr double kTerminalAlphaBar = 1.0 / (1 << 24);

at::Tensor trainingSigmas(const SchedulerConfig& config)
{
    at::Tensor betas = trainingBetas(config);
    if (config.rescaleZeroTerminalSnr)
        betas = rescaledToZeroTerminalSnr(betas);
    at::Tensor alphaBar = at::cumprod(1.0 - betas, 0);
    if (config.rescaleZeroTerminalSnr)
        alphaBar[-1] = kTerminalAlphaBar;
    return ((1.0 - alphaBar) / alphaBar).sqrt();
}

} // namespace

TrainingSchedule::TrainingSchedule(const SchedulerConfig& config)
{
    if (config.trainTimesteps < 2) {
        throw Error(ErrorKind::BadInput,
            "A scheduler with " + std::to_string(config.trainTimesteps)
                + " training timesteps cannot be sampled; set num_train_timesteps to 2 or more.");
    }
    const at::Tensor sigmas = trainingSigmas(config).to(at::kDouble).contiguous();
    const double* values = sigmas.data_ptr<double>();
    m_sigmas.assign(values, values + sigmas.numel());
    if (!(m_sigmas.front() > 0.0) || !std::isfinite(m_sigmas.back()) || !std::ranges::is_sorted(m_sigmas)) {
        throw Error(ErrorKind::BadInput,
            "The scheduler's betas (from " + std::to_string(config.betaStart) + " to "
                + std::to_string(config.betaEnd)
                + ") do not give rising noise levels; correct beta_start and beta_end.");
    }
    m_logSigmas.resize(m_sigmas.size());
    std::ranges::transform(m_sigmas, m_logSigmas.begin(), [](double sigma) { return std::log(sigma); });
}

double TrainingSchedule::timestepOf(double sigma) const
{
    if (sigma <= m_sigmas.front())
        return 0.0;
    const double wanted = std::log(sigma);
    const auto above = std::ranges::lower_bound(m_logSigmas, wanted);
    if (above == m_logSigmas.end())
        return static_cast<double>(m_logSigmas.size() - 1);
    const auto high = std::max<std::ptrdiff_t>(above - m_logSigmas.begin(), 1);
    const double lowLog = m_logSigmas[static_cast<std::size_t>(high - 1)];
    const double part = (wanted - lowLog) / (*above - lowLog);
    return static_cast<double>(high - 1) + std::clamp(part, 0.0, 1.0);
}

double TrainingSchedule::sigmaAt(double timestep) const
{
    const double clamped = std::clamp(timestep, 0.0, static_cast<double>(m_sigmas.size() - 1));
    const auto low = static_cast<std::size_t>(clamped);
    const double part = clamped - static_cast<double>(low);
    if (part == 0.0)
        return m_sigmas[low];
    return std::exp((1.0 - part) * m_logSigmas[low] + part * m_logSigmas[low + 1]);
}

} // namespace studio::sampling
