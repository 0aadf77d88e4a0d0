#pragma once

#include "core/request/foreign/comfy_passes.h"

namespace studio {

/// A sampler's own values, and those of the nodes for its model, texts, noise and schedule.
ComfyPass readComfySampler(const ComfyGraph& graph, ImportBuilder& builder, const ComfyNode& sampler);

/// The texts at the end of a conditioning link, in our language; also how the text encoders are set.
/// `slot` of nodes that hand on both: 0 the positive, 1 the negative one.
std::string readComfyConditioning(
    const ComfyGraph& graph, ImportBuilder& builder, ComfyLink at, bool isNegative, ComfyPass& pass);

} // namespace studio
