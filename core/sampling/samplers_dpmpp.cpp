#include "core/sampling/brownian_noise.h"
#include "core/sampling/sampler_functions.h"
#include "core/sampling/sampler_steps.h"

#include <cmath>

// DPM-Solver++ (Lu et al. 2022, arXiv:2211.01095): exponential integrators in lambda = -log(sigma), which are exact
// for a clean prediction that stands still. A step of h takes x to exp(-h) x + (1 - exp(-h)) D.

namespace studio::sampling {

namespace {

double lambdaStep(double from, double to)
{
    return std::log(from / to);
}

at::Tensor exponentialStep(const at::Tensor& x, const at::Tensor& denoised, double from, double to)
{
    return x * (to / from) + denoised * (1.0 - to / from);
}

} // namespace

/// DPM-Solver++(2S), Algorithm 1, to the ancestral level, then noise.
at::Tensor sampleDpmpp2sAncestral(
    const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context)
{
    const double eta = etaOr(context, 1.0);
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const at::Tensor denoised = denoise(x, sigmas[i]);
        const auto [down, up] = ancestralStep(sigmas[i], sigmas[i + 1], eta);
        if (down == 0.0) {
            x = denoised;
        } else {
            const double middle = std::sqrt(sigmas[i] * down);
            const at::Tensor between = exponentialStep(x, denoised, sigmas[i], middle);
            x = exponentialStep(x, denoise(between, middle), sigmas[i], down);
        }
        if (sigmas[i + 1] > 0.0)
            x = x + drawLike(x, context) * up;
    }
    return x;
}

/// DPM-Solver++(2M), Algorithm 2.
at::Tensor sampleDpmpp2m(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext&)
{
    at::Tensor previous; // D one step earlier
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const at::Tensor denoised = denoise(x, sigmas[i]);
        if (sigmas[i + 1] == 0.0)
            return denoised;
        at::Tensor estimate = denoised;
        if (previous.defined()) {
            const double r = lambdaStep(sigmas[i - 1], sigmas[i]) / lambdaStep(sigmas[i], sigmas[i + 1]);
            estimate = denoised + (denoised - previous) / (2.0 * r);
        }
        x = exponentialStep(x, estimate, sigmas[i], sigmas[i + 1]);
        previous = denoised;
    }
    return x;
}

/// The SDE form of 2S with both stages stochastic; the middle level halves the step in lambda.
at::Tensor sampleDpmppSde(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context)
{
    const double eta = etaOr(context, 1.0);
    BrownianNoise noise(x, sigmas, context);
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const at::Tensor denoised = denoise(x, sigmas[i]);
        if (sigmas[i + 1] == 0.0)
            return denoised;
        const double middle = std::sqrt(sigmas[i] * sigmas[i + 1]);
        const auto [halfDown, halfUp] = ancestralStep(sigmas[i], middle, eta);
        const at::Tensor between
            = exponentialStep(x, denoised, sigmas[i], halfDown) + noise(sigmas[i], middle) * halfUp;
        const auto [down, up] = ancestralStep(sigmas[i], sigmas[i + 1], eta);
        x = exponentialStep(x, denoise(between, middle), sigmas[i], down)
            + noise(sigmas[i], sigmas[i + 1]) * up;
    }
    return x;
}

namespace {

enum class SdeCorrection { Midpoint, Heun };

/// SDE-DPM-Solver++(2M), Algorithm 4 and its Heun variant: with eta, the drift runs over h (1 + eta).
at::Tensor dpmpp2mSde(
    const Denoiser& denoise, at::Tensor x, Levels sigmas, SdeCorrection correction, SamplerContext& context)
{
    const double eta = etaOr(context, 1.0);
    BrownianNoise noise(x, sigmas, context);
    at::Tensor previous;
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const at::Tensor denoised = denoise(x, sigmas[i]);
        if (sigmas[i + 1] == 0.0)
            return denoised;
        const double h = lambdaStep(sigmas[i], sigmas[i + 1]);
        const double drift = h * (1.0 + eta);
        const double gain = -std::expm1(-drift);
        x = x * std::exp(-drift) + denoised * gain;
        if (previous.defined()) {
            const double r = lambdaStep(sigmas[i - 1], sigmas[i]) / h;
            const double weight = correction == SdeCorrection::Heun ? 1.0 - gain / drift : 0.5 * gain;
            x = x + (denoised - previous) * (weight / r);
        }
        if (eta > 0.0)
            x = x
                + noise(sigmas[i], sigmas[i + 1]) * (sigmas[i + 1] * std::sqrt(-std::expm1(-2.0 * h * eta)));
        previous = denoised;
    }
    return x;
}

} // namespace

at::Tensor sampleDpmpp2mSde(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context)
{
    return dpmpp2mSde(denoise, std::move(x), sigmas, SdeCorrection::Midpoint, context);
}

at::Tensor sampleDpmpp2mSdeHeun(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context)
{
    return dpmpp2mSde(denoise, std::move(x), sigmas, SdeCorrection::Heun, context);
}

/// The third-order multistep SDE form, as k-diffusion has it: the differences of three predictions give the first
/// two derivatives in lambda, which phi functions weigh (Lu et al. 2022, appendix B).
at::Tensor sampleDpmpp3mSde(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context)
{
    const double eta = etaOr(context, 1.0);
    BrownianNoise noise(x, sigmas, context);
    at::Tensor previous;
    at::Tensor beforeThat;
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const at::Tensor denoised = denoise(x, sigmas[i]);
        if (sigmas[i + 1] == 0.0)
            return denoised;
        const double h = lambdaStep(sigmas[i], sigmas[i + 1]);
        const double drift = h * (1.0 + eta);
        const double phi2 = std::expm1(-drift) / drift + 1.0;
        const double phi3 = phi2 / drift - 0.5;
        x = x * std::exp(-drift) - denoised * std::expm1(-drift);
        if (previous.defined()) {
            const double r0 = lambdaStep(sigmas[i - 1], sigmas[i]) / h;
            const at::Tensor latest = (denoised - previous) / r0;
            if (beforeThat.defined()) {
                const double r1 = lambdaStep(sigmas[i - 2], sigmas[i - 1]) / h;
                const at::Tensor second = (latest - (previous - beforeThat) / r1) / (r0 + r1);
                x = x + (latest + second * r0) * phi2 - second * phi3;
            } else {
                x = x + latest * phi2;
            }
        }
        if (eta > 0.0)
            x = x
                + noise(sigmas[i], sigmas[i + 1]) * (sigmas[i + 1] * std::sqrt(-std::expm1(-2.0 * h * eta)));
        beforeThat = previous;
        previous = denoised;
    }
    return x;
}

} // namespace studio::sampling
