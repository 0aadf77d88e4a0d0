#include "core/sampling/samplers.h"

#include "core/base/error.h"
#include "core/sampling/sampler_functions.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace studio::sampling {

namespace {

/// A step from a level to itself (schedules of very many steps have them) asks for nothing, and multistep methods
/// would divide by its length.
template <SamplerFunction Sample>
at::Tensor overDistinct(
    const Denoiser& denoise, at::Tensor x, std::span<const double> sigmas, SamplerContext& context)
{
    std::vector<double> distinct;
    std::ranges::unique_copy(sigmas, std::back_inserter(distinct));
    return Sample(denoise, std::move(x), distinct, context);
}

constexpr std::array kSamplers{
    SamplerInfo{"euler", "Euler", "Plain and predictable; the reference", overDistinct<sampleEuler>, 1, false,
        1, "uniform"},
    SamplerInfo{"euler_a", "Euler a", "Ancestral: new noise at every step; never settles",
        overDistinct<sampleEulerAncestral>, 1, true, 1, "uniform"},
    SamplerInfo{"heun", "Heun", "Two evaluations a step; exact with few steps", overDistinct<sampleHeun>, 2,
        false, 2, "uniform"},
    SamplerInfo{"dpm2", "DPM2", "Two evaluations a step, by the midpoint", overDistinct<sampleDpm2>, 2, false,
        2, "karras", true},
    SamplerInfo{
        "dpm2_a", "DPM2 a", "DPM2, ancestral", overDistinct<sampleDpm2Ancestral>, 2, true, 1, "karras", true},
    SamplerInfo{
        "lms", "LMS", "Linear multistep of four slopes", overDistinct<sampleLms>, 1, false, 2, "uniform"},
    SamplerInfo{"dpmpp_2s_a", "DPM++ 2S a", "Two evaluations a step, ancestral",
        overDistinct<sampleDpmpp2sAncestral>, 2, true, 1, "karras"},
    SamplerInfo{"dpmpp_2m", "DPM++ 2M", "Fast and exact; a good first choice", overDistinct<sampleDpmpp2m>, 1,
        false, 2, "karras"},
    SamplerInfo{"dpmpp_sde", "DPM++ SDE", "Two evaluations a step along one random path",
        overDistinct<sampleDpmppSde>, 2, true, 1, "karras"},
    SamplerInfo{"dpmpp_2m_sde", "DPM++ 2M SDE", "DPM++ 2M along one random path; fine detail",
        overDistinct<sampleDpmpp2mSde>, 1, true, 1, "exponential"},
    SamplerInfo{"dpmpp_2m_sde_heun", "DPM++ 2M SDE Heun", "The same with Heun's correction",
        overDistinct<sampleDpmpp2mSdeHeun>, 1, true, 1, "exponential"},
    SamplerInfo{"dpmpp_3m_sde", "DPM++ 3M SDE", "Three predictions along one random path; for many steps",
        overDistinct<sampleDpmpp3mSde>, 1, true, 1, "exponential", true},
    SamplerInfo{
        "ddim", "DDIM", "Euler by another name; takes eta", overDistinct<sampleDdim>, 1, false, 1, "uniform"},
    SamplerInfo{"plms", "PLMS", "Pseudo linear multistep, for even timesteps", overDistinct<samplePlms>, 1,
        false, 1, "uniform"},
    SamplerInfo{"unipc", "UniPC", "Predicts and corrects at one evaluation a step",
        overDistinct<sampleUniPcBh1>, 1, false, 2, "uniform"},
    SamplerInfo{"unipc_bh2", "UniPC bh2", "UniPC with its second kernel", overDistinct<sampleUniPcBh2>, 1,
        false, 2, "uniform"},
    SamplerInfo{"deis", "DEIS", "Multistep in the logarithm of the noise", overDistinct<sampleDeis>, 1, false,
        2, "uniform"},
    SamplerInfo{"ipndm", "IPNDM", "Multistep of four slopes, for even steps", overDistinct<sampleIpndm>, 1,
        false, 1, "uniform"},
    SamplerInfo{"restart", "Restart", "Heun, going back up once or twice from 20 steps on",
        overDistinct<sampleRestart>, 2, true, 1, "karras"},
    SamplerInfo{"lcm", "LCM", "For latent consistency models: 2 to 8 steps", overDistinct<sampleLcm>, 1, true,
        1, "sgm_uniform"},
    SamplerInfo{"tcd", "TCD", "For trajectory consistency models: 2 to 8 steps", overDistinct<sampleTcd>, 1,
        true, 1, "sgm_uniform"},
    SamplerInfo{"euler_cfgpp", "Euler CFG++", "Guidance of 1 to 2 instead of 5 to 10",
        overDistinct<sampleEulerCfgPp>, 1, false, 1, "uniform", false, true},
    SamplerInfo{"euler_a_cfgpp", "Euler a CFG++", "Euler CFG++, ancestral",
        overDistinct<sampleEulerAncestralCfgPp>, 1, true, 1, "uniform", false, true},
    SamplerInfo{"er_sde", "ER-SDE", "Three predictions, with noise of its own measure",
        overDistinct<sampleErSde>, 1, true, 1, "uniform"},
    SamplerInfo{"res_multistep", "RES multistep", "Like DPM++ 2M, with corrected weights",
        overDistinct<sampleResMultistep>, 1, false, 2, "uniform"},
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
