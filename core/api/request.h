#pragma once

#include "core/api/picture.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace studio {

/// The four ways to make a picture; each is a recipe of stages (see Plan), not a set of flags.
enum class Mode { Standard, Simple, Hires, Compare };

/// What a strength number means.
/// Diffusers: `strength * steps` of the steps run (25 at 0.35 runs 8).
/// A1111: all the steps run, over the last part of a longer schedule (25 at 0.35 runs 25).
/// Sigma: the value is the noise level itself; the steps below it run, all of them.
enum class StrengthMeaning { Diffusers, A1111, Sigma };

/// How a decoded picture reaches the upscaler and the next encoder: as float, or rounded to 8 bits on the way.
enum class Handover { Float, EightBit };

/// Where the noise of a seed comes from. Torch: PyTorch's CPU generator, as diffusers uses it.
/// Philox: the counter-based generator that A1111 draws on GPUs, computed on the CPU.
enum class NoiseSource { Torch, Philox };

/// Arithmetic of the networks. Automatic: float32 on a CPU, bfloat16 (else float16) on a GPU.
enum class Precision { Automatic, Float32, BFloat16, Float16 };

/// How a prompt is read. A1111: its prompt language (core/text/prompt_*.h), of any length. Plain: every character is
/// text, and what lies beyond 75 tokens is dropped, as in diffusers.
enum class PromptSyntax { A1111, Plain };

/// What (word:1.3) does to the states of a text encoder. Original: they are multiplied, and each chunk's mean is brought
/// back to what it was. NoNorm: multiplied alone. Comfy: moved away from the states of an empty prompt, as in ComfyUI.
enum class Emphasis { Original, NoNorm, Comfy };

struct PromptSettings {
    PromptSyntax syntax = PromptSyntax::A1111;
    Emphasis emphasis = Emphasis::Original;
    /// Which layer of the text encoders is read, from the end: 1 is the last, 2 the one SDXL was trained with.
    int clipSkip = 2;                // 1..12
    std::vector<std::string> styles; ///< names in the file of styles, applied in this order

    bool operator==(const PromptSettings&) const = default;
};

/// How guidance acts over a pass. Each applies to every pass.
struct GuidanceSettings {
    double rescale
        = 0.0;          ///< 0..1: brings the contrast back that guidance adds (Lin et al. 2023, section 3.4)
    double start = 0.0; ///< 0..1: up to this part of a pass there is none; A1111's "Skip Early CFG"
    double end = 1.0;   ///< 0..1: from this part on there is none (Kynkäänniemi et al. 2024)
    /// Below this noise level the negative prompt is asked in every second call alone; A1111's "NGMS". 0: always asked.
    double skipNegativeBelow = 0.0; // 0..100
    bool skipNegativeInAll = false; ///< in every call below that level

    bool operator==(const GuidanceSettings&) const = default;
};

/// What may be turned on a sampler; each sampler reads what its method has. Applies to every pass.
struct SamplerSettings {
    std::optional<double>
        eta; ///< 0..2: noise put back, as a part of what the method takes; absent: the method's own
    double noiseScale = 1.0;          ///< 0..2: of every draw on the way; A1111's "Sigma noise"
    double churn = 0.0;               ///< 0..100: S_churn (Karras et al. 2022, Algorithm 2)
    double churnFrom = 0.0;           ///< the noise levels between which churn acts
    std::optional<double> churnTo;    ///< absent: no limit
    std::uint64_t noiseSeedDelta = 0; ///< added to the seed of draws on the way; A1111's "ENSD"

    bool operator==(const SamplerSettings&) const = default;
};

/// Settings of one sampling pass.
struct SamplingSettings {
    int steps = 30;        ///< 1..1000
    double guidance = 7.5; ///< classifier-free guidance (Ho & Salimans 2022), 0..100; <= 1 runs without it
    std::string sampler = "euler"; ///< an id of Catalog::samplers
    std::string schedule
        = "model"; ///< an id of Catalog::schedules; "model": what the checkpoint's scheduler asks for
    /// Noise levels one by one, falling, in the place of the first pass's steps and schedule; empty: none given.
    std::vector<double> sigmas;
    GuidanceSettings guidanceShape;
    SamplerSettings tuning;

    bool operator==(const SamplingSettings&) const = default;
};

/// The base at its own size, with an optional pass of the refiner over the finished picture.
struct StandardSettings {
    std::optional<Extent> size; ///< absent: the model's own (1024x1024 for SDXL); multiples of 8, 64..8192
    bool useRefiner = false;
    double refinerStrength = 0.3; ///< 0 = keep the picture .. 1 = ignore it
    StrengthMeaning meaning = StrengthMeaning::Diffusers;

    bool operator==(const StandardSettings&) const = default;
};

