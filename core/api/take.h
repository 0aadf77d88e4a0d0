#pragma once

#include "core/api/outcome.h"
#include "core/api/picture.h"
#include "core/api/plan.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace studio {

/// One finished picture of a take. The pictures are shared and never changed after they were made.
struct Layer {
    LayerKind kind = LayerKind::Standard;
    Extent size;
    std::shared_ptr<const Picture8> picture; ///< rounded as the reference rounds: what PNGs hold
    std::shared_ptr<const PictureF> precise; ///< before rounding
    double seconds = 0.0;                    ///< from the start of the run until this layer was finished
};

/// What one stage really took.
struct StageRecord {
    StageKind kind = StageKind::Denoise;
    std::string label;
    double seconds = 0.0;
    int steps = 0;
    int evaluations = 0;              ///< calls of the UNet
    std::int64_t peakMemoryBytes = 0; ///< of the process (CPU) or of the device (GPU) during the stage
};

enum class Ending { Finished, Cancelled, Failed };

/// What one Generate leaves. A run that was cancelled or failed still holds every layer finished before.
struct Take {
    Plan plan; ///< plan.request is the request that ran, with its seed
    std::vector<Layer> layers;
    Latent firstPassLatent; ///< empty if no first pass finished
    Latent finalLatent;     ///< of the last pass that finished
    std::vector<StageRecord> stages;
    Ending ending = Ending::Finished;
    std::optional<Failure> failure; ///< set if ending is Failed
    std::vector<std::string> notes; ///< what happened on the way: a retry in float32, tiles, ...
    double seconds = 0.0;
    std::int64_t peakMemoryBytes = 0;
    std::string device;
    std::string precision;

    const Layer* find(LayerKind kind) const;

    /// The picture this take was made for: hires, else simple, else standard, else whatever finished last.
    const Layer* mainLayer() const;
};

} // namespace studio
