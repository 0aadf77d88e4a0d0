#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

namespace studio::sampling {

/// D(x, sigma): the clean latent a model expects behind `x` = clean + sigma * noise (Karras et al. 2022, section 2).
/// x: [1, 4, h, w], float32, on the device of the model; so is the answer. Guidance, timesteps, scaling of the input
/// and cancellation are the closure's own business: a sampler knows none of them.
using Denoiser = std::function<at::Tensor(const at::Tensor& x, double sigma)>;

} // namespace studio::sampling
