#pragma once

#include "core/weights/format/adapter_key.h"

#include <span>
#include <vector>

namespace studio::adapters {

/// How strong an adapter acts in each part of the model, as artists give it: the lists of the A1111 extension
/// "LoRA Block Weight" for SDXL, whose blocks are LDM's.
/// 12 numbers: BASE, IN04, IN05, IN07, IN08, M00, OUT00 to OUT05 (the blocks with attention); the others take none.
/// 20 numbers: BASE, IN00 to IN08, M00, OUT00 to OUT08.
/// BASE stands for the text encoders and for what lies in no block (the time's and the size's embeddings, the output).
/// An empty list is 1 everywhere.
double blockWeight(std::span<const double> blocks, const NetworkLayer& layer, const LdmLayout& layout = {});

} // namespace studio::adapters
