#include "core/base/error.h"
#include "core/request/foreign/comfy_graph.h"
#include "core/request/foreign/json_fields.h"

#include <array>
#include <span>

namespace studio {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMost = 10'000; ///< nodes, and links
constexpr int kMuted = 2;
constexpr int kBypassed = 4;

/// The widgets of a node in the order in which a workflow lists their values; empty: one that the API does not have.
struct Widgets {
    std::string_view type;
    std::array<std::string_view, 10> names;
};

constexpr std::array kWidgets{
    Widgets{"KSampler", {"seed", "", "steps", "cfg", "sampler_name", "scheduler", "denoise"}},
    Widgets{"KSamplerAdvanced",
        {"add_noise", "noise_seed", "", "steps", "cfg", "sampler_name", "scheduler", "start_at_step",
            "end_at_step", "return_with_leftover_noise"}},
    Widgets{"SamplerCustom", {"add_noise", "noise_seed", "", "cfg"}},
    Widgets{"RandomNoise", {"noise_seed"}},
    Widgets{"CFGGuider", {"cfg"}},
    Widgets{"KSamplerSelect", {"sampler_name"}},
    Widgets{"BasicScheduler", {"scheduler", "steps", "denoise"}},
    Widgets{"KarrasScheduler", {"steps", "sigma_max", "sigma_min", "rho"}},
    Widgets{"CLIPTextEncode", {"text"}},
    Widgets{"CLIPTextEncodeSDXL",
        {"width", "height", "crop_w", "crop_h", "target_width", "target_height", "text_g", "text_l"}},
    Widgets{"CLIPSetLastLayer", {"stop_at_clip_layer"}},
    Widgets{"CheckpointLoaderSimple", {"ckpt_name"}},
    Widgets{"LoraLoader", {"lora_name", "strength_model", "strength_clip"}},
    Widgets{"LoraLoaderModelOnly", {"lora_name", "strength_model"}},
    Widgets{"VAELoader", {"vae_name"}},
    Widgets{"EmptyLatentImage", {"width", "height", "batch_size"}},
    Widgets{"LatentUpscale", {"upscale_method", "width", "height", "crop"}},
    Widgets{"LatentUpscaleBy", {"upscale_method", "scale_by"}},
    Widgets{"ImageScale", {"upscale_method", "width", "height", "crop"}},
    Widgets{"ImageScaleBy", {"upscale_method", "scale_by"}},
    Widgets{"UpscaleModelLoader", {"model_name"}},
    Widgets{"LoadImage", {"image"}},
    Widgets{"RescaleCFG", {"multiplier"}},
    Widgets{"PrimitiveNode", {"value"}},
};

void addWidgets(Json& inputs, const std::string& type, const Json& values)
{
    if (values.is_object()) {
        for (const auto& [name, value] : values.items())
            inputs[name] = value;
        return;
    }
    for (const Widgets& row : kWidgets) {
        if (row.type != type || !values.is_array())
            continue;
        for (std::size_t i = 0; i < row.names.size() && i < values.size(); ++i)
            if (!row.names[i].empty())
                inputs[std::string(row.names[i])] = values[i];
    }
}

/// [id, from node, from slot, to node, to slot, type], or an object of the same since 2024.
std::map<std::string, Json> originsIn(const Json& links)
{
    std::map<std::string, Json> origins;
    if (!links.is_array())
        return origins;
    for (const Json& link : links) {
        if (link.is_array() && link.size() >= 3)
            origins[link[0].dump()] = Json::array({link[1].dump(), link[2]});
        else if (link.is_object() && link.contains("id") && link.contains("origin_id"))
            origins[link["id"].dump()]
                = Json::array({link["origin_id"].dump(), link.value("origin_slot", Json(0))});
        if (origins.size() > kMost)
            throw Error(ErrorKind::BadInput, "Its workflow has too many links to be read.");
    }
    return origins;
}

Json inputsOf(const Json& node, const std::string& type, const std::map<std::string, Json>& origins)
{
    Json inputs = Json::object();
    if (const auto values = node.find("widgets_values"); values != node.end())
        addWidgets(inputs, type, *values);
    const auto slots = node.find("inputs");
    if (slots == node.end() || !slots->is_array())
        return inputs;
    for (const Json& slot : *slots) {
        JsonFields fields(slot);
        const Json* link = fields.take("link");
        const auto origin = link ? origins.find(link->dump()) : origins.end();
        if (origin != origins.end())
            inputs[fields.text("name")] = origin->second;
    }
    return inputs;
}

} // namespace

nlohmann::json fromComfyWorkflow(const nlohmann::json& workflow)
{
    const auto nodes = workflow.find("nodes");
    if (nodes == workflow.end() || !nodes->is_array() || nodes->size() > kMost)
        throw Error(ErrorKind::BadInput, "Its workflow has no nodes that can be read.");
    const std::map<std::string, Json> origins = originsIn(workflow.value("links", Json()));
    Json api = Json::object();
    for (const Json& node : *nodes) {
        JsonFields fields(node);
        const Json* id = fields.take("id");
        const std::string type = fields.text("type");
        const int mode = fields.number<int>("mode").value_or(0);
        if (!id || type.empty() || mode == kMuted)
            continue;
        api[id->dump()] = {
            {"class_type", mode == kBypassed ? "Reroute" : type}, {"inputs", inputsOf(node, type, origins)}};
    }
    return api;
}

} // namespace studio
