#pragma once

#include "core/request/foreign/comfy_graph.h"
#include "core/request/import_builder.h"

#include <optional>
#include <string>
#include <vector>

namespace studio {

/// What makes a picture or latent larger between two samplers.
struct ComfyEnlargement {
    std::optional<Extent> target; ///< a side of 0 follows the other
    double factor = 1.0;          ///< of the target, or of what was there before
    std::string filter; ///< "lanczos", "bislerp", an upscaling model's file; empty: nothing is enlarged
    bool isSet() const { return !filter.empty(); }
};

struct ComfyAdapter {
    std::string file;
    double unet = 1.0;
    double textEncoder = 1.0;
};

/// One sampler with all that reaches it. Values are as they stand in the graph, null where there is none.
struct ComfyPass {
    const nlohmann::json* seed = nullptr;
    const nlohmann::json* steps = nullptr;
    const nlohmann::json* guidance = nullptr;
    const nlohmann::json* strength = nullptr; ///< "denoise"
    const nlohmann::json* firstStep = nullptr;
    const nlohmann::json* lastStep = nullptr;
    const nlohmann::json* rescale = nullptr;
    const nlohmann::json* eta = nullptr;
    const nlohmann::json* noiseScale = nullptr;
    const nlohmann::json* clipLayer = nullptr; ///< -1 is the last
    bool addsNoise = true;
    std::string sampler;
    std::string schedule;
    std::string prompt;
    std::string negativePrompt;
    std::string model;
    std::vector<ComfyAdapter> adapters; ///< the one nearest to the checkpoint first
    SizeConditioning conditioning;
    ComfyEnlargement before; ///< between the pass before and this one
    std::optional<Extent> emptyLatent;
    bool startsFromPicture = false;
};

struct ComfyPasses {
    std::vector<ComfyPass> passes; ///< in the order they run
    ComfyEnlargement after;        ///< of the finished picture
};

/// Walks back from the node that saves the picture. What is passed over is said. Throws Error if there is no sampler.
ComfyPasses comfyPasses(const ComfyGraph& graph, ImportBuilder& builder);

} // namespace studio
