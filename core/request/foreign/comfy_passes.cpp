#include "core/request/foreign/comfy_passes.h"

#include "core/base/error.h"
#include "core/request/foreign/comfy_walk.h"
#include "core/request/foreign/json_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace studio {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostPasses = 16;
constexpr std::size_t kMostOutputs = 16;
constexpr double kUsualFactor = 4.0; ///< of upscaling models

/// A node between two samplers, and the input to go on with.
struct Passage {
    std::string_view type;
    std::string_view input;
};

constexpr std::array kPassages{
    Passage{"VAEDecode", "samples"},
    Passage{"VAEDecodeTiled", "samples"},
    Passage{"VAEEncode", "pixels"},
    Passage{"VAEEncodeTiled", "pixels"},
};

constexpr std::array<std::string_view, 7> kPictureInputs{
    "samples", "latent", "latent_image", "image", "images", "pixels", "upscaled_image"};

bool isSampler(const ComfyNode& node)
{
    return node.type == "SamplerCustomAdvanced" || node.type == "SamplerCustom"
        || (node.has("steps") && node.has("sampler_name")
            && (node.has("latent_image") || node.has("latent") || node.has("samples")));
}

/// 4 in "4x-UltraSharp.pth", 2 in "RealESRGAN_x2plus.pth".
std::optional<double> factorIn(std::string_view name)
{
    const auto digit = [&](std::size_t i) { return i < name.size() && name[i] >= '1' && name[i] <= '8'; };
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] != 'x' && name[i] != 'X')
            continue;
        if (i > 0 && digit(i - 1))
            return name[i - 1] - '0';
        if (digit(i + 1))
            return name[i + 1] - '0';
    }
    return std::nullopt;
}

class PassWalker {
public:
    PassWalker(const ComfyGraph& graph, ImportBuilder& builder, bool quiet)
        : m_graph(graph)
        , m_builder(builder)
        , m_quiet(quiet)
    { }

    /// From where the finished picture comes.
    ComfyPasses walk(ComfyLink at)
    {
        ComfyEnlargement met;
        while (at && m_out.passes.size() < kMostPasses) {
            m_graph.step();
            if (!isSampler(*at.node)) {
                at = before(*at.node, met);
                continue;
            }
            close(std::move(met));
            met = {};
            ComfyPass& pass = m_out.passes.emplace_back();
            if (!m_quiet)
                pass = readComfySampler(m_graph, m_builder, *at.node);
            const std::string_view input = at.node->has("latent_image") ? "latent_image"
                : at.node->has("latent")                                ? "latent"
                                                                        : "samples";
            at = m_graph.link(*at.node, input);
        }
        close(std::move(met));
        std::reverse(m_out.passes.begin(), m_out.passes.end());
        return std::move(m_out);
    }

private:
    void say(const std::string& sentence)
    {
        if (!m_quiet)
            m_builder.say(sentence);
    }

    void close(ComfyEnlargement met)
    {
        (m_out.passes.empty() ? m_out.after : m_out.passes.back().before) = std::move(met);
    }

    ComfyLink before(const ComfyNode& node, ComfyEnlargement& met)
    {
        sayAutoencoder(node);
        for (const Passage& row : kPassages)
            if (row.type == node.type)
                return m_graph.link(node, row.input);
        if (node.type == "ImageUpscaleWithModel")
            return upscaledByModel(node, met);
        if (node.type == "LatentUpscale" || node.type == "ImageScale")
            return scaledTo(node, met);
        if (node.type == "LatentUpscaleBy" || node.type == "ImageScaleBy")
            return scaledBy(node, met);
        for (const std::string_view input : kPictureInputs)
            if (const ComfyLink link = m_graph.link(node, input)) {
                say(fmt::format(
                    "The node \"{}\" is not known here; it is passed over.", shownText(node.type)));
                return link;
            }
        readSource(node);
        return {};
    }

    /// Where the first latent comes from: an empty one, or a picture.
    void readSource(const ComfyNode& node)
    {
        if (m_out.passes.empty())
            return;
        ComfyPass& first = m_out.passes.back();
        const Json* width = m_graph.value(node, "width");
        const Json* height = m_graph.value(node, "height");
        const auto w = width ? numberOf<int>(*width) : std::nullopt;
        const auto h = height ? numberOf<int>(*height) : std::nullopt;
        if (w && h)
            first.emptyLatent = Extent{*w, *h};
        else if (node.type.find("Load") != std::string::npos)
            first.startsFromPicture = true;
        else
            say(fmt::format(
                "The node \"{}\" is not known here; the size it gave is missing.", shownText(node.type)));
        const Json* batch = m_graph.value(node, "batch_size");
        if (batch && numberOf<int>(*batch).value_or(1) > 1)
            say(fmt::format("The picture is one of a batch of {}; the seed gives the first of them.",
                shownValue(*batch)));
    }

