#include "core/pipeline/recipes.h"

#include "core/api/picture_file.h"
#include "core/base/error.h"
#include "core/pipeline/plan_builder.h"

#include <array>
#include <cmath>

namespace studio::pipeline {

namespace {

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

SecondPass rungPass(const Resolved& resolved, std::size_t index)
{
    const Request& request = resolved.request;
    const Rung& rung = request.hires.rungs[index];
    const LoadedModel* model = resolved.rungModels[index].get();
    const bool isRefiner = model->files().pipeline.isRefiner;
    return {.model = model,
        .modelPath = rung.model,
        .role = isRefiner ? ModelRole::Refiner
                          : (model == resolved.base.get() ? ModelRole::Base : ModelRole::Second),
        .sampling = {rung.steps, rung.guidance.value_or(request.sampling.guidance),
            rung.sampler.value_or(request.sampling.sampler),
            rung.schedule.value_or(request.sampling.schedule)},
        .strength = rung.strength,
        .meaning = rung.meaning,
        .prompts = resolved.prompts.rungs[index],
        .rung = int(index),
        .name = isRefiner ? "Second pass with the refiner" : "Second pass with the base"};
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
    refinedPicture(builder, resolved, *resolved.request.standard.size, LayerKind::Standard);
}

Extent simpleTarget(const SimpleSettings& settings, const Extent& base)
{
    return {int(std::floor(base.width * settings.scale)), int(std::floor(base.height * settings.scale))};
}

void planSimple(PlanBuilder& builder, const Resolved& resolved)
{
    const SimpleSettings& settings = resolved.request.simple;
    const int picture = refinedPicture(builder, resolved, *settings.base, LayerKind::FirstPass);
    builder.upscale(picture, simpleTarget(settings, *settings.base), settings.upscaler, LayerKind::Simple);
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
    climb(builder, resolved,
        firstPicture(builder, resolved, *resolved.request.hires.base, LayerKind::FirstPass));
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

/// A sentence for every setting that was changed on purpose and that this mode does not read.
void nameUnused(PlanBuilder& builder, const Recipe& recipe, const Request& asked)
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
    const SimpleSettings simpleDefaults;
    if (!recipe.simple && asked.simple != simpleDefaults)
        unused(" does not use the settings of simple hires (base size, scale, upscaler).");
    const HiresSettings hiresDefaults;
    if (!recipe.hires && asked.hires != hiresDefaults)
        unused(" has no second pass: the hires settings are not used.");
    if (asked.faceRestoration)
        builder.unused("Face restoration is not part of this version: it is not applied.");
}

/// An existing picture brings its own size; what follows is measured from there.
void takeSizeOfPicture(Resolved& resolved, const Request& asked)
{
    if (resolved.request.initPicture.empty())
        return;
    if (resolved.request.mode == Mode::Compare)
        throw Error(ErrorKind::BadInput,
            "Compare starts from the prompt; with an existing picture choose standard, simple or hires.");
    const Outcome<LoadedPicture> loaded = loadPicture(resolved.request.initPicture);
    if (const Failure* failure = failureOf(loaded))
        throw Error(failure->kind, failure->detail);
    const Extent size = std::get<LoadedPicture>(loaded).picture.size;
    const Extent cells{size.width / 8 * 8, size.height / 8 * 8};
    if (!cells.isSet())
        throw Error(ErrorKind::BadInput, "The picture is smaller than 8 × 8 pixels.");
    Request& request = resolved.request;
    request.standard.size = cells;
    request.simple.base = size;
    request.hires.base = cells;
    Extent below = cells;
    for (std::size_t i = 0; i < request.hires.rungs.size(); ++i) {
        Rung& rung = request.hires.rungs[i];
        if (!asked.hires.rungs[i].target) {
            const double scale = asked.hires.rungs[i].scale.value_or(2.0);
            rung.target = Extent{int(below.width * scale) / 8 * 8, int(below.height * scale) / 8 * 8};
        }
        below = *rung.target;
    }
    if (request.mode == Mode::Standard && !request.standard.useRefiner)
        throw Error(ErrorKind::BadInput,
            "Standard makes a new picture; to work on an existing one switch the refiner on, or choose "
            "simple or "
            "hires.");
}

} // namespace

Plan makePlan(const Resolved& resolvedBefore, const Request& asked)
{
    Resolved resolved = resolvedBefore;
    takeSizeOfPicture(resolved, asked);
    const Recipe& recipe = recipeOf(resolved.request.mode);
    PlanBuilder builder(resolved);
    recipe.write(builder, resolved);
    nameUnused(builder, recipe, asked);
    return builder.finish();
}

} // namespace studio::pipeline
