#include "core/request/foreign/comfy_walk.h"
#include "core/request/foreign/json_fields.h"
#include "core/request/foreign/prompt_conversion.h"

#include "core/base/error.h"

#include <fmt/format.h>

#include <array>

namespace studio {

namespace {

using Json = nlohmann::json;

constexpr int kMostDepth = 64;
constexpr std::size_t kMostBytes = 100'000;

class ConditioningReader {
public:
    ConditioningReader(const ComfyGraph& graph, ImportBuilder& builder, bool isNegative, ComfyPass& pass)
        : m_graph(graph)
        , m_builder(builder)
        , m_isNegative(isNegative)
        , m_pass(pass)
    { }

    /// The texts that are asked side by side; one unless the graph combines some.
    std::vector<std::string> read(ComfyLink at, int depth)
    {
        while (at) {
            m_graph.step();
            if (depth > kMostDepth)
                throw Error(ErrorKind::BadInput, "Its graph is nested too deeply to be read.");
            const ComfyNode& node = *at.node;
            if (node.type == "ConditioningCombine")
                return combined(node, depth);
            if (node.type == "ConditioningConcat")
                return chained(node, depth);
            if (const auto text = textOf(node))
                return {*text};
            if (node.type == "ConditioningZeroOut") {
                m_builder.say(
                    "The negative conditioning is zero in ComfyUI; an empty prompt takes its place.");
                return {std::string()};
            }
            at = past(at);
        }
        return {};
    }

private:
    /// ComfyUI takes the mean of what the texts predict.
    std::vector<std::string> combined(const ComfyNode& node, int depth)
    {
        std::vector<std::string> texts = read(m_graph.link(node, "conditioning_1"), depth + 1);
        for (std::string& text : read(m_graph.link(node, "conditioning_2"), depth + 1))
            texts.push_back(std::move(text));
        std::size_t bytes = 0;
        for (const std::string& text : texts)
            bytes += text.size() + 1;
        if (bytes > kMostBytes)
            throw Error(ErrorKind::BadInput, "Its prompt is too long to be read.");
        return texts;
    }

    /// The second text's tokens behind the first's: what BREAK is.
    std::vector<std::string> chained(const ComfyNode& node, int depth)
    {
        std::vector<std::string> texts = read(m_graph.link(node, "conditioning_to"), depth + 1);
        const std::vector<std::string> behind = read(m_graph.link(node, "conditioning_from"), depth + 1);
        for (std::string& text : texts)
            if (!behind.empty())
                text += " BREAK " + behind.front();
        if (!texts.empty() && texts.front().size() > kMostBytes)
            throw Error(ErrorKind::BadInput, "Its prompt is too long to be read.");
        return texts;
    }

    std::optional<std::string> textOf(const ComfyNode& node)
    {
        const bool isTwofold = node.has("text_g") && node.has("text_l");
        if (!isTwofold && !node.has("text"))
            return std::nullopt;
        const auto text = m_graph.text(node, isTwofold ? "text_g" : "text");
        if (!text)
            m_builder.say(fmt::format(
                "The text of a node \"{}\" comes from nodes that are not known here.", shownText(node.type)));
        if (isTwofold) {
            const auto other = m_graph.text(node, "text_l");
            if (other && other != text)
                m_builder.say(fmt::format(
                    "The smaller text encoder had a text of its own, which is not applied: \"{}\".",
                    shownText(*other)));
        }
        if (!m_isNegative)
            readSizes(node);
        readEncoder(m_graph.link(node, "clip"));
        return fromComfyPrompt(text.value_or(std::string()), m_builder);
    }

    /// Of CLIPTextEncodeSDXL; a refiner's has a score in their place.
    void readSizes(const ComfyNode& node)
    {
        const auto number = [&](std::string_view input) {
            const Json* value = m_graph.value(node, input);
            return value ? numberOf<int>(*value) : std::nullopt;
        };
        if (const Json* score = m_graph.value(node, "ascore"))
            m_pass.conditioning.aestheticScore = numberOf<double>(*score).value_or(6.0);
        if (!node.has("target_width"))
            return;
        const auto width = number("width");
        const auto height = number("height");
        if (width && height)
            m_pass.conditioning.original = Extent{*width, *height};
        const auto targetWidth = number("target_width");
        const auto targetHeight = number("target_height");
        if (targetWidth && targetHeight)
            m_pass.conditioning.target = Extent{*targetWidth, *targetHeight};
        m_pass.conditioning.cropLeft = number("crop_w").value_or(0);
        m_pass.conditioning.cropTop = number("crop_h").value_or(0);
    }

    void readEncoder(ComfyLink at)
    {
        while (at) {
            m_graph.step();
            if (const Json* layer = m_graph.value(*at.node, "stop_at_clip_layer"); layer && !m_pass.clipLayer)
                m_pass.clipLayer = layer;
            at = m_graph.link(*at.node, "clip");
        }
    }

    /// A node that changes a conditioning, and is not known.
    ComfyLink past(ComfyLink at)
    {
        const ComfyNode& node = *at.node;
        if (node.type != "ConditioningAverage")
            m_builder.say(
                fmt::format("The node \"{}\", which changes the prompt's effect, is not known here; it is "
                            "passed over.",
                    shownText(node.type)));
        else
            m_builder.say(
                "ComfyUI's mean of two prompts (ConditioningAverage) is not applied: the first one counts.");
        const std::string_view own = at.slot == 1 ? "negative" : "positive";
        for (const std::string_view input :
            {own, std::string_view("conditioning"), std::string_view("conditioning_to")})
            if (const ComfyLink link = m_graph.link(node, input))
                return link;
        return {};
    }

    const ComfyGraph& m_graph;
    ImportBuilder& m_builder;
    bool m_isNegative;
    ComfyPass& m_pass;
};

} // namespace

std::string readComfyConditioning(
    const ComfyGraph& graph, ImportBuilder& builder, ComfyLink at, bool isNegative, ComfyPass& pass)
{
    const std::vector<std::string> texts = ConditioningReader(graph, builder, isNegative, pass).read(at, 0);
    if (texts.empty())
        return {};
    if (texts.size() == 1)
        return texts.front();
    if (isNegative) {
        builder.say(fmt::format("{} negative prompts are combined; the first one counts.", texts.size()));
        return texts.front();
    }
    builder.say(
        fmt::format("{} prompts are combined; they are joined by AND, each with its part of the guidance.",
            texts.size()));
    std::string joined;
    const double weight = 1.0 / static_cast<double>(texts.size());
    for (const std::string& text : texts)
        joined += fmt::format("{}{} :{:.4g}", joined.empty() ? "" : " AND ", text, weight);
    return joined;
}

} // namespace studio
