#pragma once

#include "core/api/engine.h"
#include "core/api/plan.h"
#include "core/api/request.h"
#include "core/pipeline/device_policy.h"
#include "core/pipeline/model_store.h"
#include "core/pipeline/prompts.h"
#include "core/takes/first_pass.h"
#include "core/upscale/upscaler_library.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace studio::pipeline {

/// A request with its models opened and every default filled in.
struct Resolved {
    Request request;
    std::shared_ptr<LoadedModel> base;
    std::shared_ptr<LoadedModel> refiner;                                ///< may be null
    std::vector<std::shared_ptr<LoadedModel>> rungModels;                ///< one a rung
    std::map<std::string, std::shared_ptr<upscale::Upscaler>> upscalers; ///< those the request names
    DevicePolicy policy;
    std::optional<FirstPass> firstPass; ///< read from the disk, if the request names one
    std::optional<Extent> pictureSize;  ///< of the existing picture, if it is the first pass
    ChosenPrompts prompts;
    std::vector<std::filesystem::path> adapterFolders;
    std::vector<std::filesystem::path> embeddings; ///< files
    std::vector<std::string> notes;
    std::vector<std::string> warnings;
    std::vector<std::string> unused;
};

/// Checks the values, opens the headers of models and upscalers, fills in sizes, seed, schedule and models. Throws Error for values
/// that cannot run and for models of a wrong kind.
Resolved resolve(const Request& request, ModelStore& store, upscale::UpscalerLibrary& upscalers,
    const EngineOptions& options);

/// The model whose networks a stage of the request's plan runs.
LoadedModel& modelOf(const Resolved& resolved, const PlannedStage& stage);

/// "model": what the checkpoint's scheduler asks for; "automatic": what goes with the sampler; else itself.
std::string resolvedSchedule(
    const std::string& schedule, const std::string& sampler, const SchedulerConfig& scheduler);

} // namespace studio::pipeline