/// Enlarge without re-denoising.
struct SimpleSettings {
    std::optional<Extent> base; ///< absent: the model's own (768x768 for SDXL)
    double scale = 1.5;         ///< 1..8
    std::string upscaler = "lanczos";

    bool operator==(const SimpleSettings&) const = default;
};

/// One rung of the hires ladder: enlarge, then denoise again from part of the way.
struct Rung {
    std::optional<Extent> target; ///< absent: `scale` times the rung below, or the model's own target
    std::optional<double> scale;  ///< 1..8; used when `target` is absent
    double strength = 0.35;       ///< 0..1, or a noise level if `meaning` is Sigma (0..20)
    StrengthMeaning meaning = StrengthMeaning::Diffusers;
    int steps = 25;                      ///< 1..1000
    std::optional<double> guidance;      ///< absent: as the first pass
    std::optional<std::string> sampler;  ///< absent: as the first pass
    std::optional<std::string> schedule; ///< absent: as the first pass
    std::string upscaler = "lanczos";
    std::optional<std::string> prompt;         ///< absent: as the first pass
    std::optional<std::string> negativePrompt; ///< absent: as the first pass
    std::string model;                         ///< path; empty: the refiner if there is one, else the base

    bool operator==(const Rung&) const = default;
};

struct HiresSettings {
    std::optional<Extent> base; ///< first-pass size; absent: the model's own (768x768 for SDXL)
    std::vector<Rung> rungs{Rung{}};

    bool operator==(const HiresSettings&) const = default;
};

/// Micro-conditioning of SDXL (Podell et al. 2023, section 2.2). Absent sizes follow the picture's.
struct SizeConditioning {
    std::optional<Extent> original;
    std::optional<Extent> target;
    int cropLeft = 0;
    int cropTop = 0;
    double aestheticScore = 6.0;         ///< refiners only
    double negativeAestheticScore = 2.5; ///< refiners only

    bool operator==(const SizeConditioning&) const = default;
};

struct ModelChoice {
    std::string base;    ///< a .safetensors file or a diffusers folder; empty: the built-in demo model
    std::string refiner; ///< the same; empty: the one the base's folder names, if any
    std::string vae;     ///< a .safetensors file or folder; empty: the checkpoint's own

    bool operator==(const ModelChoice&) const = default;
};

/// An adapter (a LoRA or one of its kin) and how strong it acts. Prompts name more of them.
struct AdapterChoice {
    std::string name;  ///< path of a file, or the name of one in the folders of adapters, without its ending
    double unet = 1.0; ///< -10..10; 0: not at all, 1: as it was trained
    double textEncoder = 1.0;         ///< -10..10
    std::optional<double> secondUnet; ///< in second passes; absent: as in the first
    std::optional<double> secondTextEncoder;
    /// Factors for the blocks of the UNet, 12 or 20, in the order of the extension "LoRA Block Weight": BASE, then
    /// IN04 IN05 IN07 IN08 M00 OUT00..OUT05, or IN00..IN08 M00 OUT00..OUT08. Empty: 1 everywhere.
    std::vector<double> blocks;

    bool operator==(const AdapterChoice&) const = default;
};

struct Execution {
    std::string device = "auto"; ///< "auto", "cpu", "cuda", "cuda:N"
    Precision precision = Precision::Automatic;

    bool operator==(const Execution&) const = default;
};

/// Everything that decides a picture. A plain value: copy it, compare it, save it, send it to another thread.
/// Settings of modes other than `mode` are kept, and the plan names those that are not used.
struct Request {
    std::string prompt;
    std::string negativePrompt;
    Mode mode = Mode::Standard;
    std::optional<std::uint64_t> seed; ///< absent: the engine draws one and writes it into the take
    NoiseSource noise = NoiseSource::Torch;
    PromptSettings prompts;
    SamplingSettings sampling;
    StandardSettings standard;
    SimpleSettings simple;
    HiresSettings hires;
    Handover handover = Handover::Float;
    SizeConditioning conditioning;
    ModelChoice models;
    std::vector<AdapterChoice> adapters;
    Execution execution;
    std::string initPicture; ///< path; if set, this picture is the first pass
    /// Path of a first pass's latent that a take store kept; if set, no first pass runs. What made it (its prompts,
    /// sampling, seed, base checkpoint, size) stands for the same settings here; see core/takes/first_pass.h.
    std::string firstPass;
    bool faceRestoration = false;

    bool operator==(const Request&) const = default;
};

/// What is wrong with a request: the field's name as in its JSON form, and a sentence.
struct Issue {
    std::string field;
    std::string message;

    bool operator==(const Issue&) const = default;
};

/// Judges the values alone (ranges, multiples of 8, empty lists), not the files they name. Empty: may be planned.
std::vector<Issue> check(const Request& request);

} // namespace studio
