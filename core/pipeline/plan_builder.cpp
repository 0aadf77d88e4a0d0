#include "core/pipeline/plan_builder.h"

#include "core/adapters/adapter_folders.h"
#include "core/base/error.h"
#include "core/sampling/samplers.h"
#include "core/sampling/schedules.h"
#include "core/text/embedding_words.h"
#include "core/weights/format/sentences.h"

#include <algorithm>

namespace studio::pipeline {

namespace {

constexpr const char* kCustomSchedule = "custom";
constexpr std::size_t kKeysNamed = 8; ///< of those that match nothing; the log has them all

/// What several passes have to say is said once.
void sayOnce(std::vector<std::string>& sentences, std::string sentence)
{
    if (std::ranges::find(sentences, sentence) == sentences.end())
        sentences.push_back(std::move(sentence));
}

std::string stepsInWords(int run, int asked)
{
    const std::string noun = asked == 1 ? " step" : " steps";
    return run == asked ? std::to_string(run) + noun
                        : std::to_string(run) + " of " + std::to_string(asked) + noun;
}

/// Calls of the denoiser that a sampler makes over these levels: counted by running it on a latent of one cell.
int countEvaluations(const sampling::SamplerInfo& sampler, std::span<const double> sigmas)
{
    int count = 0;
    const sampling::Denoiser counting = [&count](const at::Tensor& x, double) {
        ++count;
        return x * 0.5;
    };
    sampling::NoiseStream noise(NoiseSource::Torch, 0);
    sampling::SamplerContext context{noise};
    sampler.function(counting, at::ones({1, 4, 1, 1}), sigmas, context);
    return count;
}

void takeLevels(PlannedStage& stage, const sampling::NoiseLevels& levels, const SamplingSettings& settings)
{
    stage.sigmas = levels.sigmas;
    stage.timesteps = levels.timesteps;
    stage.steps = int(levels.timesteps.size());
    stage.guidance = settings.guidance;
    stage.sampler = settings.sampler;
    stage.initialScale = levels.initialScale;
    stage.largestSigma = levels.largest;
    stage.smallestSigma = levels.smallest;
    stage.evaluations = countEvaluations(sampling::samplerById(settings.sampler), stage.sigmas);
}

} // namespace

PlanBuilder::PlanBuilder(const Resolved& resolved)
    : m_resolved(resolved)
{
    m_plan.request = resolved.request;
    m_plan.notes = resolved.notes;
    m_plan.warnings = resolved.warnings;
    m_plan.unused = resolved.unused;
    m_plan.device = resolved.policy.deviceName();
    m_plan.precision = resolved.policy.precisionName();
}

int PlanBuilder::add(PlannedStage stage)
{
    m_plan.stages.push_back(std::move(stage));
    return int(m_plan.stages.size()) - 1;
}

/// How many passes and calls lie behind a pass, along what it starts from. A picture from a file stands for a pass.
text::PassClock PlanBuilder::clockOf(const PlannedStage& denoise) const
{
    const auto callsOf = [](const PlannedStage& stage) {
        return stage.steps * sampling::samplerById(stage.sampler).evaluationsPerStep;
    };
    text::PassClock clock{callsOf(denoise), 0, 0};
    for (int i = denoise.input; i >= 0; i = m_plan.stages[std::size_t(i)].input) {
        const PlannedStage& stage = m_plan.stages[std::size_t(i)];
        const bool hasRun = stage.kind == StageKind::Denoise || stage.kind == StageKind::LoadLatent;
        if (hasRun)
            clock.callsBefore += callsOf(stage);
        if (hasRun || stage.kind == StageKind::LoadPicture)
            ++clock.passesBefore;
    }
    return clock;
}

/// Fills in the adapter's file and sees that it fits the model. False: it is not applied, which was said.
bool PlanBuilder::findAdapter(PlannedAdapter& adapter, LoadedModel& model, bool isNamedInPrompt)
{
    if (adapter.kind != "lora" && adapter.kind != "lyco") {
        warn("<" + adapter.kind + ":" + adapter.name
            + "> is taken out of the prompt: this program knows no adapters of that kind.");
        return false;
    }
    const auto file = adapters::findFile(m_resolved.adapterFolders, adapter.name);
    if (!file) {
        const std::string sentence = "There is no adapter \"" + adapter.name + "\"; "
            + adapters::wordsFor(m_resolved.adapterFolders) + ".";
        if (!isNamedInPrompt)
            throw Error(ErrorKind::FileMissing, sentence);
        warn(sentence + " It is not applied.");
        return true;
    }
    adapter.name = file->stem().string();
    adapter.file = file->string();
    try {
        const auto& unmatched = model.adapter(*file, at::kCPU)->unmatched();
        if (!unmatched.empty())
            warn(std::to_string(unmatched.size()) + " keys of " + fileName(*file) + " match nothing in "
                + model.name() + " and are not applied: " + firstFew(unmatched, kKeysNamed) + ".");
    } catch (const Error& error) {
        // Adapters are made for the base; that the refiner has other layers is no mistake of the artist's.
        if (!model.files().pipeline.isRefiner || error.kind() != ErrorKind::UnsupportedModel)
            throw;
        note(fileName(*file) + " is not applied in the refiner's pass: it was not made for a refiner.");
        return false;
    }
    return true;
}

/// One that a stored first pass was made with, and that does nothing in this one: its file need not be there any more.
bool PlanBuilder::isIdleAndGone(const PlannedAdapter& adapter) const
{
    return adapter.unet == 0.0 && adapter.textEncoder == 0.0
        && !adapters::findFile(m_resolved.adapterFolders, adapter.name);
}

/// What acts in a pass: the request's list, then what its prompt names.
void PlanBuilder::addAdapters(PlannedStage& denoise, LoadedModel& model, std::vector<PlannedAdapter> named)
{
    const bool isSecond = denoise.input >= 0;
    std::vector<PlannedAdapter> listed;
    for (const AdapterChoice& choice : m_resolved.request.adapters)
        listed.push_back({"lora", choice.name, {},
            isSecond ? choice.secondTextEncoder.value_or(choice.textEncoder) : choice.textEncoder,
            isSecond ? choice.secondUnet.value_or(choice.unet) : choice.unet, choice.blocks});
    for (std::vector<PlannedAdapter>* source : {&listed, &named})
        for (PlannedAdapter& adapter : *source)
            if (!isIdleAndGone(adapter) && findAdapter(adapter, model, source == &named))
                denoise.adapters.push_back(std::move(adapter));
    for (const PlannedAdapter& adapter : denoise.adapters)
        if (std::ranges::find(m_plan.adapters, adapter) == m_plan.adapters.end())
            m_plan.adapters.push_back(adapter);
}

/// Those that change what the text encoders make of a prompt; what they do to the UNet counts for nothing there.
std::vector<PlannedAdapter> PlanBuilder::textAdapters(const PlannedStage& denoise, LoadedModel& model) const
{
    std::vector<PlannedAdapter> out;
    for (PlannedAdapter adapter : denoise.adapters) {
        if (adapter.file.empty() || adapter.textEncoder == 0.0
            || !model.adapter(adapter.file, at::kCPU)->changesText())
            continue;
        adapter.unet = 0.0;
        out.push_back(std::move(adapter));
    }
    return out;
}

/// The embeddings whose names stand in the prompts. One for another family of models is no mistake: its name may be
/// a word like any other.
std::vector<PlannedEmbedding> PlanBuilder::embeddingsIn(const PromptPair& prompts, LoadedModel& model)
{
    std::vector<PlannedEmbedding> out;
    for (const std::filesystem::path& file : m_resolved.embeddings) {
        const std::string name = file.stem().string();
        if (!text::mentions(prompts.prompt, name) && !text::mentions(prompts.negativePrompt, name))
            continue;
        try {
            out.push_back({name, file.string(), model.embedding(file)->hash});
        } catch (const Error& error) {
            warn(std::string(error.what()) + " The word \"" + name + "\" is read as text.");
        }
    }
    return out;
}

/// Gives a pass its text, shared with passes that are told the same.
void PlanBuilder::addText(PlannedStage& denoise, LoadedModel& model, const PromptPair& prompts)
{
    ReadPrompts read = readPrompts(prompts, m_resolved.request.prompts.syntax, clockOf(denoise));
    const bool reads = sampling::samplerById(denoise.sampler).readsUnconditional;
    denoise.guided = denoise.guidance > 1.0 || reads || (read.isComposed() && denoise.guidance > 0.0);
    for (std::string& sentence : read.warnings)
        warn(std::move(sentence));
    for (std::string& sentence : read.notes)
        note(std::move(sentence));
    addAdapters(denoise, model, std::move(read.adapters));
    std::vector<PlannedAdapter> ofText = textAdapters(denoise, model);
    const auto same = std::find_if(m_texts.begin(), m_texts.end(), [&](const PlannedStage& stage) {
        return stage.model == denoise.model && stage.parts == read.parts
            && stage.negativePart == read.negativePart && stage.guided == denoise.guided
            && stage.adapters == ofText;
    });
    denoise.text = int(same - m_texts.begin());
    if (same != m_texts.end())
        return;
    PlannedStage stage;
    stage.kind = StageKind::EncodeText;
    stage.label = denoise.role == ModelRole::Base ? "Text" : "Text for the second pass";
    stage.role = denoise.role;
    stage.model = denoise.model;
    stage.rung = denoise.rung;
    stage.prompt = prompts.prompt;
    stage.negativePrompt = prompts.negativePrompt;
    stage.parts = std::move(read.parts);
    stage.negativePart = std::move(read.negativePart);
    stage.guided = denoise.guided;
    stage.guidance = denoise.guidance;
    stage.adapters = std::move(ofText);
    stage.embeddings = embeddingsIn(prompts, model);
    m_texts.push_back(std::move(stage));
}

int PlanBuilder::decode(
    int input, const PlannedStage& denoise, const std::string& name, std::optional<LayerKind> layer)
{
    PlannedStage stage;
    stage.kind = StageKind::Decode;
    stage.label = name;
    stage.role = denoise.role;
    stage.model = denoise.model;
    stage.rung = denoise.rung;
    stage.size = denoise.size;
    stage.input = input;
    stage.layer = layer;
    return add(std::move(stage));
}

PlannedStage PlanBuilder::firstPassStage(const Extent& size)
{
    const Request& request = m_resolved.request;
    const SchedulerConfig& scheduler = m_resolved.base->files().scheduler;
    PlannedStage stage;
    stage.kind = StageKind::Denoise;
    stage.role = ModelRole::Base;
    stage.model = request.models.base;
    stage.size = size;
    const SamplingSettings& settings = request.sampling;
    if (settings.sigmas.empty()) {
        stage.schedule = resolvedSchedule(settings.schedule, settings.sampler, scheduler);
        takeLevels(stage,
            sampling::noiseLevels(
                sampling::samplerById(settings.sampler), stage.schedule, scheduler, settings.steps),
            settings);
        stage.label = "Base, " + stepsInWords(stage.steps, settings.steps);
    } else {
        stage.schedule = kCustomSchedule;
        takeLevels(stage, sampling::customLevels(settings.sigmas, scheduler), settings);
        stage.label = "Base, " + stepsInWords(stage.steps, stage.steps) + " of its own";
        note("The first pass runs over the noise levels that are given: steps and schedule are not used.");
    }
    return stage;
}

int PlanBuilder::firstPass(const Extent& size, std::optional<LayerKind> layer)
{
    PlannedStage stage = firstPassStage(size);
    addText(stage, *m_resolved.base, m_resolved.prompts.first);
    const PlannedStage copy = stage;
    return decode(add(std::move(stage)), copy, "Decode", layer);
}

int PlanBuilder::storedFirstPass(const Extent& size, std::optional<LayerKind> layer)
{
    PlannedStage stage = firstPassStage(size);
    stage.kind = StageKind::LoadLatent;
    stage.label = "Stored first pass";
    stage.prompt = m_resolved.prompts.first.prompt;
    stage.negativePrompt = m_resolved.prompts.first.negativePrompt;
    stage.evaluations = 0;
    const PlannedStage copy = stage;
    return decode(add(std::move(stage)), copy, "Decode", layer);
}

int PlanBuilder::loadPicture(const Extent& size, std::optional<LayerKind> layer)
{
    PlannedStage stage;
    stage.kind = StageKind::LoadPicture;
    stage.label = "Load the picture";
    stage.size = size;
    stage.layer = layer;
    return add(std::move(stage));
}

int PlanBuilder::upscale(
    int input, const Extent& size, const std::string& upscaler, std::optional<LayerKind> layer)
{
    PlannedStage stage;
    stage.kind = StageKind::Upscale;
    stage.label = "Enlarge";
    stage.size = size;
    stage.input = input;
    stage.upscaler = upscaler;
    stage.model = m_resolved.upscalers.at(upscaler)->file().string();
    stage.layer = layer;
    return add(std::move(stage));
}

int PlanBuilder::secondPass(
    int input, const Extent& size, const SecondPass& pass, std::optional<LayerKind> layer)
{
    const SchedulerConfig& scheduler = pass.model->files().scheduler;
    PlannedStage denoise;
    denoise.kind = StageKind::Denoise;
    denoise.role = pass.role;
    denoise.model = pass.modelPath;
    denoise.rung = pass.rung;
    denoise.size = size;
    denoise.schedule = resolvedSchedule(pass.sampling.schedule, pass.sampling.sampler, scheduler);
    takeLevels(denoise,
        sampling::partialLevels(sampling::samplerById(pass.sampling.sampler), denoise.schedule, scheduler,
            pass.sampling.steps, pass.strength, pass.meaning),
        pass.sampling);
    if (denoise.steps == 0) {
        warn(pass.name + ": at this strength no step runs, and the picture is left as it is.");
        if (layer)
            stage(input).layer = layer;
        return input;
    }
    denoise.label = pass.name + ", " + stepsInWords(denoise.steps, pass.sampling.steps);
    PlannedStage encode;
    encode.kind = StageKind::EncodeImage;
    encode.label = "Encode";
    encode.role = pass.role;
    encode.model = pass.modelPath;
    encode.rung = pass.rung;
    encode.size = size;
    encode.input = input;
    denoise.input = add(std::move(encode));
    addText(denoise, *pass.model, pass.prompts);
    const PlannedStage copy = denoise;
    return decode(add(std::move(denoise)), copy, "Decode", layer);
}

// Not in the header: inlined around a literal, g++ 12 sees a copy beyond the string's own bytes where there is none.
void PlanBuilder::note(std::string sentence)
{
    sayOnce(m_plan.notes, std::move(sentence));
}

void PlanBuilder::unused(std::string sentence)
{
    m_plan.unused.push_back(std::move(sentence));
}

void PlanBuilder::warn(std::string sentence)
{
    sayOnce(m_plan.warnings, std::move(sentence));
}

Plan PlanBuilder::finish()
{
    const int shift = int(m_texts.size());
    for (PlannedStage& stage : m_plan.stages) {
        if (stage.input >= 0)
            stage.input += shift;
    }
    m_plan.stages.insert(m_plan.stages.begin(), m_texts.begin(), m_texts.end());
    return std::move(m_plan);
}

} // namespace studio::pipeline
