#pragma once

#include "core/sampling/denoiser.h"
#include "core/sampling/noise.h"

#include <span>
#include <string_view>

namespace studio::sampling {

/// What a sampler works with besides the latent. `noise` is this picture's stream; deterministic samplers leave it
/// alone.
struct SamplerContext {
    NoiseStream& noise;
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
    int order;              ///< of convergence, for the same start and end and more steps between
};

/// All samplers, in the order interfaces show them.
std::span<const SamplerInfo> samplers();

/// Throws Error BadInput naming what exists.
const SamplerInfo& samplerById(std::string_view id);

} // namespace studio::sampling
