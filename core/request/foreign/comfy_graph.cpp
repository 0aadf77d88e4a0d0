#include "core/request/foreign/comfy_graph.h"

#include "core/base/error.h"
#include "core/request/foreign/json_fields.h"

#include <array>

namespace studio {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostNodes = 5000;
constexpr std::size_t kMostSteps = 100'000;
constexpr int kMostDepth = 32;
constexpr std::size_t kMostTextBytes = 100'000;

bool isReroute(const ComfyNode& node)
{
    return node.type.starts_with("Reroute");
}

/// What nodes that hold one value call it.
constexpr std::array<std::string_view, 11> kValueNames{
    "value", "seed", "noise_seed", "int", "float", "string", "text", "number", "Number", "String", "Text"};

} // namespace

ComfyGraph::ComfyGraph(nlohmann::json api)
    : m_root(std::move(api))
    , m_stepsLeft(kMostSteps)
{
    for (const auto& [id, node] : m_root.items()) {
        if (!node.is_object() || !node.contains("class_type") || !node["class_type"].is_string()
            || !node.contains("inputs") || !node["inputs"].is_object())
            continue;
        if (m_nodes.size() == kMostNodes)
            throw Error(ErrorKind::BadInput, "Its graph has too many nodes to be read.");
        m_nodes[id] = {node["class_type"].get<std::string>(), &node["inputs"]};
    }
    if (m_nodes.empty())
        throw Error(ErrorKind::BadInput, "Its graph has no nodes.");
}

void ComfyGraph::step(std::size_t count) const
{
    if (count > m_stepsLeft)
        throw Error(ErrorKind::BadInput, "Its graph goes in circles, or is too large to be read.");
    m_stepsLeft -= count;
}

ComfyLink ComfyGraph::linkIn(const Json& input) const
{
    if (!input.is_array() || input.size() != 2)
        return {};
    const auto id = textIn(input[0]);
    const auto slot = numberOf<int>(input[1]);
    if (!id || !slot)
        return {};
    const auto found = m_nodes.find(*id);
    return found == m_nodes.end() ? ComfyLink{} : ComfyLink{&found->second, *slot};
}

ComfyLink ComfyGraph::link(const ComfyNode& node, std::string_view input) const
{
    const auto found = node.inputs->find(input);
    if (found == node.inputs->end())
        return {};
    ComfyLink at = linkIn(*found);
    while (at && isReroute(*at.node)) {
        step(1 + at.node->inputs->size());
        ComfyLink next;
        for (const auto& [name, value] : at.node->inputs->items())
            if (!next)
                next = linkIn(value);
        at = next;
    }
    return at;
}

const nlohmann::json* ComfyGraph::value(const ComfyNode& node, std::string_view input) const
{
    const ComfyNode* holder = &node;
    std::string name(input);
    while (true) {
        step();
        const auto found = holder->inputs->find(name);
        if (found == holder->inputs->end() || found->is_null())
            return nullptr;
        if (!found->is_array())
            return &*found;
        const ComfyLink from = link(*holder, name);
        if (!from)
            return nullptr;
        const auto known = std::find_if(kValueNames.begin(), kValueNames.end(),
            [&](std::string_view value) { return from.node->has(value); });
        if (known == kValueNames.end())
            return nullptr;
        holder = from.node;
        name = *known;
    }
}

std::optional<std::string> ComfyGraph::text(const ComfyNode& node, std::string_view input) const
{
    return text(node, input, 0);
}

std::optional<std::string> ComfyGraph::text(const ComfyNode& node, std::string_view input, int depth) const
{
    const ComfyLink from = link(node, input);
    if (from && from.node->has("string_a") && from.node->has("string_b") && depth < kMostDepth) {
        step();
        const auto first = text(*from.node, "string_a", depth + 1);
        const auto second = text(*from.node, "string_b", depth + 1);
        const std::string between = text(*from.node, "delimiter", depth + 1).value_or(std::string());
        if (!first && !second)
            return std::nullopt;
        std::string joined = first.value_or(std::string()) + between + second.value_or(std::string());
        if (joined.size() > kMostTextBytes)
            throw Error(ErrorKind::BadInput, "Its prompt is too long to be read.");
        return joined;
    }
    const Json* found = value(node, input);
    return found ? textIn(*found) : std::nullopt;
}

} // namespace studio
