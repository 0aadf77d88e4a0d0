#include "app/cli/picture_line.h"

#include <nlohmann/json.hpp>

#include <iomanip>
#include <sstream>

namespace studio::cli {

namespace {

std::string sizeText(const Extent& size)
{
    return std::to_string(size.width) + "x" + std::to_string(size.height);
}

} // namespace

std::string pictureLine(const Take& take, const Layer& layer, const std::filesystem::path& file)
{
    nlohmann::ordered_json stages = nlohmann::ordered_json::array();
    for (const StageRecord& stage : take.stages)
        stages.push_back({{"name", stage.label}, {"seconds", stage.seconds}, {"steps", stage.steps}});
    const nlohmann::ordered_json line{
        {"file", file.string()},
        {"layer", layerId(layer.kind)},
        {"mode", modeId(take.plan.request.mode)},
        {"width", layer.size.width},
        {"height", layer.size.height},
        {"final_resolution", sizeText(layer.size)},
        {"seed", take.plan.request.seed.value_or(0)},
        {"generation_time_seconds", layer.seconds},
        {"stages", std::move(stages)},
        {"peak_memory_bytes", take.peakMemoryBytes},
        {"device", take.device},
        {"dtype", take.precision},
    };
    // A path may hold any bytes; JSON may not.
    return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string pictureSentence(const Take& take, const Layer& layer, const std::filesystem::path& file)
{
    std::ostringstream out;
    out << file.string() << "  " << sizeText(layer.size) << ", seed " << take.plan.request.seed.value_or(0)
        << ", " << std::fixed << std::setprecision(1) << layer.seconds << " s";
    return out.str();
}

} // namespace studio::cli
