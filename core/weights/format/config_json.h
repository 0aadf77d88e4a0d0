#pragma once

#include "core/weights/format/model_config.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

// The JSON files of a diffusers folder. Absent fields take diffusers' own defaults, unknown ones are passed over;
// wrong types and values throw Error (FileCorrupt) naming file and field, networks this program cannot build throw
// Error (UnsupportedModel).

namespace studio {

/// model_index.json
struct ModelIndex {
    std::string pipelineClass; ///< "StableDiffusionXLPipeline"
    bool hasTextEncoder = false;
    bool hasTextEncoder2 = false;
    bool forceZerosForEmptyPrompt = true;
};

ModelIndex readModelIndex(const std::filesystem::path& file);
UnetConfig readUnetConfig(const std::filesystem::path& file);
TextEncoderConfig readTextEncoderConfig(const std::filesystem::path& file);
VaeConfig readVaeConfig(const std::filesystem::path& file);
SchedulerConfig readSchedulerConfig(const std::filesystem::path& file);

/// hires_studio.json. A refiner is looked for relative to the model's folder and must lie in the folder that holds
/// the model's folder, or deeper.
ModelDefaults readModelDefaults(const std::filesystem::path& file);

/// A sharded network's index: key -> file name. Names that are more than a name are refused.
std::map<std::string, std::string> readShardIndex(const std::filesystem::path& file);

} // namespace studio
