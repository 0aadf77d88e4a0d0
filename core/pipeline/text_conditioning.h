#pragma once

#include "core/api/plan.h"
#include "core/nn/attention.h"
#include "core/pipeline/model_store.h"

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

namespace studio::pipeline {

/// What the text encoders make of one text.
struct EncodedText {
    at::Tensor
        context; ///< [1, 77 n, C]: states of both encoders side by side (a refiner: of the second), n chunks
    at::Tensor pooled; ///< [1, P]: of the second encoder, of the first chunk
};

/// A prompt over a pass.
struct EncodedPart {
    struct Timed {
        int until = -1;       ///< the last call of the denoiser it holds for; -1: to the end
        std::size_t text = 0; ///< index into EncodedPrompts::texts
    };
    double weight = 1.0;
    std::vector<Timed> texts;

    /// The text that the denoiser is told in a call, counted from 0.
    std::size_t textAt(int call) const;
};

/// Everything the denoiser is told in a pass. All texts of `parts` are of one length; those of the negative prompt may
/// be of another.
struct EncodedPrompts {
    std::vector<EncodedText> texts;
    std::vector<EncodedPart> parts;
    EncodedPart negative; ///< without guidance: empty
};

/// Encodes the texts of a stage with whichever text encoders the model has. An empty negative prompt becomes zeros or
/// the encoded empty string, as the model's configuration says.
EncodedPrompts encodePrompts(LoadedModel& model, const PlannedStage& stage, const PromptSettings& settings,
    const DevicePolicy& policy, const nn::Checkpoint& checkpoint);

/// A sentence for each part of a plain prompt that the model will not see; empty if all of it fits.
std::vector<std::string> droppedText(
    LoadedModel& model, const std::string& prompt, const std::string& whichPrompt);

/// The size numbers of SDXL's micro-conditioning as one row [1, 6], or [1, 5] with the aesthetic score for a refiner.
at::Tensor sizeNumbers(
    const SizeConditioning& conditioning, const Extent& size, bool isRefiner, bool ofNegativePrompt);

} // namespace studio::pipeline
