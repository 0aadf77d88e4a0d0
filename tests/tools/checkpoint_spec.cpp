#include "tests/tools/checkpoint_spec.h"

#include <nlohmann/json.hpp>

#include <fstream>
#include <functional>
#include <numeric>
#include <stdexcept>

namespace studio::testing {

std::int64_t SpecTensor::values() const
{
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

CheckpointSpec readSpec(const std::filesystem::path& file)
{
    std::ifstream stream(file);
    if (!stream)
        throw std::runtime_error("There is no spec " + file.string() + ".");
    const nlohmann::json json = nlohmann::json::parse(stream);
    CheckpointSpec spec;
    spec.seed = json.at("seed");
    spec.modelIndex = json.at("model_index").dump(2);
    for (const auto& [name, config] : json.at("components").items())
        spec.components[name] = config.dump(2);
    for (const nlohmann::json& row : json.at("tensors"))
        spec.tensors.push_back({row.at(0), row.at(1), row.at(2), row.at(3), row.at(4),
            row.size() > 7 ? row.at(7).get<double>() : 0.0, row.at(5), row.at(6)});
    for (const nlohmann::json& row : json.at("ldm_extra"))
        spec.extra.push_back(
            {row.at(0), row.at(1), typeFromFormatName(row.at(2).get<std::string>()).value()});
    return spec;
}

} // namespace studio::testing
