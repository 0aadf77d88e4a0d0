#include "core/sampling/sampler_functions.h"
#include "core/sampling/sampler_steps.h"

#include <algorithm>
#include <cmath>

// Methods that predict the clean latent and go on from it: D + sigma' * (noise), the noise seen or fresh or of both
// kinds. In variance-exploding form all of them are one line.

namespace studio::sampling {

/// DDIM, Song et al. 2021 (arXiv:2010.02502), equation 12. Without eta this is Euler's method.
at::Tensor sampleDdim(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context)
{
    const double eta = etaOr(context, 0.0);
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const at::Tensor denoised = denoise(x, sigmas[i]);
        const auto [down, up] = ancestralStep(sigmas[i], sigmas[i + 1], eta);
        x = denoised + slopeOf(x, denoised, sigmas[i]) * down;
        if (up > 0.0)
            x = x + drawLike(x, context) * up;
    }
    return x;
}

/// Multistep consistency sampling: the prediction under fresh noise. Luo et al. 2023 (arXiv:2310.04378), Algorithm 3.
at::Tensor sampleLcm(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context)
{
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        x = denoise(x, sigmas[i]);
        if (sigmas[i + 1] > 0.0)
            x = x + drawLike(x, context) * sigmas[i + 1];
    }
    return x;
}

/// Strategic stochastic sampling: the noise seen down to the timestep (1 - gamma) t', fresh noise from there to t'.
/// Zheng et al. 2024 (arXiv:2402.19159), Algorithm 3; gamma is the option eta, 0.3 by default.
at::Tensor sampleTcd(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context)
{
    const double gamma = etaOr(context, 0.3);
    const TrainingSchedule sdxl{SchedulerConfig()};
    const TrainingSchedule& training = context.training ? *context.training : sdxl;
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const double next = sigmas[i + 1];
        const at::Tensor denoised = denoise(x, sigmas[i]);
        double down = next;
        if (next > 0.0 && gamma > 0.0) {
            constexpr double kSlack = 1e-4; // a whole timestep stays itself on its way through the logarithm
            down = std::min(
                next, training.sigmaAt(std::floor((1.0 - gamma) * training.timestepOf(next) + kSlack)));
        }
        x = denoised + slopeOf(x, denoised, sigmas[i]) * down;
        if (down < next && i + 2 < sigmas.size())
            x = x + drawLike(x, context) * std::sqrt(next * next - down * down);
    }
    return x;
}

namespace {

at::Tensor cfgPp(const Denoiser& denoise, at::Tensor x, Levels sigmas, double eta, SamplerContext& context)
{
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const at::Tensor denoised = denoise(x, sigmas[i]);
        const at::Tensor unconditional = context.unconditional ? context.unconditional() : denoised;
        const auto [down, up] = ancestralStep(sigmas[i], sigmas[i + 1], eta);
        x = down == 0.0 ? denoised : denoised + slopeOf(x, unconditional, sigmas[i]) * down;
        if (up > 0.0)
            x = x + drawLike(x, context) * up;
    }
    return x;
}

} // namespace

/// CFG++, Chung et al. 2024 (arXiv:2406.08070), Algorithm 2: guidance moves the clean latent; the noise that is put
/// back is the one seen without the prompt.
at::Tensor sampleEulerCfgPp(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context)
{
    return cfgPp(denoise, std::move(x), sigmas, 0.0, context);
}

at::Tensor sampleEulerAncestralCfgPp(
    const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context)
{
    return cfgPp(denoise, std::move(x), sigmas, etaOr(context, 1.0), context);
}

} // namespace studio::sampling
