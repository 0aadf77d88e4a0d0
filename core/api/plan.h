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

/// A text that the denoiser is told for a part of a pass.
struct TimedPrompt {
    /// The last call of the denoiser it is told in, counted from 0; -1: to the end.
    int until = -1;
    std::string text; ///< with emphasis still in it

    bool operator==(const TimedPrompt&) const = default;
};

/// One of the prompts that AND puts together.
struct PromptPart {
    double weight = 1.0;
    std::vector<TimedPrompt> texts; ///< in their order, at least one

    bool operator==(const PromptPart&) const = default;
};

/// An adapter as it acts in one pass: named in the request's list, or in a prompt as <lora:name:textEncoder:unet>.
struct PlannedAdapter {
    std::string kind; ///< "lora"
    std::string name; ///< without folder and ending
    std::string file; ///< path; empty: there is none of this name, and nothing is applied
    double textEncoder = 1.0;
    double unet = 1.0;
    std::vector<double> blocks; ///< as AdapterChoice::blocks
    std::string hash;           ///< A1111's short hash of the file; in plans that ran, in Plan::adapters

    bool operator==(const PlannedAdapter&) const = default;
};

/// A textual inversion that a prompt names with a word.
struct PlannedEmbedding {
    std::string name;
    std::string file;
    std::string hash; ///< A1111's short hash of the file

    bool operator==(const PlannedEmbedding&) const = default;
};

/// One unit of work. Stages run in order; each reads what earlier ones left (see core/pipeline/runner.h).
struct PlannedStage {
    StageKind kind = StageKind::Denoise;
    std::string label; ///< for people: "Base, 30 steps"
    ModelRole role = ModelRole::None;
    std::string model; ///< path of the checkpoint or upscaling network that runs, empty if none
    /// Denoise, LoadLatent: A1111's short hash of the checkpoint; empty: a folder, or nothing ran yet.
    std::string modelHash;
    Extent size;    ///< of the picture after this stage
    int rung = -1;  ///< index into HiresSettings::rungs; -1: not a hires rung
    int input = -1; ///< index of the stage whose latent or picture this one reads; -1: none
    int text = -1;  ///< Denoise: index of the EncodeText stage whose conditioning it uses

    /// EncodeText: with styles applied and choices made, and the syntax still in it.
    std::string prompt;
    std::string negativePrompt;    ///< EncodeText: the same
    std::vector<PromptPart> parts; ///< EncodeText: what the prompt comes to; one part unless there is an AND
    PromptPart negativePart;       ///< EncodeText: the same of the negative prompt
    std::vector<PlannedEmbedding> embeddings; ///< EncodeText: whose words stand in the prompts
    bool guided = false;                      ///< EncodeText, Denoise: the negative prompt is used
    std::vector<PlannedAdapter> adapters; ///< EncodeText, Denoise: what acts on the networks, in this order

    int steps = 0;                 ///< Denoise: sampler steps that really run
    int evaluations = 0;           ///< Denoise: calls of the UNet
    std::vector<double> sigmas;    ///< Denoise: steps + 1 noise levels, the last 0
    std::vector<double> timesteps; ///< Denoise: the timestep of each of the first `steps` levels
    double initialScale = 0.0;  ///< Denoise: the pass begins at its input (or 0) + initialScale * unit noise
    double largestSigma = 0.0;  ///< Denoise: of the whole schedule, of which this pass may run a part
    double smallestSigma = 0.0; ///< Denoise: the same, above 0
    double guidance = 0.0;      ///< Denoise
    std::string sampler;        ///< Denoise
    std::string schedule;       ///< Denoise, resolved (never "model")
    std::string upscaler;       ///< Upscale

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
    std::vector<std::string> unused;      ///< a sentence for each setting that this mode does not use
    std::vector<std::string> warnings;    ///< a sentence each
    std::vector<PlannedAdapter> adapters; ///< all that the stages name, each once
    std::vector<std::string> notes; ///< what was decided: which model runs the second pass, rounding, ...
    std::string
        vaeHash; ///< of the autoencoder that was put in a checkpoint's place; empty: none was, or nothing ran yet
    std::string device;    ///< "cpu", "cuda:0"
    std::string precision; ///< "float32", "bfloat16", "float16"
    /// Of the processor. Sums are split among them, so that another number changes last digits; 0: not known.
    int threads = 0;
    double predictedSeconds = 0.0;
    std::int64_t predictedPeakBytes = 0;

    bool operator==(const Plan&) const = default;
};

/// "standard", "first_pass", "simple", "upscaled", "hires".
std::string layerId(LayerKind kind);

/// The layers a mode is run for; compare has three.
bool isMainLayer(Mode mode, LayerKind kind);

/// "standard", "simple", "hires", "compare".
std::string modeId(Mode mode);

/// The plan in words, one stage a line, as `--dry-run` prints it. Ends with a line break.
std::string describe(const Plan& plan);

} // namespace studio
