#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace studio {

/// A checkpoint that was distilled to make a picture in few steps, and how its makers run it.
struct FewStepModel {
    std::string family; ///< "SDXL Lightning"
    int fewest = 1;     ///< steps
    int most = 8;
    int steps = 4; ///< what to begin with
    double guidance = 1.0;
    double mostGuidance = 2.0; ///< beyond it pictures burn
    std::string sampler;       ///< an id of Catalog::samplers
    std::string schedule;      ///< an id of Catalog::schedules
};

/// Told from a name ("sdxl_lightning_4step") or from what a file's metadata calls it; nothing for any other model.
/// The name counts first.
std::optional<FewStepModel> fewStepModel(
    std::string_view name, const std::map<std::string, std::string, std::less<>>& metadata);

/// The same of a checkpoint file or folder. A file that cannot be read is judged by its name alone.
std::optional<FewStepModel> fewStepModel(const std::filesystem::path& path);

/// "SDXL Lightning: 4 steps (2 to 8), guidance 1, euler, trailing"
std::string describe(const FewStepModel& model);

} // namespace studio
