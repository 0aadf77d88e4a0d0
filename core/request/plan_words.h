#pragma once

#include "core/api/plan.h"

#include <optional>
#include <string>
#include <string_view>

namespace studio {

std::string_view stageId(StageKind kind);   ///< "encode_text", "denoise", ...
std::string_view stageName(StageKind kind); ///< "Encode text", "Denoise", ...
std::string_view roleId(ModelRole role);    ///< "none", "base", "refiner", "second"

/// The reverse of the ids; nothing for a word that is none of them.
std::optional<StageKind> stageFromId(std::string_view id);
std::optional<ModelRole> roleFromId(std::string_view id);
std::optional<LayerKind> layerFromId(std::string_view id);
std::optional<Mode> modeFromId(std::string_view id);

/// What people call a model: the file's name without its ending, or the folder's name.
std::string modelName(const std::string& path);

/// The steps that were asked for: more than a stage runs where a strength takes only a part of them.
int requestedSteps(const Plan& plan, const PlannedStage& stage);

} // namespace studio
