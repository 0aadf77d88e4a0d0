#pragma once

#include "core/api/request.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace studio {

/// LoadLatent: a stored first pass in the place of a Denoise stage. It names the sampling that once made the latent,
/// and evaluates no network.
enum class StageKind {
    EncodeText,
    Denoise,
    Decode,
    Upscale,
    EncodeImage,
    LoadPicture,
    RestoreFaces,
    LoadLatent
};

/// Which network a stage runs.
enum class ModelRole { None, Base, Refiner, Second };

/// What a layer of a take shows. The text form (`layerId`) is used in file names and JSON.
enum class LayerKind { Standard, FirstPass, Simple, Upscaled, Hires };

/// One unit of work. Stages run in order; each reads what earlier ones left (see core/pipeline/runner.h).
struct PlannedStage {
    StageKind kind = StageKind::Denoise;
    std::string label; ///< for people: "Base, 30 steps"
    ModelRole role = ModelRole::None;
    std::string model; ///< path of the checkpoint that runs, empty if none
    Extent size;       ///< of the picture after this stage
    int rung = -1;     ///< index into HiresSettings::rungs; -1: not a hires rung
    int input = -1;    ///< index of the stage whose latent or picture this one reads; -1: none
    int text = -1;     ///< Denoise: index of the EncodeText stage whose conditioning it uses

    std::string prompt;         ///< EncodeText
    std::string negativePrompt; ///< EncodeText

    int steps = 0;                 ///< Denoise: sampler steps that really run
    int evaluations = 0;           ///< Denoise: calls of the UNet
    std::vector<double> sigmas;    ///< Denoise: steps + 1 noise levels, the last 0
    std::vector<double> timesteps; ///< Denoise: the timestep of each of the first `steps` levels
    double initialScale = 0.0; ///< Denoise: the pass begins at its input (or 0) + initialScale * unit noise
    double guidance = 0.0;     ///< Denoise
    std::string sampler;       ///< Denoise
    std::string schedule;      ///< Denoise, resolved (never "model")
    std::string upscaler;      ///< Upscale

    std::optional<LayerKind> layer; ///< set: the picture after this stage becomes this layer of the take
    double predictedSeconds = 0.0;  ///< 0: nothing like it has run on this machine yet
    std::int64_t predictedPeakBytes = 0;

    bool operator==(const PlannedStage&) const = default;
};

/// What a request will do on this machine. Made before anything runs; the interface draws it, progress counts along
/// it.
struct Plan {
    Request request; ///< with every default resolved: sizes, seed, schedule, models
    std::vector<PlannedStage> stages;
    std::vector<std::string> unused;   ///< a sentence for each setting that this mode does not use
    std::vector<std::string> warnings; ///< a sentence each
    std::vector<std::string> notes;    ///< what was decided: which model runs the second pass, rounding, ...
    std::string device;                ///< "cpu", "cuda:0"
    std::string precision;             ///< "float32", "bfloat16", "float16"
    double predictedSeconds = 0.0;
    std::int64_t predictedPeakBytes = 0;

    bool operator==(const Plan&) const = default;
};

/// "standard", "first_pass", "simple", "upscaled", "hires".
std::string layerId(LayerKind kind);

/// "standard", "simple", "hires", "compare".
std::string modeId(Mode mode);

/// The plan in words, one stage a line, as `--dry-run` prints it. Ends with a line break.
std::string describe(const Plan& plan);

} // namespace studio
