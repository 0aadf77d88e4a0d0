#pragma once

#include "core/nn/module.h"
#include "core/weights/format/stored_tensor.h"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <optional>
#include <string_view>

namespace studio {

/// The stored tensor as one of torch's, on the CPU, without a copy: it reads the mapped file and keeps it open.
/// Read-only: writing into it ends the process. A tensor that is not aligned to its dtype is copied.
at::Tensor asTensor(const StoredTensor& stored);

struct LoadPolicy {
    at::Device device = at::kCPU;
    std::optional<at::ScalarType> convertTo; ///< nothing: the file's own dtype
    bool copy = false;                       ///< true: even where the mapped file itself would do
};

/// Throws Error (FileCorrupt) naming the first few parameters of `network` that are missing in `tensors` or have
/// another shape there, and the first few tensors the network has no place for. A 1x1 convolution may stand for a
/// linear layer and the reverse; text encoders' position_ids and logit_scale are no weights. Reads no data.
/// `what` names the network in the sentence: "The UNet of model.safetensors".
void checkFits(nn::Module& network, const TensorMap& tensors, std::string_view what);

/// Gives every parameter of `network` its value; checks as checkFits before any is given. With the default policy
/// nothing is read and nothing is copied.
void loadInto(nn::Module& network, const TensorMap& tensors, const LoadPolicy& policy, std::string_view what);

} // namespace studio
