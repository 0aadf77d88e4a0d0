#pragma once

#include "core/api/picture_file.h"
#include "core/api/take_store.h"
#include "core/takes/first_pass.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace studio::test {

/// A hires run as the engine plans it, small. No two stages are alike.
inline Plan samplePlan(std::uint64_t seed, const std::string& prompt = "a lighthouse in a storm")
{
    Plan plan;
    plan.request.mode = Mode::Hires;
    plan.request.seed = seed;
    plan.request.prompt = prompt;
    plan.request.negativePrompt = "fog";
    plan.request.models.base = "/models/Bright Coast.safetensors";
    plan.request.hires.base = Extent{128, 64};
    plan.request.hires.rungs[0].target = Extent{256, 128};
    const auto add = [&](StageKind kind, const char* label, Extent size, std::optional<LayerKind> layer) {
        PlannedStage stage;
        stage.kind = kind;
        stage.label = label;
        stage.size = size;
        stage.input = static_cast<int>(plan.stages.size()) - 1;
        stage.layer = layer;
        plan.stages.push_back(stage);
    };
    add(StageKind::Denoise, "Base, 2 steps", {128, 64}, {});
    plan.stages[0].role = ModelRole::Base;
    plan.stages[0].sigmas = {14.6, 0.5, 0.0};
    plan.stages[0].timesteps = {999.0, 300.25};
    plan.stages[0].steps = 2;
    plan.stages[0].evaluations = 2;
    plan.stages[0].initialScale = 14.65;
    plan.stages[0].sampler = "euler";
    plan.stages[0].schedule = "leading";
    add(StageKind::Decode, "Decode", {128, 64}, LayerKind::FirstPass);
    add(StageKind::Upscale, "Enlarge", {256, 128}, LayerKind::Upscaled);
    add(StageKind::Decode, "Decode", {256, 128}, LayerKind::Hires);
    plan.device = "cpu";
    plan.precision = "float32";
    plan.notes = {"No refiner is chosen."};
    return plan;
}

/// Noise, so that the files are as large as pictures are.
inline Layer sampleLayer(const Plan& plan, LayerKind kind)
{
    Layer layer{kind, {}};
    for (const PlannedStage& stage : plan.stages)
        if (stage.layer == kind)
            layer.size = stage.size;
    Picture8 picture{layer.size, {}};
    auto state
        = static_cast<std::uint32_t>(*plan.request.seed * 2654435761u + static_cast<unsigned>(kind) + 1u);
    for (int i = 0; i < 3 * layer.size.width * layer.size.height; ++i) {
        state = state * 1664525u + 1013904223u;
        picture.values.push_back(static_cast<std::uint8_t>(state >> 24));
    }
    layer.picture = std::make_shared<const Picture8>(std::move(picture));
    layer.seconds = 0.5 + static_cast<double>(kind);
    return layer;
}

inline Latent sampleLatent(const Plan& plan)
{
    Latent latent{{4, 8, 16}, {}};
    for (int i = 0; i < 4 * 8 * 16; ++i)
        latent.values.push_back(static_cast<float>(*plan.request.seed) + 0.1f * static_cast<float>(i));
    return latent;
}

inline const std::vector<LayerKind>& sampleLayers()
{
    static const std::vector<LayerKind> kinds{LayerKind::FirstPass, LayerKind::Upscaled, LayerKind::Hires};
    return kinds;
}

inline Take sampleTake(const Plan& plan)
{
    Take take;
    take.plan = plan;
    take.firstPassLatent = sampleLatent(plan);
    for (const LayerKind kind : sampleLayers())
        take.layers.push_back(sampleLayer(plan, kind));
    take.stages.push_back({StageKind::Denoise, "Base, 2 steps", 1.5, 2, 2, 1 << 20});
    take.notes = {"It was decoded again in float32."};
    take.seconds = 3.25;
    take.peakMemoryBytes = 1 << 21;
    take.device = plan.device;
    take.precision = plan.precision;
    return take;
}

/// As the engine does: everything is reported as it comes, then the whole take.
inline void recordAll(TakeRecorder& recorder, const Plan& plan)
{
    const Take take = sampleTake(plan);
    recorder.planned(plan);
    recorder.firstPassFinished(take.firstPassLatent);
    for (const Layer& layer : take.layers)
        recorder.layerFinished(layer);
    recorder.finish(take);
}

inline std::shared_ptr<TakeStore> openStore(const std::filesystem::path& folder, std::int64_t limit = 0)
{
    auto store = openTakeStore({folder, limit});
    return std::get<std::shared_ptr<TakeStore>>(std::move(store));
}

/// What is wrong with the takes of a store, a sentence a line: files that cannot be read, pictures that are not those
/// of their seed, files left unfinished. Empty if all is well.
inline std::string faultsIn(TakeStore& store)
{
    std::string faults;
    const auto listed = store.list({});
    if (const Failure* failure = failureOf(listed))
        return failure->detail;
    for (const TakeSummary& summary : std::get<std::vector<TakeSummary>>(listed)) {
        const auto read = store.read(summary.id);
        if (const Failure* failure = failureOf(read)) {
            faults += failure->detail + "\n";
            continue;
        }
        const StoredTake& take = std::get<StoredTake>(read);
        for (const StoredRun& run : take.runs) {
            for (const StoredLayer& layer : run.layers) {
                const auto picture = loadPicture(layer.file);
                if (const Failure* failure = failureOf(picture))
                    faults += failure->detail + "\n";
                else if (std::get<LoadedPicture>(picture).picture
                    != *sampleLayer(run.take.plan, layer.kind).picture)
                    faults += layer.file.string() + " shows something else.\n";
            }
            if (!take.firstPass.empty()
                && readFirstPass(take.firstPass).latent != sampleLatent(run.take.plan))
                faults += take.firstPass.string() + " holds something else.\n";
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator(take.folder))
            if (entry.path().extension() == ".part" && summary.state != TakeState::Running)
                faults += entry.path().string() + " was left unfinished.\n";
    }
    for (const auto& entry : std::filesystem::directory_iterator(store.settings().folder))
        if (entry.path().filename().string().starts_with(".new-"))
            faults += entry.path().string() + " was left unfinished.\n";
    return faults;
}

} // namespace studio::test