    void sayAutoencoder(const ComfyNode& node)
    {
        const ComfyLink from = m_graph.link(node, "vae");
        if (!from || m_quiet)
            return;
        if (const auto name = m_graph.text(*from.node, "vae_name"))
            m_builder.sayModel("autoencoder", *name);
    }

    ComfyLink scaledTo(const ComfyNode& node, ComfyEnlargement& met)
    {
        const Json* width = m_graph.value(node, "width");
        const Json* height = m_graph.value(node, "height");
        meet(node, met);
        if (width && height && !met.target)
            met.target = Extent{numberOf<int>(*width).value_or(0), numberOf<int>(*height).value_or(0)};
        return m_graph.link(node, node.type == "ImageScale" ? "image" : "samples");
    }

    ComfyLink scaledBy(const ComfyNode& node, ComfyEnlargement& met)
    {
        const Json* factor = m_graph.value(node, "scale_by");
        meet(node, met);
        if (!met.target)
            met.factor *= factor ? numberOf<double>(*factor).value_or(1.0) : 1.0;
        return m_graph.link(node, node.type == "ImageScaleBy" ? "image" : "samples");
    }

    ComfyLink upscaledByModel(const ComfyNode& node, ComfyEnlargement& met)
    {
        const ComfyLink loader = m_graph.link(node, "upscale_model");
        const std::string name
            = loader ? m_graph.text(*loader.node, "model_name").value_or(std::string()) : std::string();
        met.filter = name.empty() ? "an upscaling model" : name;
        const std::optional<double> factor = factorIn(name);
        if (!met.target) {
            met.factor *= factor.value_or(kUsualFactor);
            if (!factor)
                say(fmt::format("How much \"{}\" enlarges is not in the graph; 4 times is assumed.",
                    shownText(met.filter)));
        }
        return m_graph.link(node, "image");
    }

    /// A model's name says more than the filter that brings its picture to size.
    void meet(const ComfyNode& node, ComfyEnlargement& met)
    {
        const std::string filter = m_graph.text(node, "upscale_method").value_or("unknown");
        if (!met.isSet())
            met.filter = node.type.starts_with("Latent") ? "Latent (" + filter + ")" : filter;
    }

    const ComfyGraph& m_graph;
    ImportBuilder& m_builder;
    bool m_quiet;
    ComfyPasses m_out;
};

/// The nodes that take a picture and hand nothing on; those that save it before those that show it.
std::vector<ComfyLink> outputsOf(const ComfyGraph& graph)
{
    std::vector<ComfyLink> saved;
    std::vector<ComfyLink> shown;
    std::set<const ComfyNode*> read;
    for (const auto& [id, node] : graph.nodes())
        for (const auto& [name, value] : node.inputs->items())
            if (const ComfyLink from = graph.link(node, name))
                read.insert(from.node);
    for (const auto& [id, node] : graph.nodes()) {
        if (read.contains(&node))
            continue;
        for (const std::string_view input : {"images", "image", "samples"})
            if (const ComfyLink from = graph.link(node, input)) {
                (node.type.find("Save") != std::string::npos ? saved : shown).push_back(from);
                break;
            }
    }
    return saved.empty() ? shown : saved;
}

/// Of several outputs the one with the most passes before it.
ComfyLink outputOf(const ComfyGraph& graph, ImportBuilder& builder)
{
    std::vector<ComfyLink> outputs = outputsOf(graph);
    outputs.resize(std::min(outputs.size(), kMostOutputs));
    ComfyLink best;
    std::size_t most = 0;
    std::size_t withPasses = 0;
    for (const ComfyLink& output : outputs) {
        const std::size_t passes = PassWalker(graph, builder, /*quiet=*/true).walk(output).passes.size();
        withPasses += passes > 0 ? 1 : 0;
        if (passes > most) {
            most = passes;
            best = output;
        }
    }
    if (withPasses > 1)
        builder.say(
            fmt::format("The graph saves {} pictures, and this file does not say which it is; the settings "
                        "are those of the one with the most passes.",
                withPasses));
    if (best)
        return best;
    for (const auto& [id, node] : graph.nodes())
        if (isSampler(node))
            return {&node, 0};
    throw Error(ErrorKind::BadInput, "There is no sampler in its graph.");
}

} // namespace

ComfyPasses comfyPasses(const ComfyGraph& graph, ImportBuilder& builder)
{
    return PassWalker(graph, builder, /*quiet=*/false).walk(outputOf(graph, builder));
}

} // namespace studio
