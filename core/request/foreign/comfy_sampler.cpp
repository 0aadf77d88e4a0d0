#include "core/request/foreign/comfy_walk.h"
#include "core/request/foreign/json_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace studio {

namespace {

using Json = nlohmann::json;

/// Nodes that are a sampler or a schedule of a name.
struct NamedNode {
    std::string_view type;
    std::string_view name;
};

constexpr std::array kSamplerNodes{
    NamedNode{"SamplerEulerAncestral", "euler_ancestral"},
    NamedNode{"SamplerEulerAncestralCFGPP", "euler_ancestral_cfg_pp"},
    NamedNode{"SamplerDPMPP_2M_SDE", "dpmpp_2m_sde"},
    NamedNode{"SamplerDPMPP_3M_SDE", "dpmpp_3m_sde"},
    NamedNode{"SamplerDPMPP_SDE", "dpmpp_sde"},
    NamedNode{"SamplerDPMPP_2S_Ancestral", "dpmpp_2s_ancestral"},
    NamedNode{"SamplerLMS", "lms"},
};

constexpr std::array kScheduleNodes{
    NamedNode{"KarrasScheduler", "karras"},
    NamedNode{"ExponentialScheduler", "exponential"},
    NamedNode{"PolyexponentialScheduler", "polyexponential"},
    NamedNode{"BetaSamplingScheduler", "beta"},
    NamedNode{"AlignYourStepsScheduler", "align_your_steps"},
};

template <std::size_t N> std::string nameIn(const std::array<NamedNode, N>& rows, std::string_view type)
{
    for (const NamedNode& row : rows)
        if (row.type == type)
            return std::string(row.name);
    return {};
}

class SamplerReader {
public:
    SamplerReader(const ComfyGraph& graph, ImportBuilder& builder, const ComfyNode& node)
        : m_graph(graph)
        , m_builder(builder)
        , m_node(node)
    { }

    ComfyPass read()
    {
        const bool isCustom = m_node.type == "SamplerCustomAdvanced" || m_node.type == "SamplerCustom";
        if (!isCustom && !m_node.type.starts_with("KSampler"))
            m_builder.say(fmt::format(
                "The node \"{}\" is not known here; it is read as a KSampler.", shownText(m_node.type)));
        readOwnValues();
        if (isCustom) {
            if (const ComfyLink noise = m_graph.link(m_node, "noise"))
                readNoise(*noise.node);
            if (const ComfyLink sampler = m_graph.link(m_node, "sampler"))
                readSampler(*sampler.node);
            readSigmas(m_graph.link(m_node, "sigmas"));
        }
        const ComfyLink guider = m_graph.link(m_node, "guider");
        readGuider(guider ? *guider.node : m_node);
        return std::move(m_pass);
    }

private:
    void readOwnValues()
    {
        m_pass.seed = m_graph.value(m_node, m_node.has("noise_seed") ? "noise_seed" : "seed");
        m_pass.steps = m_graph.value(m_node, "steps");
        m_pass.guidance = m_graph.value(m_node, "cfg");
        m_pass.strength = m_graph.value(m_node, "denoise");
        m_pass.firstStep = m_graph.value(m_node, "start_at_step");
        m_pass.lastStep = m_graph.value(m_node, "end_at_step");
        m_pass.sampler = m_graph.text(m_node, "sampler_name").value_or(std::string());
        m_pass.schedule = m_graph.text(m_node, "scheduler").value_or(std::string());
        if (const Json* adds = m_graph.value(m_node, "add_noise"))
            m_pass.addsNoise = *adds != "disable" && *adds != false;
    }

    void readNoise(const ComfyNode& noise)
    {
        m_pass.seed = m_graph.value(noise, noise.has("noise_seed") ? "noise_seed" : "seed");
        m_pass.addsNoise = noise.type != "DisableNoise";
    }

    void readSampler(const ComfyNode& sampler)
    {
        m_pass.sampler = nameIn(kSamplerNodes, sampler.type);
        if (m_pass.sampler.empty())
            m_pass.sampler = m_graph.text(sampler, "sampler_name").value_or(sampler.type);
        m_pass.eta = m_graph.value(sampler, "eta");
        m_pass.noiseScale = m_graph.value(sampler, "s_noise");
        const Json* solver = m_graph.value(sampler, "solver_type");
        if (solver && *solver == "heun" && m_pass.sampler == "dpmpp_2m_sde")
            m_pass.sampler = "dpmpp_2m_sde_heun";
    }

