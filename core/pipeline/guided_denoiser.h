#pragma once

#include "core/api/request.h"
#include "core/models/unet.h"
#include "core/nn/attention.h"
#include "core/pipeline/device_policy.h"
#include "core/pipeline/pass_conditioning.h"
#include "core/sampling/denoiser.h"
#include "core/sampling/schedules.h"
#include "core/weights/format/model_config.h"

#include <functional>
#include <memory>
#include <optional>

namespace studio::pipeline {

/// What one call came to.   both: [1, 4, H/8, W/8] float32
struct GuidedAnswer {
    int call = 0;
    at::Tensor denoised;
    at::Tensor unconditional; ///< undefined unless DenoiserSetup::unconditional is set
    bool known = false;       ///< from an earlier run
};

/// What one pass of the denoiser needs beside the latent.
struct DenoiserSetup {
    const models::Unet* unet = nullptr;
    std::shared_ptr<PassConditioning> conditioning;
    bool guided = false; ///< the negative prompt is there
    double guidance = 1.0;
    GuidanceSettings shape;
    int calls = 1; ///< of the denoiser that the pass is thought to take, for `shape`'s fractions
    SchedulerConfig scheduler;
    sampling::NoiseLevels levels; ///< of the pass: gives each level its exact timestep
    DevicePolicy policy;
    nn::Checkpoint checkpoint;
    /// Set: takes what each call would have answered by the negative prompt alone.
    std::shared_ptr<at::Tensor> unconditional;
    /// Set: looks up a call that an earlier run has the answer of; the UNet is not asked then.
    std::function<std::optional<GuidedAnswer>(int call)> known;
    std::function<void(const GuidedAnswer&)> answered; ///< called after each call; may be empty
};

/// D(x, sigma): the denoised latent by classifier-free guidance (Ho & Salimans 2022) over the UNet's epsilon or v
/// (Salimans & Ho 2022), in the variance-exploding form of Karras et al. 2022. Prompts put together by AND: the sum of
/// their guidance (Liu et al. 2022, equation 11). x: [1, 4, H/8, W/8] float32. One closure is good for one pass: it
/// counts its calls.
sampling::Denoiser guidedDenoiser(DenoiserSetup setup);

} // namespace studio::pipeline
