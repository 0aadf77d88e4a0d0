#pragma once

#include "core/weights/format/canonical_key.h"
#include "core/weights/format/model_config.h"
#include "core/weights/format/safetensors.h"

#include <string_view>

// The shapes of networks read off their weights: a single file says no more about itself than its keys and shapes.
// The functions take weights under diffusers' names and throw Error (FileCorrupt) naming a tensor that is missing or
// cannot be right; `what` names the file in the sentence.

namespace studio {

/// From the keys as they stand in a single file, before they are renamed.
LdmLayout layoutFromKeys(const SafetensorsHeader& header);

/// Heads are 64 channels wide, as in all of the family. `additionTimeEmbedDim` is left at its default.
UnetConfig unetFromWeights(const TensorMap& weights, std::string_view what);

/// Heads are 64 channels wide, as in CLIP ViT-L and OpenCLIP bigG.
TextEncoderConfig textEncoderFromWeights(
    const TensorMap& weights, Activation activation, std::string_view what);

/// Scaling and shift are left at SDXL's.
VaeConfig vaeFromWeights(const TensorMap& weights, std::string_view what);

/// From marker keys (`v_pred`, `ztsnr`) and the file's notes. Throws Error (UnsupportedModel) for EDM's markers.
SchedulerConfig schedulerFromMarkers(const SafetensorsHeader& header, std::string_view what);

} // namespace studio
