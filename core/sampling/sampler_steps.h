#pragma once

#include "core/sampling/samplers.h"

#include <ATen/ATen.h>

/// What several samplers share.
namespace studio::sampling {

/// dx/dsigma of the probability flow, and the noise that the denoiser sees in x. Karras et al. 2022, equation 3.
inline at::Tensor slopeOf(const at::Tensor& x, const at::Tensor& denoised, double sigma)
{
    return (x - denoised) / sigma;
}

/// A step down to `down`, from where noise of `up` leads to the level asked for.
struct AncestralStep {
    double down;
    double up;
};

/// Song et al. 2021 (DDIM), equation 16, in variance-exploding form; eta 1 is DDPM's posterior, 0 adds no noise.
AncestralStep ancestralStep(double from, double to, double eta);

/// The stream's next numbers, on x's device and of its type, times the options' noise scale.
at::Tensor drawLike(const at::Tensor& x, SamplerContext& context);

double etaOr(const SamplerContext& context, double standard);

/// Karras et al. 2022, Algorithm 2, lines 3 to 6: noise is added before a step, and the level rises with it.
struct Churned {
    at::Tensor x;
    double sigma;
};

Churned churn(at::Tensor x, double sigma, std::size_t steps, SamplerContext& context);

} // namespace studio::sampling