    void readSigmas(ComfyLink at)
    {
        while (at && !at.node->has("steps")) {
            m_graph.step();
            m_builder.say(fmt::format("The node \"{}\", which changes the noise levels, is passed over.",
                shownText(at.node->type)));
            at = m_graph.link(*at.node, "sigmas");
        }
        if (!at)
            return;
        m_pass.steps = m_graph.value(*at.node, "steps");
        m_pass.strength = m_graph.value(*at.node, "denoise");
        m_pass.schedule = nameIn(kScheduleNodes, at.node->type);
        if (m_pass.schedule.empty())
            m_pass.schedule = m_graph.text(*at.node, "scheduler").value_or(at.node->type);
    }

    /// A guider, or a sampler that has its inputs.
    void readGuider(const ComfyNode& guider)
    {
        static const Json kOne = 1.0;
        if (guider.type == "BasicGuider")
            m_pass.guidance = &kOne;
        else if (const Json* own = m_graph.value(guider, guider.has("cfg_conds") ? "cfg_conds" : "cfg"))
            m_pass.guidance = own;
        if (guider.type == "DualCFGGuider")
            m_builder.say("The second guidance of ComfyUI's \"DualCFGGuider\" is not applied.");
        readModel(m_graph.link(guider, "model"));
        const std::string_view positive = guider.has("positive") ? "positive"
            : guider.has("conditioning")                         ? "conditioning"
                                                                 : "cond1";
        m_pass.prompt = readComfyConditioning(
            m_graph, m_builder, m_graph.link(guider, positive), /*isNegative=*/false, m_pass);
        m_pass.negativePrompt = readComfyConditioning(
            m_graph, m_builder, m_graph.link(guider, "negative"), /*isNegative=*/true, m_pass);
    }

    /// Back to the checkpoint, with all that changes the network on the way.
    void readModel(ComfyLink at)
    {
        while (at) {
            m_graph.step();
            const ComfyNode& node = *at.node;
            for (const std::string_view name : {"ckpt_name", "unet_name", "model_path"})
                if (const auto file = m_graph.text(node, name); file && m_pass.model.empty())
                    m_pass.model = *file;
            if (const auto file = m_graph.text(node, "lora_name"))
                addAdapter(node, *file);
            else if (node.type == "RescaleCFG")
                m_pass.rescale = m_graph.value(node, "multiplier");
            else if (node.has("model") && !readAdapterRows(node))
                m_builder.say(
                    fmt::format("The node \"{}\", which changes the model, is not known here; it is "
                                "passed over.",
                        shownText(node.type)));
            at = m_graph.link(node, "model");
        }
        std::reverse(m_pass.adapters.begin(), m_pass.adapters.end());
    }

    double weightOf(const ComfyNode& node, std::string_view input, double otherwise) const
    {
        const Json* value = m_graph.value(node, input);
        return value ? numberOf<double>(*value).value_or(otherwise) : otherwise;
    }

    void addAdapter(const ComfyNode& node, const std::string& file)
    {
        const double unet = weightOf(node, "strength_model", 1.0);
        const bool modelOnly = node.type == "LoraLoaderModelOnly";
        if (file != "None")
            m_pass.adapters.push_back({file, unet, modelOnly ? 0.0 : weightOf(node, "strength_clip", unet)});
    }

    /// "Power Lora Loader (rgthree)": each input an object {"on": true, "lora": "x.safetensors", "strength": 1}.
    bool readAdapterRows(const ComfyNode& node)
    {
        bool found = false;
        m_graph.step(node.inputs->size());
        for (const auto& [name, value] : node.inputs->items()) {
            if (!value.is_object() || !value.contains("lora") || !value.contains("strength"))
                continue;
            found = true;
            JsonFields row(value);
            const Json* on = row.take("on");
            if (on && *on == false)
                continue;
            const double weight = row.number<double>("strength").value_or(1.0);
            m_pass.adapters.push_back(
                {row.text("lora"), weight, row.number<double>("strengthTwo").value_or(weight)});
        }
        return found;
    }

    const ComfyGraph& m_graph;
    ImportBuilder& m_builder;
    const ComfyNode& m_node;
    ComfyPass m_pass;
};

} // namespace

ComfyPass readComfySampler(const ComfyGraph& graph, ImportBuilder& builder, const ComfyNode& sampler)
{
    return SamplerReader(graph, builder, sampler).read();
}

} // namespace studio
