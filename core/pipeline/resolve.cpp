#include "core/pipeline/resolve.h"

#include "core/api/adapter_files.h"
#include "core/api/picture_file.h"
#include "core/base/error.h"
#include "core/pipeline/text_conditioning.h"
#include "core/sampling/samplers.h"
#include "core/sampling/schedules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

namespace studio::pipeline {

namespace {

/// The autoencoder works on cells of 8 x 8 pixels.
constexpr int kCell = 8;

/// Sides of what is denoised, and of what is only enlarged.
constexpr int kSmallestLatentSide = 64;
constexpr int kLargestLatentSide = 8192;
constexpr int kLargestSide = 16384;

bool climbsRungs(const Request& request)
{
    return request.mode == Mode::Hires || request.mode == Mode::Compare;
}

void requireValid(const Request& request)
{
    const std::vector<Issue> issues = check(request);
    if (!issues.empty())
        throw Error(ErrorKind::BadInput, issues.front().message);
    sampling::samplerById(request.sampling.sampler);
    sampling::scheduleById(request.sampling.schedule);
    if (!climbsRungs(request))
        return;
    for (const Rung& rung : request.hires.rungs) {
        sampling::samplerById(rung.sampler.value_or(request.sampling.sampler));
        sampling::scheduleById(rung.schedule.value_or(request.sampling.schedule));
    }
}

/// Those that the mode uses: a name that a setting of another mode holds need not exist here.
void openUpscalers(Resolved& out, upscale::UpscalerLibrary& library)
{
    const auto openOne = [&](const std::string& id) {
        if (!out.upscalers.contains(id))
            out.upscalers.emplace(id, library.open(id));
    };
    if (out.request.mode == Mode::Simple || out.request.mode == Mode::Compare)
        openOne(out.request.simple.upscaler);
    if (!climbsRungs(out.request))
        return;
    for (const Rung& rung : out.request.hires.rungs)
        openOne(rung.upscaler);
}

void requireKind(const LoadedModel& model, FileKind needed, const std::string& sentence)
{
    if (model.files().kind != needed)
        throw Error(ErrorKind::UnsupportedModel, model.name() + " " + sentence);
}

void openModels(Resolved& out, ModelStore& store, const std::filesystem::path& demoModel)
{
    ModelChoice& models = out.request.models;
    if (models.base.empty()) {
        if (demoModel.empty())
            throw Error(ErrorKind::BadInput,
                "No model is chosen and the built-in one is missing; name a checkpoint.");
        models.base = demoModel.string();
    }
    out.base = store.open(models.base, models.vae);
    requireKind(*out.base, FileKind::SdxlBase,
        "is a refiner: it cannot make a picture from nothing. Choose it as the refiner, and a base "
        "checkpoint as the "
        "model.");
    if (models.refiner.empty())
        models.refiner = out.base->files().defaults.refiner;
    if (!models.refiner.empty()) {
        out.refiner = store.open(models.refiner, models.vae);
        requireKind(*out.refiner, FileKind::SdxlRefiner,
            "is a base checkpoint, not a refiner. Leave the refiner empty, or choose it as the model of the "
            "second "
            "pass.");
    }
}

void openRungModels(Resolved& out, ModelStore& store)
{
    if (!climbsRungs(out.request))
        return;
    for (Rung& rung : out.request.hires.rungs) {
        std::shared_ptr<LoadedModel> model = out.refiner ? out.refiner : out.base;
        if (!rung.model.empty())
            model = store.open(rung.model, out.request.models.vae);
        rung.model = rung.model.empty() ? (out.refiner ? out.request.models.refiner : out.request.models.base)
                                        : rung.model;
        out.rungModels.push_back(std::move(model));
    }
}

Extent onCells(const Extent& size)
{
    return {size.width / kCell * kCell, size.height / kCell * kCell};
}

/// What a scale asks for may be no number of pixels; it is refused later, and must only fit an int.
Extent scaled(const Extent& size, double scale)
{
    const auto side
        = [scale](int length) { return int(std::min(std::floor(length * scale), double(1 << 24))); };
    return {side(size.width), side(size.height)};
}

std::string words(const Extent& size)
{
    return std::to_string(size.width) + " × " + std::to_string(size.height);
}

/// Sizes that a request gives are checked as values; those that follow from a scale or a picture are checked here.
void requireSides(const Extent& size, int smallest, int largest, const std::string& what)
{
    if (std::min(size.width, size.height) < smallest || std::max(size.width, size.height) > largest)
        throw Error(ErrorKind::BadInput,
            what + " would be " + words(size) + " pixels large; its sides may have "
                + std::to_string(smallest) + " to " + std::to_string(largest) + ".");
}

void warnOfStretching(Resolved& out, const Extent& target, const Extent& below)
{
    constexpr double kNobodySees = 0.04; // what rounding to cells can do to small pictures
    const double stretch = double(target.width) * below.height / (double(target.height) * below.width);
    if (std::abs(std::log(stretch)) <= kNobodySees)
        return;
    const double scale = std::sqrt(
        double(target.width) * target.height / (double(below.width) * below.height)); // as many pixels
    out.warnings.push_back("The second pass stretches the picture: " + words(below) + " and " + words(target)
        + " are of other shapes. " + words(onCells(scaled(below, scale))) + " keeps its shape.");
}

void judgeTarget(Resolved& out, const Extent& asked, const Extent& target, const Extent& below)
{
    if (target != asked)
        out.notes.push_back(
            words(asked) + " is rounded to " + words(target) + ": a second pass works on cells of 8 pixels.");
    requireSides(target, kSmallestLatentSide, kLargestLatentSide, "The second pass's picture");
    if (target.width < below.width || target.height < below.height)
        out.warnings.push_back(
            "The second pass shrinks the picture from " + words(below) + " to " + words(target) + ".");
    warnOfStretching(out, target, below);
}

/// Each rung gets its target in pixels; the first rung of a model with defaults grows to the model's own target.
void resolveRungs(Resolved& out, const ModelDefaults& defaults)
{
    Extent below = out.pictureSize.value_or(*out.request.hires.base);
    const bool ownBase = below == defaults.hiresBase;
    for (Rung& rung : out.request.hires.rungs) {
        Extent asked = rung.target.value_or(Extent{});
        if (!rung.target && rung.scale)
            asked = scaled(below, *rung.scale);
        else if (!rung.target)
            asked
                = ownBase && out.request.hires.rungs.size() == 1 ? defaults.hiresTarget : scaled(below, 2.0);
        rung.target = onCells(asked);
        judgeTarget(out, asked, *rung.target, below);
        below = *rung.target;
    }
}

/// An existing picture brings its own size; what follows is measured from there.
void takeSizeOfPicture(Resolved& out)
{
    Request& request = out.request;
    if (request.initPicture.empty())
        return;
    if (request.mode == Mode::Compare)
        throw Error(ErrorKind::BadInput,
            "Compare starts from the prompt; with an existing picture choose standard, simple or hires.");
    if (request.mode == Mode::Standard && !request.standard.useRefiner)
        throw Error(ErrorKind::BadInput,
            "Standard makes a new picture; to work on an existing one switch the refiner on, or choose "
            "simple or hires.");
    request.initPicture
        = std::filesystem::absolute(request.initPicture).string(); // it is read again elsewhere
    const Outcome<LoadedPicture> loaded = loadPicture(request.initPicture);
    if (const Failure* failure = failureOf(loaded))
        throw Error(failure->kind, failure->detail);
    const Extent whole = std::get<LoadedPicture>(loaded).picture.size;
    const bool isOnlyEnlarged = request.mode == Mode::Simple && !request.standard.useRefiner;
    const Extent size = isOnlyEnlarged ? whole : onCells(whole);
    if (isOnlyEnlarged)
        requireSides(size, 1, kLargestSide, "The first picture");
    else // a hires rung denoises what was enlarged, the refiner the picture itself
        requireSides(size, request.mode == Mode::Hires ? kCell : kSmallestLatentSide, kLargestLatentSide,
            "The first picture");
    if (size != whole)
        out.notes.push_back("The picture of " + words(whole) + " is cut to " + words(size)
            + ": a pass works on cells of 8 pixels.");
    out.pictureSize = size;
    Request sized = request;
    std::optional<Extent>& read = request.mode == Mode::Standard ? sized.standard.size
        : request.mode == Mode::Simple                           ? sized.simple.base
                                                                 : sized.hires.base;
    read = onCells(size);
    if (check(sized).empty()) // else no request can hold it, and the picture alone says its size
        request = std::move(sized);
}

/// Fills in what the mode reads. What it does not read stays as it was asked for: the plan names it by that.
void resolveSizes(Resolved& out)
{
    const ModelDefaults& defaults = out.base->files().defaults;
    Request& request = out.request;
    const bool compares = request.mode == Mode::Compare;
    takeSizeOfPicture(out);
    if ((request.mode == Mode::Standard || compares) && !request.standard.size)
        request.standard.size = defaults.standard;
    if (request.mode == Mode::Simple || compares) {
        request.simple.base = request.simple.base.value_or(defaults.simpleBase);
        requireSides(scaled(out.pictureSize.value_or(*request.simple.base), request.simple.scale), 1,
            kLargestSide, "The enlarged picture");
    }
    if (climbsRungs(request)) {
        request.hires.base = request.hires.base.value_or(defaults.hiresBase);
        resolveRungs(out, defaults);
    }
}

/// A latent on the disk takes the place of the first pass, and decides what belongs to it.
void readStoredFirstPass(Resolved& out)
{
    if (out.request.firstPass.empty())
        return;
    out.firstPass = readFirstPass(out.request.firstPass);
    out.request = onFirstPass(out.request, *out.firstPass, out.unused);
    out.notes.push_back("The first pass is taken from " + out.request.firstPass + "; it is not run again.");
}

void requireFittingLatent(const Resolved& out)
{
    if (!out.firstPass)
        return;
    const ModelFiles& files = out.base->files();
    const std::int64_t factor = std::int64_t(1) << (files.vae.channels.size() - 1);
    const Extent& size = out.firstPass->size;
    const std::array<std::int64_t, 3> fitting{
        files.unet.inChannels, size.height / factor, size.width / factor};
    if (out.firstPass->latent.shape != fitting)
        throw Error(ErrorKind::BadInput,
            out.request.firstPass + " does not fit " + out.base->name() + ": its latent has another shape.");
}

/// In A1111's syntax a prompt may be of any length.
void warnOfDroppedText(Resolved& out)
{
    if (out.request.prompts.syntax != PromptSyntax::Plain)
        return;
    const auto warn = [&](LoadedModel& model, const std::string& text, const std::string& which) {
        for (std::string& sentence : droppedText(model, text, which))
            out.warnings.push_back(std::move(sentence));
    };
    warn(*out.base, out.prompts.first.prompt, "prompt");
    warn(*out.base, out.prompts.first.negativePrompt, "negative prompt");
    if (out.request.mode != Mode::Hires && out.request.mode != Mode::Compare)
        return;
    for (std::size_t i = 0; i < out.rungModels.size(); ++i) {
        const Rung& rung = out.request.hires.rungs[i];
        if (rung.prompt)
            warn(*out.rungModels[i], out.prompts.rungs[i].prompt, "second pass's prompt");
        if (rung.negativePrompt)
            warn(*out.rungModels[i], out.prompts.rungs[i].negativePrompt, "second pass's negative prompt");
    }
}

/// Distilled checkpoints burn under the settings of others, and the other way round.
void noteFewSteps(Resolved& out)
{
    const std::optional<FewStepModel>& few = out.base->fewStep();
    const SamplingSettings& asked = out.request.sampling;
    if (!few || !asked.sigmas.empty())
        return;
    const bool fits
        = asked.steps >= few->fewest && asked.steps <= few->most && asked.guidance <= few->mostGuidance;
    if (!fits)
        out.notes.push_back(
            out.base->name() + " calls itself a model of few steps. It is made for " + describe(*few) + ".");
}

/// Where adapters and embeddings lie: the folders that are set, then those beside the model.
void findFolders(Resolved& out, const EngineOptions& options)
{
    const std::string& model = out.request.models.base;
    out.adapterFolders = adapterFolders(options.adapters, model);
    if (out.request.prompts.syntax == PromptSyntax::A1111)
        out.embeddings = adapterFilesIn(embeddingFolders(options.embeddings, model));
}

std::uint64_t randomSeed()
{
    // 32 bits, as other programs draw them: every tool that reads the picture back can hold the number.
    return std::random_device{}();
}

} // namespace

LoadedModel& modelOf(const Resolved& resolved, const PlannedStage& stage)
{
    if (stage.rung >= 0)
        return *resolved.rungModels[std::size_t(stage.rung)];
    return stage.model == resolved.request.models.refiner && resolved.refiner ? *resolved.refiner
                                                                              : *resolved.base;
}

std::string resolvedSchedule(
    const std::string& schedule, const std::string& sampler, const SchedulerConfig& scheduler)
{
    if (schedule == "automatic")
        return std::string(sampling::samplerById(sampler).automatic);
    if (schedule != "model")
        return schedule;
    switch (scheduler.spacing) {
    case TimestepSpacing::Trailing:
        return "trailing";
    case TimestepSpacing::Linspace:
        return "linspace";
    case TimestepSpacing::Leading:
        break;
    }
    return "leading";
}

Resolved resolve(const Request& request, ModelStore& store, upscale::UpscalerLibrary& upscalers,
    const EngineOptions& options)
{
    requireValid(request);
    Resolved out{.request = request};
    openUpscalers(out, upscalers);
    out.policy = chooseDevice(request.execution);
    readStoredFirstPass(out);
    openModels(out, store, options.demoModel);
    findFolders(out, options);
    requireFittingLatent(out);
    openRungModels(out, store);
    resolveSizes(out);
    noteFewSteps(out);
    if (!out.request.seed)
        out.request.seed = randomSeed();
    out.prompts = choosePrompts(out.request, {options.wildcards, options.styles});
    out.warnings.insert(out.warnings.end(), out.prompts.warnings.begin(), out.prompts.warnings.end());
    warnOfDroppedText(out);
    return out;
}

} // namespace studio::pipeline
