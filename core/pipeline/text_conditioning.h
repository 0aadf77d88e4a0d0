#pragma once

#include "core/nn/attention.h"
#include "core/pipeline/model_store.h"

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

namespace studio::pipeline {

/// What the text encoders make of a prompt and its negative. With guidance, batch row 0 is the negative prompt and
/// row 1 the prompt; without, there is only the prompt.
struct TextConditioning {
    at::Tensor
        context; ///< [B, 77, C]: penultimate states of both encoders side by side (a refiner: of the second)
    at::Tensor pooled; ///< [B, P]: of the second encoder
};

/// Encodes with whichever text encoders the model has. An empty negative prompt becomes zeros or the encoded empty
/// string, as the model's configuration says.
TextConditioning encodeText(LoadedModel& model, const std::string& prompt, const std::string& negativePrompt,
    bool withGuidance, const DevicePolicy& policy, const nn::Checkpoint& checkpoint);

/// A sentence for each part of a prompt that the model will not see; empty if all of it fits.
std::vector<std::string> droppedText(
    LoadedModel& model, const std::string& prompt, const std::string& whichPrompt);

/// The size numbers of SDXL's micro-conditioning as rows [B, 6], or [B, 5] with the aesthetic score for a refiner.
at::Tensor sizeNumbers(
    const SizeConditioning& conditioning, const Extent& size, bool isRefiner, bool withGuidance);

} // namespace studio::pipeline
