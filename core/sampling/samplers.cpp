#include "core/sampling/samplers.h"

#include "core/base/error.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <string>

namespace studio::sampling {

namespace {

/// Euler's method on the probability flow, dx/dsigma = (x - D(x, sigma)) / sigma. Karras et al. 2022, Algorithm 2
/// without churn.
at::Tensor sampleEuler(const Denoiser& denoise, at::Tensor x, std::span<const double> sigmas, SamplerContext&)
{
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const at::Tensor slope = (x - denoise(x, sigmas[i])) / sigmas[i];
        x = x + slope * (sigmas[i + 1] - sigmas[i]);
    }
    return x;
}

constexpr std::array kSamplers{
    SamplerInfo{"euler", "Euler", "Plain and predictable; the reference", sampleEuler, 1, false, 1},
};

} // namespace

std::span<const SamplerInfo> samplers()
{
    return kSamplers;
}

const SamplerInfo& samplerById(std::string_view id)
{
    const auto found = std::ranges::find(kSamplers, id, &SamplerInfo::id);
    if (found != kSamplers.end())
        return *found;
    std::string known;
    for (const SamplerInfo& sampler : kSamplers)
        known += (known.empty() ? "" : ", ") + std::string(sampler.id);
    throw Error(
        ErrorKind::BadInput, "There is no sampler \"" + std::string(id) + "\"; choose one of " + known + ".");
}

} // namespace studio::sampling
