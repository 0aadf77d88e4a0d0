#pragma once

#include "core/api/picture.h"

#include <ATen/core/Tensor.h>

namespace studio::pipeline {

/// [3, H, W] floats -> [1, 3, H, W] float32 on the CPU, a copy.
at::Tensor toTensor(const PictureF& picture);

/// [1, 3, H, W] float32 on the CPU -> a picture.
PictureF toPicture(const at::Tensor& tensor);

/// [1, C, h, w] float32 on any device -> a latent, and back onto the CPU, a copy.
Latent toLatent(const at::Tensor& tensor);
at::Tensor toTensor(const Latent& latent);

/// The middle of a picture, `size` or as much of it as there is.
Picture8 cropped(const Picture8& picture, const Extent& size);

} // namespace studio::pipeline
