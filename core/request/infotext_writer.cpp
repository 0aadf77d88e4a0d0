#include "core/api/infotext.h"
#include "core/request/infotext_names.h"
#include "core/request/infotext_parser.h"
#include "core/request/plan_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace studio {

namespace {

constexpr double kA1111Most = 0.999; ///< where A1111 cuts a strength of 1

/// Collects "Key: value" in A1111's order; an empty value is left out.
class SettingsLine {
public:
    void add(const char* key, const std::string& value)
    {
        if (!value.empty())
            m_text += fmt::format("{}{}: {}", m_text.empty() ? "" : ", ", key, quoteForInfotext(value));
    }
    void add(const char* key, double value) { add(key, fmt::format("{}", value)); }
    void addUnless(const char* key, double value, double usual)
    {
        if (value != usual)
            add(key, value);
    }
    const std::string& text() const { return m_text; }

private:
    std::string m_text;
};

/// The stages that lead to a layer, last first.
std::vector<const PlannedStage*> pathTo(const Plan& plan, LayerKind layer)
{
    std::vector<const PlannedStage*> path;
    const auto found = std::find_if(plan.stages.begin(), plan.stages.end(),
        [&](const PlannedStage& stage) { return stage.layer == layer; });
    auto index = found == plan.stages.end() ? -1 : static_cast<int>(found - plan.stages.begin());
    while (index >= 0 && path.size() <= plan.stages.size()) {
        path.push_back(&plan.stages[static_cast<std::size_t>(index)]);
        const int input = path.back()->input;
        index = input < index ? input : -1; // stages read what ran before them
    }
    return path;
}

/// What made a layer, in A1111's terms.
struct Passes {
    const PlannedStage* first
        = nullptr; ///< denoises first: from pure noise (perhaps earlier), or from an opened picture
    const PlannedStage* second = nullptr;  ///< denoises last, if not the same
    const PlannedStage* upscale = nullptr; ///< enlarges last
    Extent finalSize;
    bool fromPicture = false;
};

Passes passesOf(const Plan& plan, LayerKind layer)
{
    Passes passes;
    for (const PlannedStage* stage : pathTo(plan, layer)) {
        if (!passes.finalSize.isSet())
            passes.finalSize = stage->size;
        if (stage->kind == StageKind::Upscale && !passes.upscale)
            passes.upscale = stage;
        passes.fromPicture = passes.fromPicture || stage->kind == StageKind::LoadPicture;
        if (stage->kind != StageKind::Denoise && stage->kind != StageKind::LoadLatent)
            continue;
        if (!passes.second)
            passes.second = stage;
        passes.first = stage;
    }
    if (passes.second == passes.first)
        passes.second = nullptr;
    return passes;
}

/// A1111 runs all of its hires steps n over the last part of a schedule of int(n / strength). The strength of the
/// fewest digits that makes this schedule `total` steps long.
double strengthFor(int steps, int total)
{
    for (double scale = 10.0; scale < 1e7; scale *= 10.0) {
        // The largest that fits, or the next when a division comes out a hair too small (7 / 0.28).
        const double largest = std::floor(static_cast<double>(steps) / total * scale + 1e-9);
        for (const double strength : {largest / scale, (largest - 1.0) / scale})
            if (strength > 0.0 && static_cast<int>(steps / std::min(strength, kA1111Most)) == total)
                return strength;
    }
    return static_cast<double>(steps) / total;
}

/// The strength in A1111's meaning. Its steps are the stage's own count.
double a1111Strength(const Plan& plan, const PlannedStage& stage, StrengthMeaning meaning, double strength)
{
    if (stage.steps == 0)
        return 0.0;
    switch (meaning) {
    case StrengthMeaning::A1111:
        return strength;
    case StrengthMeaning::Diffusers:
        return strengthFor(stage.steps, std::max(requestedSteps(plan, stage), stage.steps));
    case StrengthMeaning::Sigma:
        break;
    }
    // As far as A1111 can say it: the part of the training schedule that lies below the start.
    const double start = stage.timesteps.empty() ? 0.0 : stage.timesteps.front();
    return std::round((start + 1.0) / 10.0) / 100.0;
}

/// A network goes by its file's name, as A1111 has it.
std::string upscalerLabel(const PlannedStage& stage)
{
    return stage.model.empty() ? labelOf(infotextUpscalers(), stage.upscaler) : modelName(stage.model);
}

/// "Hires upscale: 2" where that gives the size, else "Hires resize: 1536x1536".
void addTarget(SettingsLine& line, Extent from, Extent to, const char* byFactor, const char* bySize)
{
    if (!from.isSet())
        return;
    const double factor = static_cast<double>(to.width) / from.width;
    const double rounded = std::round(factor * 100.0) / 100.0;
    if (static_cast<int>(from.width * rounded) == to.width
        && static_cast<int>(from.height * rounded) == to.height)
        line.add(byFactor, rounded);
    else
        line.add(bySize, fmt::format("{}x{}", to.width, to.height));
}

const std::string& promptOf(const Plan& plan, const PlannedStage& stage, std::string PlannedStage::*member,
    const std::string& otherwise)
{
    // A stored first pass encodes no text: it names what it was told itself (takes of earlier versions do not).
    if (stage.kind == StageKind::LoadLatent && !(stage.prompt.empty() && stage.negativePrompt.empty()))
        return stage.*member;
    const auto text = static_cast<std::size_t>(stage.text);
    return stage.text >= 0 && text < plan.stages.size() ? plan.stages[text].*member : otherwise;
}

/// A prompt with the adapters of the request's list behind it, as A1111 would have been asked for them.
std::string withAdapters(std::string prompt, const Request& request, bool isSecondPass)
{
    for (const AdapterChoice& adapter : request.adapters) {
        const double unet = isSecondPass ? adapter.secondUnet.value_or(adapter.unet) : adapter.unet;
        const double text
            = isSecondPass ? adapter.secondTextEncoder.value_or(adapter.textEncoder) : adapter.textEncoder;
        prompt += fmt::format("{}<lora:{}:{}", prompt.empty() ? "" : " ", modelName(adapter.name), text);
        if (unet != text)
            prompt += fmt::format(":{}", unet);
        if (!adapter.blocks.empty())
            prompt += fmt::format(":lbw={}", fmt::join(adapter.blocks, ","));
        prompt += '>';
    }
    return prompt;
}

/// "ink: 0123456789ab, fog: ..." of what was applied, each once.
std::string adapterHashes(const Plan& plan)
{
    std::string hashes;
    std::set<std::string_view> seen;
    for (const PlannedAdapter& adapter : plan.adapters)
        if (!adapter.hash.empty() && seen.insert(adapter.name).second)
            hashes += fmt::format("{}{}: {}", hashes.empty() ? "" : ", ", adapter.name, adapter.hash);
    return hashes;
}

std::string embeddingHashes(const Plan& plan)
{
    std::string hashes;
    std::set<std::string_view> seen;
    for (const PlannedStage& stage : plan.stages)
        for (const PlannedEmbedding& embedding : stage.embeddings)
            if (seen.insert(embedding.name).second)
                hashes += fmt::format("{}{}: {}", hashes.empty() ? "" : ", ", embedding.name, embedding.hash);
    return hashes;
}

void addSecondPass(SettingsLine& line, const Plan& plan, const Passes& passes)
{
    const Request& request = plan.request;
    const PlannedStage& first = *passes.first;
    const PlannedStage& second = *passes.second;
    const auto different = [](const std::string& value, const std::string& usual) {
        return value == usual ? std::string() : value;
    };
    if (second.model != first.model)
        line.add("Hires checkpoint",
            second.modelHash.empty() ? modelName(second.model)
                                     : fmt::format("{} [{}]", modelName(second.model), second.modelHash));
    line.add("Hires sampler",
        different(labelOf(infotextSamplers(), second.sampler), labelOf(infotextSamplers(), first.sampler)));
    line.add("Hires prompt",
        different(withAdapters(promptOf(plan, second, &PlannedStage::prompt, request.prompt), request, true),
            withAdapters(promptOf(plan, first, &PlannedStage::prompt, request.prompt), request, false)));
    line.add("Hires negative prompt",
        different(promptOf(plan, second, &PlannedStage::negativePrompt, request.negativePrompt),
            promptOf(plan, first, &PlannedStage::negativePrompt, request.negativePrompt)));
    if (second.guidance != first.guidance)
        line.add("Hires CFG Scale", second.guidance);
    line.add("Hires schedule type",
        different(
            labelOf(infotextSchedules(), second.schedule), labelOf(infotextSchedules(), first.schedule)));
    addTarget(line, first.size, passes.finalSize, "Hires upscale", "Hires resize");
    if (second.steps > 0)
        line.add("Hires steps", second.steps);
    line.add("Hires upscaler", passes.upscale ? upscalerLabel(*passes.upscale) : "None");
}

/// The strength of a second pass and what it means: the rung's, or the refiner's over the standard picture.
std::pair<double, StrengthMeaning> strengthOf(const Request& request, const PlannedStage& second)
{
    const auto rung = static_cast<std::size_t>(second.rung);
    if (second.rung >= 0 && rung < request.hires.rungs.size())
        return {request.hires.rungs[rung].strength, request.hires.rungs[rung].meaning};
    return {request.standard.refinerStrength, request.standard.meaning};
}

void addStrength(SettingsLine& line, const Plan& plan, const Passes& passes)
{
    // A1111's img2img, too, gives the strength beside the steps that were asked for.
    if (passes.fromPicture)
        return line.add("Denoising strength", strengthOf(plan.request, *passes.first).first);
    if (!passes.second)
        return;
    const auto [strength, meaning] = strengthOf(plan.request, *passes.second);
    line.add("Denoising strength", a1111Strength(plan, *passes.second, meaning, strength));
}

void addEnlargement(SettingsLine& line, const Plan& plan, const Passes& passes)
{
    if (passes.second) {
        addSecondPass(line, plan, passes);
        const auto [strength, meaning] = strengthOf(plan.request, *passes.second);
        if (meaning == StrengthMeaning::Sigma)
            line.add(kStartSigmaKey, strength);
    } else if (passes.upscale && !passes.fromPicture) {
        addTarget(
            line, passes.first->size, passes.finalSize, "Postprocess upscale by", "Postprocess upscale to");
        line.add("Postprocess upscaler", upscalerLabel(*passes.upscale));
    }
}

/// A1111 writes none of these at its defaults.
void addTuning(SettingsLine& line, const SamplingSettings& sampling)
{
    const GuidanceSettings& shape = sampling.guidanceShape;
    line.addUnless("NGMS", shape.skipNegativeBelow, 0.0);
    if (shape.skipNegativeInAll)
        line.add("NGMS all steps", "True");
    line.addUnless("Skip Early CFG", shape.start, 0.0);
    line.addUnless(kGuidanceEndKey, shape.end, 1.0);
    line.addUnless(kRescaleKey, shape.rescale, 0.0);
    const SamplerSettings& tuning = sampling.tuning;
    if (tuning.eta)
        line.add("Eta", *tuning.eta);
    line.addUnless("Sigma churn", tuning.churn, 0.0);
    line.addUnless("Sigma tmin", tuning.churnFrom, 0.0);
    if (tuning.churnTo)
        line.add("Sigma tmax", *tuning.churnTo);
    line.addUnless("Sigma noise", tuning.noiseScale, 1.0);
    line.add(kSigmasKey, fmt::format("{}", fmt::join(sampling.sigmas, ", ")));
}

void addPromptSettings(SettingsLine& line, const PromptSettings& prompts)
{
    if (prompts.syntax == PromptSyntax::Plain)
        line.add(kSyntaxKey, "Plain");
    else if (prompts.emphasis != Emphasis::Original)
        line.add("Emphasis", prompts.emphasis == Emphasis::NoNorm ? kNoNormLabel : kComfyLabel);
}

std::string settingsLine(const Plan& plan, const Passes& passes)
{
    const Request& request = plan.request;
    const PlannedStage& first = *passes.first;
    SettingsLine line;
    line.add("Steps", passes.fromPicture ? requestedSteps(plan, first) : first.steps);
    line.add("Sampler", labelOf(infotextSamplers(), first.sampler));
    line.add("Schedule type", labelOf(infotextSchedules(), first.schedule));
    line.add("CFG scale", first.guidance);
    line.add("Seed", request.seed ? std::to_string(*request.seed) : "");
    line.add("Size", fmt::format("{}x{}", first.size.width, first.size.height));
    line.add("Model hash", first.modelHash);
    line.add("Model", modelName(first.model));
    line.add("VAE hash", plan.vaeHash);
    line.add("VAE", modelName(request.models.vae));
    addStrength(line, plan, passes);
    line.addUnless("Clip skip", request.prompts.clipSkip, PromptSettings().clipSkip);
    if (request.sampling.tuning.noiseSeedDelta != 0)
        line.add("ENSD", std::to_string(request.sampling.tuning.noiseSeedDelta));
    line.add("RNG", request.noise == NoiseSource::Torch ? "CPU" : "NV");
    addTuning(line, request.sampling);
    addEnlargement(line, plan, passes);
    addPromptSettings(line, request.prompts);
    line.add("Lora hashes", adapterHashes(plan));
    line.add("TI hashes", embeddingHashes(plan));
    line.add("Version", "Hires Studio " STUDIO_VERSION);
    return line.text();
}

} // namespace

std::string toInfotext(const Plan& plan, LayerKind layer)
{
    const Passes passes = passesOf(plan, layer);
    const Request& request = plan.request;
    std::string text = request.prompt;
    std::string negative = request.negativePrompt;
    if (passes.first) {
        text = withAdapters(
            promptOf(plan, *passes.first, &PlannedStage::prompt, request.prompt), request, false);
        negative = promptOf(plan, *passes.first, &PlannedStage::negativePrompt, request.negativePrompt);
    }
    if (!negative.empty())
        text += "\nNegative prompt: " + negative;
    if (passes.first)
        text.append(1, '\n').append(settingsLine(plan, passes));
    // As A1111 does with the whole: an empty prompt leaves no empty line before.
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string::npos ? std::string()
                                      : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

} // namespace studio
