#pragma once

#include "core/sampling/denoiser.h"
#include "core/sampling/noise.h"
#include "core/sampling/training_schedule.h"

#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

namespace studio::sampling {

/// What may be turned on a sampler; each reads what its method has.
struct SamplerOptions {
    std::optional<double>
        eta;                 ///< noise put back, as a part of what the method takes; absent: the method's own
    double noiseScale = 1.0; ///< of every draw on the way
    double churn = 0.0; ///< Karras et al. 2022, Algorithm 2: S_churn, and the levels between which it acts
    double churnFrom = 0.0;
    double churnTo = std::numeric_limits<double>::infinity();
};

/// What a sampler works with besides the latent. Samplers that draw no noise leave the stream alone.
struct SamplerContext {
    NoiseStream& noise; ///< this picture's
    SamplerOptions options{};

    /// The largest level and the smallest above 0 of the whole schedule, of which a second pass runs a part: Brownian
    /// paths are drawn over it. 0: those of the levels given.
    double brownianMax = 0.0;
    double brownianMin = 0.0;

    /// Of Brownian paths; absent: the stream's.
    std::optional<std::uint64_t> brownianSeed;

    /// The timesteps behind the levels, for methods that are defined by them; null: SDXL's.
    const TrainingSchedule* training = nullptr;

    /// The prediction without the prompt that went into the denoiser's last answer (CFG++ steps along it). Empty:
    /// there is no guidance, and the answer itself stands for it.
    std::function<at::Tensor()> unconditional;
};

/// Takes x from sigmas.front() to sigmas.back(). x: [1, 4, h, w], clean + sigmas.front() * noise. sigmas: falling,
/// the last may be 0; with fewer than two there is nothing to do and x comes back. Whatever the denoiser throws
/// passes through.
using SamplerFunction = at::Tensor (*)(
    const Denoiser& denoise, at::Tensor x, std::span<const double> sigmas, SamplerContext& context);

struct SamplerInfo {
    std::string_view id;
    std::string_view label;
    std::string_view description;
    SamplerFunction function;
    int evaluationsPerStep; ///< of the denoiser; the last step may need fewer
    bool stochastic;        ///< draws noise on the way
    int order;              ///< of convergence from a fixed start to a fixed end, start-up steps included
    std::string_view
        automatic; ///< the schedule that "automatic" means: A1111's choice where it has the sampler
    bool dropsPenultimate = false;   ///< A1111 runs it without the last level but one (schedules.h)
    bool readsUnconditional = false; ///< asks SamplerContext::unconditional, whatever the guidance
};

/// All samplers, in the order interfaces show them.
std::span<const SamplerInfo> samplers();

/// Throws Error BadInput naming what exists.
const SamplerInfo& samplerById(std::string_view id);

} // namespace studio::sampling
