#pragma once

#include "core/api/picture.h"
#include "core/weights/format/model_config.h"

#include <ATen/core/Tensor.h>

namespace studio::pipeline {

/// A rough picture of a latent by a linear map of its four channels, at 1/8 of the picture's size; far below a
/// hundredth of a step. latent: [1, 4, h, w]. A model without a map of its own gets SDXL's.
Picture8 previewOf(const at::Tensor& latent, const ModelDefaults& defaults);

} // namespace studio::pipeline
