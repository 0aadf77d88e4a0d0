#include "core/weights/format/peft_scaling.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/weights/format/sentences.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace studio {

namespace {

using Json = nlohmann::json;

constexpr const char* kMetadataEntry = "lora_adapter_metadata";
constexpr const char* kConfigFile = "adapter_config.json";
constexpr std::size_t kMostBytes = std::size_t(16) << 20;

Json objectIn(const std::string& text, const std::string& where)
{
    const Json root = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!root.is_object())
        throw Error(ErrorKind::FileCorrupt,
            where + " is no JSON object: the strength of the adapter's layers cannot be told.");
    return root;
}

std::optional<double> numberIn(const Json& value)
{
    if (!value.is_number())
        return std::nullopt;
    const auto number = value.get<double>();
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

bool isNamed(std::string_view layer, const std::string& ending)
{
    return layer == ending || layer.ends_with("." + ending);
}

void takeRotation(PeftScaling::Network& settings, const std::string& field, const Json& value)
{
    constexpr int kMostTerms = 100;
    if (field == "use_cayley_neumann" && value.is_boolean())
        settings.isSeries = value.get<bool>();
    if (field == "num_cayley_neumann_terms" && value.is_number_integer())
        settings.terms = int(std::clamp<std::int64_t>(value.get<std::int64_t>(), 1, kMostTerms));
    if (field == "coft" && value.is_boolean())
        settings.isBounded = value.get<bool>();
    if (field == "eps")
        settings.bound = numberIn(value).value_or(settings.bound);
    if (field == "feedforward_modules" && value.is_array())
        for (const Json& name : value)
            if (name.is_string())
                settings.feedforward.push_back(name.get<std::string>());
}

} // namespace

PeftScaling PeftScaling::of(
    const std::filesystem::path& file, const std::map<std::string, std::string, std::less<>>& metadata)
{
    PeftScaling out;
    const auto take = [&](const std::string& network, const std::string& field, const Json& value) {
        Network& settings = out.m_networks[network];
        if (field == "lora_alpha")
            settings.alpha = numberIn(value);
        if (field == "use_rslora" && value.is_boolean())
            settings.rankStabilised = value.get<bool>();
        takeRotation(settings, field, value);
        if (field == "alpha_pattern" && value.is_object())
            for (const auto& [layer, alpha] : value.items())
                if (const auto number = numberIn(alpha))
                    settings.patterns[layer] = *number;
    };
    if (const auto entry = metadata.find(kMetadataEntry); entry != metadata.end()) {
        const Json root = objectIn(entry->second, fileName(file) + ": its entry " + kMetadataEntry);
        for (const auto& [name, value] : root.items())
            if (const std::size_t dot = name.find('.'); dot != std::string::npos)
                take(name.substr(0, dot), name.substr(dot + 1), value);
        return out;
    }
    const std::filesystem::path config = file.parent_path() / kConfigFile;
    if (file.stem() == "adapter_model" && std::filesystem::exists(config)) {
        const Json root = objectIn(readFile(config, kMostBytes), fileName(config));
        for (const auto& [name, value] : root.items())
            take({}, name, value);
    }
    return out;
}

const PeftScaling::Network* PeftScaling::find(std::string_view network) const
{
    auto found = m_networks.find(network);
    if (found == m_networks.end())
        found = m_networks.find("");
    return found == m_networks.end() ? nullptr : &found->second;
}

int PeftScaling::cayleyTerms(std::string_view network) const
{
    const Network* settings = find(network);
    const Network usual;
    settings = settings ? settings : &usual;
    return settings->isSeries ? settings->terms : 0;
}

double PeftScaling::rotationBound(std::string_view network) const
{
    const Network* settings = find(network);
    return settings && settings->isBounded ? settings->bound : 0.0;
}

bool PeftScaling::isFeedforward(std::string_view network, std::string_view layer) const
{
    const Network* settings = find(network);
    return settings && std::ranges::any_of(settings->feedforward, [&](const std::string& name) {
        return isNamed(layer, name);
    });
}

std::optional<double> PeftScaling::alpha(std::string_view network, std::string_view layer, double rank) const
{
    const Network* settings = find(network);
    if (!settings)
        return std::nullopt;
    std::optional<double> alpha = settings->alpha;
    for (const auto& [ending, value] : settings->patterns)
        if (isNamed(layer, ending))
            alpha = value;
    if (alpha && settings->rankStabilised)
        return *alpha * std::sqrt(rank);
    return alpha;
}

} // namespace studio
