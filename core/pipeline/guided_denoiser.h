#pragma once

#include "core/models/unet.h"
#include "core/nn/attention.h"
#include "core/pipeline/device_policy.h"
#include "core/sampling/denoiser.h"
#include "core/sampling/schedules.h"
#include "core/weights/format/model_config.h"

#include <functional>

namespace studio::pipeline {

/// What one pass of the denoiser needs beside the latent.
struct DenoiserSetup {
    const models::Unet* unet = nullptr;
    models::UnetConditioning conditioning; ///< batch 2 (negative, positive) with guidance, else 1
    double guidance = 1.0;
    SchedulerConfig scheduler;
    sampling::NoiseLevels levels; ///< of the pass: gives each level its exact timestep
    DevicePolicy policy;
    nn::Checkpoint checkpoint;
    /// Called after each call of the UNet with the denoised latent; may be empty.
    std::function<void(const at::Tensor& denoised)> evaluated;
};

/// D(x, sigma): the denoised latent by classifier-free guidance (Ho & Salimans 2022) over the UNet's epsilon or v
/// (Salimans & Ho 2022), in the variance-exploding form of Karras et al. 2022. x: [1, 4, H/8, W/8] float32.
sampling::Denoiser guidedDenoiser(DenoiserSetup setup);

} // namespace studio::pipeline
