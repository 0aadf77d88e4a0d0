#pragma once

#include "core/api/request.h"

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

// Every field of a request, once: its name in JSON, its member, its range. What writes, reads and checks requests
// walks these rows (`visitFields` below) with a visitor of its own; a new field is one new row.

namespace studio {

/// Both ends belong to it.
struct Range {
    double low = 0.0;
    double high = 0.0;
};

/// Latent: sides that latents can have, multiples of 8 from 64 to 8192. Any: 1 to 16384.
enum class SizeRule { Latent, Any };

/// Line: no line breaks (paths, ids). Name: a line that must not be empty. Prose: anything.
enum class TextRule { Prose, Line, Name, Device };

inline constexpr std::size_t kMaxTextBytes = 100'000;
inline constexpr std::size_t kMaxRungs = 8;
inline constexpr Range kStepsRange{1, 1000};
inline constexpr Range kGuidanceRange{0, 100};
inline constexpr Range kScaleRange{1, 8};
inline constexpr Range kCropRange{0, 16384};
inline constexpr Range kAestheticRange{0, 10};
inline constexpr Range kClipSkipRange{1, 12};
inline constexpr Range kFractionRange{0, 1};
inline constexpr Range kSigmaRange{0, 1e6};
inline constexpr Range kChurnRange{0, 100};
inline constexpr Range kNoiseScaleRange{0, 2};
inline constexpr Range kAdapterRange{-10, 10};
inline constexpr std::size_t kMaxStyles = 64;
inline constexpr std::size_t kMaxAdapters = 64;
inline constexpr std::size_t kShortBlockList = 12;
inline constexpr std::size_t kLongBlockList = 20;
inline constexpr std::size_t kMaxSigmas = 1001;

/// A strength is a fraction, or a noise level if it means one.
inline Range strengthRange(StrengthMeaning meaning)
{
    return meaning == StrengthMeaning::Sigma ? Range{0, 20} : Range{0, 1};
}

template <class Enum> struct Choice {
    Enum value;
    std::string_view id;
};

inline constexpr std::array kModes{Choice<Mode>{Mode::Standard, "standard"},
    Choice<Mode>{Mode::Simple, "simple"}, Choice<Mode>{Mode::Hires, "hires"},
    Choice<Mode>{Mode::Compare, "compare"}};
inline constexpr std::array kMeanings{Choice<StrengthMeaning>{StrengthMeaning::Diffusers, "diffusers"},
    Choice<StrengthMeaning>{StrengthMeaning::A1111, "a1111"},
    Choice<StrengthMeaning>{StrengthMeaning::Sigma, "sigma"}};
inline constexpr std::array kHandovers{
    Choice<Handover>{Handover::Float, "float"}, Choice<Handover>{Handover::EightBit, "8bit"}};
inline constexpr std::array kNoiseSources{
    Choice<NoiseSource>{NoiseSource::Torch, "torch"}, Choice<NoiseSource>{NoiseSource::Philox, "philox"}};
inline constexpr std::array kSyntaxes{
    Choice<PromptSyntax>{PromptSyntax::A1111, "a1111"}, Choice<PromptSyntax>{PromptSyntax::Plain, "plain"}};
inline constexpr std::array kEmphases{Choice<Emphasis>{Emphasis::Original, "original"},
    Choice<Emphasis>{Emphasis::NoNorm, "no_norm"}, Choice<Emphasis>{Emphasis::Comfy, "comfy"}};
inline constexpr std::array kPrecisions{Choice<Precision>{Precision::Automatic, "auto"},
    Choice<Precision>{Precision::Float32, "fp32"}, Choice<Precision>{Precision::BFloat16, "bf16"},
    Choice<Precision>{Precision::Float16, "fp16"}};

/// S is T or const T: one list of rows serves readers and writers.
template <class S, class T>
concept Of = std::same_as<std::remove_const_t<S>, T>;

template <class Fields> void visitFields(Fields& fields, Of<PromptSettings> auto& prompts)
{
    fields.choice("syntax", prompts.syntax, kSyntaxes);
    fields.choice("emphasis", prompts.emphasis, kEmphases);
    fields.number("clip_skip", prompts.clipSkip, kClipSkipRange);
    fields.texts("styles", prompts.styles, TextRule::Name, kMaxStyles);
}

template <class Fields> void visitFields(Fields& fields, Of<GuidanceSettings> auto& shape)
{
    fields.number("rescale", shape.rescale, kFractionRange);
    fields.number("start", shape.start, kFractionRange);
    fields.number("end", shape.end, kFractionRange);
    fields.number("skip_negative_below", shape.skipNegativeBelow, kSigmaRange);
    fields.flag("skip_negative_in_all", shape.skipNegativeInAll);
}

template <class Fields> void visitFields(Fields& fields, Of<SamplerSettings> auto& tuning)
{
    fields.number("eta", tuning.eta, kNoiseScaleRange);
    fields.number("noise_scale", tuning.noiseScale, kNoiseScaleRange);
    fields.number("churn", tuning.churn, kChurnRange);
    fields.number("churn_from", tuning.churnFrom, kSigmaRange);
    fields.number("churn_to", tuning.churnTo, kSigmaRange);
    fields.wholeNumber("noise_seed_delta", tuning.noiseSeedDelta);
}

template <class Fields> void visitFields(Fields& fields, Of<SamplingSettings> auto& sampling)
{
    fields.number("steps", sampling.steps, kStepsRange);
    fields.number("guidance", sampling.guidance, kGuidanceRange);
    fields.text("sampler", sampling.sampler, TextRule::Name);
    fields.text("schedule", sampling.schedule, TextRule::Name);
    fields.numbers("sigmas", sampling.sigmas, kSigmaRange, kMaxSigmas);
    fields.object("guidance_shape", sampling.guidanceShape);
    fields.object("tuning", sampling.tuning);
}

template <class Fields> void visitFields(Fields& fields, Of<StandardSettings> auto& standard)
{
    fields.size("size", standard.size, SizeRule::Latent);
    fields.flag("use_refiner", standard.useRefiner);
    fields.number("refiner_strength", standard.refinerStrength, strengthRange(standard.meaning));
    fields.choice("strength_meaning", standard.meaning, kMeanings);
}

template <class Fields> void visitFields(Fields& fields, Of<SimpleSettings> auto& simple)
{
    fields.size("base", simple.base, SizeRule::Latent);
    fields.number("scale", simple.scale, kScaleRange);
    fields.text("upscaler", simple.upscaler, TextRule::Name);
}

template <class Fields> void visitFields(Fields& fields, Of<Rung> auto& rung)
{
    fields.size("target", rung.target, SizeRule::Latent);
    fields.number("scale", rung.scale, kScaleRange);
    fields.number("strength", rung.strength, strengthRange(rung.meaning));
    fields.choice("strength_meaning", rung.meaning, kMeanings);
    fields.number("steps", rung.steps, kStepsRange);
    fields.number("guidance", rung.guidance, kGuidanceRange);
    fields.text("sampler", rung.sampler, TextRule::Name);
    fields.text("schedule", rung.schedule, TextRule::Name);
    fields.text("upscaler", rung.upscaler, TextRule::Name);
    fields.text("prompt", rung.prompt, TextRule::Prose);
    fields.text("negative_prompt", rung.negativePrompt, TextRule::Prose);
    fields.text("model", rung.model, TextRule::Line);
}

template <class Fields> void visitFields(Fields& fields, Of<HiresSettings> auto& hires)
{
    fields.size("base", hires.base, SizeRule::Latent);
    fields.list("rungs", hires.rungs, kMaxRungs, /*least=*/1);
}

template <class Fields> void visitFields(Fields& fields, Of<SizeConditioning> auto& conditioning)
{
    fields.size("original", conditioning.original, SizeRule::Any);
    fields.size("target", conditioning.target, SizeRule::Any);
    fields.number("crop_left", conditioning.cropLeft, kCropRange);
    fields.number("crop_top", conditioning.cropTop, kCropRange);
    fields.number("aesthetic_score", conditioning.aestheticScore, kAestheticRange);
    fields.number("negative_aesthetic_score", conditioning.negativeAestheticScore, kAestheticRange);
}

template <class Fields> void visitFields(Fields& fields, Of<ModelChoice> auto& models)
{
    fields.text("base", models.base, TextRule::Line);
    fields.text("refiner", models.refiner, TextRule::Line);
    fields.text("vae", models.vae, TextRule::Line);
}

template <class Fields> void visitFields(Fields& fields, Of<AdapterChoice> auto& adapter)
{
    fields.text("name", adapter.name, TextRule::Name);
    fields.number("unet", adapter.unet, kAdapterRange);
    fields.number("text_encoder", adapter.textEncoder, kAdapterRange);
    fields.number("second_unet", adapter.secondUnet, kAdapterRange);
    fields.number("second_text_encoder", adapter.secondTextEncoder, kAdapterRange);
    fields.numbers("blocks", adapter.blocks, kAdapterRange, kLongBlockList);
}

template <class Fields> void visitFields(Fields& fields, Of<Execution> auto& execution)
{
    fields.text("device", execution.device, TextRule::Device);
    fields.choice("precision", execution.precision, kPrecisions);
}

template <class Fields> void visitFields(Fields& fields, Of<Request> auto& request)
{
    fields.text("prompt", request.prompt, TextRule::Prose);
    fields.text("negative_prompt", request.negativePrompt, TextRule::Prose);
    fields.choice("mode", request.mode, kModes);
    fields.seed("seed", request.seed);
    fields.choice("noise", request.noise, kNoiseSources);
    fields.object("prompts", request.prompts);
    fields.object("sampling", request.sampling);
    fields.object("standard", request.standard);
    fields.object("simple", request.simple);
    fields.object("hires", request.hires);
    fields.choice("handover", request.handover, kHandovers);
    fields.object("conditioning", request.conditioning);
    fields.object("models", request.models);
    fields.list("adapters", request.adapters, kMaxAdapters, /*least=*/0);
    fields.object("execution", request.execution);
    fields.text("init_picture", request.initPicture, TextRule::Line);
    fields.text("first_pass", request.firstPass, TextRule::Line);
    fields.flag("face_restoration", request.faceRestoration);
}

template <class Enum, std::size_t N>
std::string_view idOf(Enum value, const std::array<Choice<Enum>, N>& choices)
{
    for (const Choice<Enum>& choice : choices)
        if (choice.value == value)
            return choice.id;
    return {};
}

} // namespace studio
