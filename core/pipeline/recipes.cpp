#include "core/pipeline/recipes.h"

#include "core/base/error.h"
#include "core/pipeline/plan_builder.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace studio::pipeline {

namespace {

/// The size of the first pass: an existing picture brings its own.
Extent firstSize(const Resolved& resolved, const std::optional<Extent>& asked)
{
    return resolved.pictureSize.value_or(asked.value_or(Extent{}));
}

/// The first pass, or the stored latent or existing picture that stands for it.
int firstPicture(
    PlanBuilder& builder, const Resolved& resolved, const Extent& size, std::optional<LayerKind> layer)
{
    if (resolved.firstPass)
        return builder.storedFirstPass(size, layer);
    return resolved.request.initPicture.empty() ? builder.firstPass(size, layer)
                                                : builder.loadPicture(size, layer);
}

SecondPass refinerPass(const Resolved& resolved)
{
    const Request& request = resolved.request;
    return {.model = resolved.refiner.get(),
        .modelPath = request.models.refiner,
        .role = ModelRole::Refiner,
        .sampling = request.sampling,
        .strength = request.standard.refinerStrength,
        .meaning = request.standard.meaning,
        .prompts = resolved.prompts.first,
        .name = "Refiner"};
}

const char* secondPassName(ModelRole role)
{
    switch (role) {
    case ModelRole::Refiner:
        return "Second pass with the refiner";
    case ModelRole::Base:
        return "Second pass with the base";
    case ModelRole::None:
    case ModelRole::Second:
        break;
    }
    return "Second pass with a model of its own";
}

SecondPass rungPass(const Resolved& resolved, std::size_t index)
{
    const Request& request = resolved.request;
    const Rung& rung = request.hires.rungs[index];
    LoadedModel* model = resolved.rungModels[index].get();
    const ModelRole role = model->files().pipeline.isRefiner ? ModelRole::Refiner
        : model == resolved.base.get()                       ? ModelRole::Base
                                                             : ModelRole::Second;
    return {.model = model,
        .modelPath = rung.model,
        .role = role,
        .sampling = {rung.steps, rung.guidance.value_or(request.sampling.guidance),
            rung.sampler.value_or(request.sampling.sampler),
            rung.schedule.value_or(request.sampling.schedule)},
        .strength = rung.strength,
        .meaning = rung.meaning,
        .prompts = resolved.prompts.rungs[index],
        .rung = int(index),
        .name = secondPassName(role)};
}

/// The base's picture, gone over by the refiner if that is switched on.
int refinedPicture(PlanBuilder& builder, const Resolved& resolved, const Extent& size, LayerKind layer)
{
    if (!resolved.request.standard.useRefiner)
        return firstPicture(builder, resolved, size, layer);
    if (!resolved.refiner)
        throw Error(ErrorKind::BadInput,
            "The refiner is switched on, but none is chosen; choose a refiner checkpoint.");
    const auto below = layer == LayerKind::FirstPass ? std::nullopt : std::optional(LayerKind::FirstPass);
    const int picture = firstPicture(builder, resolved, size, below);
    return builder.secondPass(picture, size, refinerPass(resolved), layer);
}

void planStandard(PlanBuilder& builder, const Resolved& resolved)
{
    refinedPicture(
        builder, resolved, firstSize(resolved, resolved.request.standard.size), LayerKind::Standard);
}

Extent simpleTarget(const SimpleSettings& settings, const Extent& base)
{
    return {int(std::floor(base.width * settings.scale)), int(std::floor(base.height * settings.scale))};
}

void planSimple(PlanBuilder& builder, const Resolved& resolved)
{
    const SimpleSettings& settings = resolved.request.simple;
    const Extent base = firstSize(resolved, settings.base);
    const int picture = refinedPicture(builder, resolved, base, LayerKind::FirstPass);
    builder.upscale(picture, simpleTarget(settings, base), settings.upscaler, LayerKind::Simple);
}

/// The ladder on top of a first picture that is there already.
void climb(PlanBuilder& builder, const Resolved& resolved, int picture)
{
    const HiresSettings& settings = resolved.request.hires;
    for (std::size_t i = 0; i < settings.rungs.size(); ++i) {
        const Rung& rung = settings.rungs[i];
        const bool last = i + 1 == settings.rungs.size();
        const int enlarged = builder.upscale(
            picture, *rung.target, rung.upscaler, last ? std::optional(LayerKind::Upscaled) : std::nullopt);
        picture = builder.secondPass(enlarged, *rung.target, rungPass(resolved, i),
            last ? std::optional(LayerKind::Hires) : std::nullopt);
    }
    if (!resolved.refiner && settings.rungs.front().model == resolved.request.models.base)
        builder.note("No refiner is chosen: the base runs the second pass.");
}

void planHires(PlanBuilder& builder, const Resolved& resolved)
{
    const Extent base = firstSize(resolved, resolved.request.hires.base);
    climb(builder, resolved, firstPicture(builder, resolved, base, LayerKind::FirstPass));
}

void planCompare(PlanBuilder& builder, const Resolved& resolved)
{
    const Request& request = resolved.request;
    planStandard(builder, resolved);
    const int first = firstPicture(builder, resolved, *request.hires.base, LayerKind::FirstPass);
    if (*request.simple.base == *request.hires.base)
        builder.upscale(first, simpleTarget(request.simple, *request.simple.base), request.simple.upscaler,
            LayerKind::Simple);
    else
        builder.upscale(builder.firstPass(*request.simple.base, {}),
            simpleTarget(request.simple, *request.simple.base), request.simple.upscaler, LayerKind::Simple);
    climb(builder, resolved, first);
}

/// A mode: its recipe, and which groups of settings it reads.
struct Recipe {
    Mode mode;
    const char* name;
    void (*write)(PlanBuilder&, const Resolved&);
    bool standard, simple, hires;
};

constexpr std::array kRecipes{
    Recipe{Mode::Standard, "Standard", planStandard, true, false, false},
    Recipe{Mode::Simple, "Simple hires", planSimple, false, true, false},
    Recipe{Mode::Hires, "Hires fix", planHires, false, false, true},
    Recipe{Mode::Compare, "Compare", planCompare, true, true, true},
};

const Recipe& recipeOf(Mode mode)
{
    for (const Recipe& recipe : kRecipes)
        if (recipe.mode == mode)
            return recipe;
    throw Error(ErrorKind::Internal, "A mode has no recipe.");
}

std::string joined(std::string_view subject, std::string_view rest)
{
    std::string sentence;
    sentence.reserve(subject.size() + rest.size());
    sentence.append(subject).append(rest);
    return sentence;
}

/// Whether simple hires is told something that this mode does not read. One option may give a first-pass size, a scale
/// or an upscaler to simple hires and to hires alike: what the other one reads is used.
bool leavesSimpleUnread(const Recipe& recipe, const Request& asked)
{
    SimpleSettings told = asked.simple;
    if (recipe.hires) {
        const Rung& last = asked.hires.rungs.back();
        if (told.base == asked.hires.base)
            told.base.reset();
        if (told.scale == last.scale)
            told.scale = SimpleSettings{}.scale;
        if (told.upscaler == last.upscaler)
            told.upscaler = SimpleSettings{}.upscaler;
    }
    return !recipe.simple && told != SimpleSettings{};
}

/// The same of hires.
bool leavesHiresUnread(const Recipe& recipe, const Request& asked)
{
    HiresSettings told = asked.hires;
    if (recipe.simple) {
        if (told.base == asked.simple.base)
            told.base.reset();
        for (Rung& rung : told.rungs) {
            if (rung.scale == asked.simple.scale)
                rung.scale.reset();
            if (rung.upscaler == asked.simple.upscaler)
                rung.upscaler = Rung{}.upscaler;
        }
    }
    return !recipe.hires && told != HiresSettings{};
}

/// Whether the refiner goes over the picture, or runs a second pass.
bool runsRefiner(const Recipe& recipe, const Request& asked)
{
    const auto leavesItToTheRefiner
        = [&](const Rung& rung) { return rung.model.empty() || rung.model == asked.models.refiner; };
    return asked.standard.useRefiner
        || (recipe.hires && std::ranges::any_of(asked.hires.rungs, leavesItToTheRefiner));
}

/// A sentence for every setting that was changed on purpose and that this mode does not read. `ownRefiner`: the one
/// that belongs to the base, which nobody need have chosen.
void nameUnused(
    PlanBuilder& builder, const Recipe& recipe, const Request& asked, const std::string& ownRefiner)
{
    // The request of a kept take has every default filled in: nobody asked for what another mode would use.
    const bool filledIn = !asked.firstPass.empty();
    const auto unused = [&](const char* sentence) {
        if (!filledIn)
            builder.unused(joined(recipe.name, sentence));
    };
    if (!recipe.standard && asked.standard.size)
        unused(" has sizes of its own: width and height are not used.");
    if (!recipe.standard && recipe.hires && asked.standard.useRefiner)
        unused(
            " runs the refiner in its second pass whenever one is chosen: the refiner switch is not used.");
    const bool choseRefiner = !asked.models.refiner.empty() && asked.models.refiner != ownRefiner;
    if (choseRefiner && !runsRefiner(recipe, asked))
        unused(recipe.hires ? " has a model of its own for the second pass: the refiner is not used."
                            : " runs a refiner if that is switched on: the one that is chosen is not used.");
    const bool goesOverPicture = asked.standard.useRefiner && (recipe.standard || recipe.simple);
    if (!goesOverPicture && asked.standard.refinerStrength != StandardSettings{}.refinerStrength)
        unused(" lets no refiner go over the picture: the refiner's strength is not used.");
    if (leavesSimpleUnread(recipe, asked))
        unused(" does not use the settings of simple hires (base size, scale, upscaler).");
    if (leavesHiresUnread(recipe, asked))
        unused(" has no second pass: the hires settings are not used.");
    if (asked.faceRestoration)
        builder.unused("Face restoration is not part of this version: it is not applied.");
}

} // namespace

Plan makePlan(const Resolved& resolved, const Request& asked)
{
    const Recipe& recipe = recipeOf(resolved.request.mode);
    PlanBuilder builder(resolved);
    recipe.write(builder, resolved);
    nameUnused(builder, recipe, asked, resolved.base->files().defaults.refiner);
    return builder.finish();
}

} // namespace studio::pipeline
