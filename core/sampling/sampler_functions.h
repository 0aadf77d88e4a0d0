#pragma once

#include "core/sampling/samplers.h"

/// The rows of the sampler table. Each is documented where it is defined; all have SamplerFunction's contract, with
/// levels that fall strictly.
namespace studio::sampling {

using Levels = std::span<const double>;

// samplers_single_step.cpp
at::Tensor sampleEuler(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleEulerAncestral(
    const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleHeun(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleDpm2(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleDpm2Ancestral(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleRestart(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);

// samplers_ddim.cpp
at::Tensor sampleDdim(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleLcm(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleTcd(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleEulerCfgPp(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleEulerAncestralCfgPp(
    const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);

// samplers_dpmpp.cpp
at::Tensor sampleDpmpp2sAncestral(
    const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleDpmpp2m(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleDpmppSde(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleDpmpp2mSde(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleDpmpp2mSdeHeun(
    const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleDpmpp3mSde(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);

// samplers_multistep.cpp
at::Tensor sampleLms(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor samplePlms(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleIpndm(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleDeis(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);

// samplers_exponential.cpp
at::Tensor sampleUniPcBh1(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleUniPcBh2(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleErSde(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);
at::Tensor sampleResMultistep(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context);

} // namespace studio::sampling
