#pragma once

#include "core/api/picture.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace studio {

/// The shape of a UNet of the SDXL family (Podell et al. 2023, section 2.1). Defaults: SDXL base 1.0.
struct UnetConfig {
    std::int64_t inChannels = 4;
    std::int64_t outChannels = 4;
    std::vector<std::int64_t> channels{320, 640, 1280};    ///< per level, outermost first
    std::vector<std::int64_t> transformerLayers{0, 2, 10}; ///< per level; 0: no attention at this level
    std::int64_t midTransformerLayers = 10;                ///< 0: no attention in the middle
    std::vector<std::int64_t> heads{5, 10, 20}; ///< attention heads per level (the middle: the last)
    std::int64_t layersPerLevel = 2;            ///< ResNet blocks per level going down; +1 going up
    std::int64_t crossAttentionDim = 2048;      ///< channels of the text context
    std::int64_t additionTimeEmbedDim = 256;    ///< sinusoidal channels per size number
    std::int64_t projectionInputDim = 2816;     ///< pooled text + size numbers * additionTimeEmbedDim
    std::int64_t normGroups = 32;
    double normEpsilon = 1e-5;
    bool linearProjection = true; ///< proj_in/proj_out are Linear, not 1x1 convolutions
    bool flipSinToCos = true;     ///< of the sinusoidal timestep embedding
    double frequencyShift = 0.0;

    bool operator==(const UnetConfig&) const = default;
};

enum class Activation { Gelu, QuickGelu };

/// A CLIP text transformer (Radford et al. 2021). Defaults: CLIP ViT-L/14.
struct TextEncoderConfig {
    std::int64_t vocabulary = 49408;
    std::int64_t hidden = 768;
    std::int64_t intermediate = 3072;
    std::int64_t layers = 12;
    std::int64_t heads = 12;
    std::int64_t positions = 77;
    Activation activation = Activation::QuickGelu;
    double normEpsilon = 1e-5;
    std::int64_t projection = 0;   ///< channels of the pooled projection; 0: the encoder has none
    std::int64_t endToken = 49407; ///< the pooled vector is read where this token first stands

    bool operator==(const TextEncoderConfig&) const = default;
};

/// A KL autoencoder (Rombach et al. 2022). Defaults: SDXL's.
struct VaeConfig {
    std::int64_t latentChannels = 4;
    std::vector<std::int64_t> channels{
        128, 256, 512, 512}; ///< per level, outermost first; 8x with four levels
    std::int64_t layersPerLevel = 2;
    std::int64_t normGroups = 32;
    bool quantConvolutions = true; ///< quant_conv and post_quant_conv exist
    bool midAttention = true;
    double scalingFactor = 0.13025;
    double shiftFactor = 0.0;
    bool forceUpcast = true; ///< overflows in float16

    bool operator==(const VaeConfig&) const = default;
};

enum class PredictionType { Epsilon, VPrediction };
enum class TimestepSpacing { Leading, Trailing, Linspace };

/// The noise schedule a checkpoint was trained with, and how its makers want it sampled. Defaults: SDXL base 1.0.
struct SchedulerConfig {
    int trainTimesteps = 1000;
    double betaStart = 0.00085;
    double betaEnd = 0.012;
    bool scaledLinear = true; ///< betas linear in their square roots; false: linear
    PredictionType prediction = PredictionType::Epsilon;
    TimestepSpacing spacing = TimestepSpacing::Leading;
    int stepsOffset = 1;
    bool rescaleZeroTerminalSnr = false; ///< Lin et al. 2023 (arXiv:2305.08891), Algorithm 1
    bool finalSigmaZero = true;          ///< false: the last level is the smallest training sigma
    double guidanceRescale = 0.0;

    bool operator==(const SchedulerConfig&) const = default;
};

/// How the pipeline of a checkpoint treats text and sizes (model_index.json, or the kind of a single file).
struct PipelineConfig {
    bool isRefiner = false;               ///< one text encoder, aesthetic score instead of the target size
    bool forceZerosForEmptyPrompt = true; ///< an empty negative prompt is zeros, not the encoded empty string

    bool operator==(const PipelineConfig&) const = default;
};

/// A model folder's wishes for this program: `hires_studio.json` beside model_index.json. Absent: SDXL's sizes.
struct ModelDefaults {
    std::string name;
    Extent standard{1024, 1024};
    Extent simpleBase{768, 768};
    double simpleScale = 1.5;
    Extent hiresBase{768, 768};
    Extent hiresTarget{1536, 1536};
    std::string refiner; ///< folder or file beside this model, absolute; empty: none
    /// Latent to preview: rgb = latent * matrix + bias, in 0..1. Rows are the four latent channels.
    std::optional<std::array<std::array<double, 3>, 4>> latentToRgb;
    std::array<double, 3> latentToRgbBias{0.5, 0.5, 0.5};
    std::vector<std::string> examplePrompts;

    bool operator==(const ModelDefaults&) const = default;
};

} // namespace studio
