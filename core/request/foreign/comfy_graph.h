#pragma once

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace studio {

/// One node of ComfyUI's graph, as its API takes it: {"class_type": "KSampler", "inputs": {...}}.
struct ComfyNode {
    std::string type;
    const nlohmann::json* inputs = nullptr; ///< an object

    bool has(std::string_view input) const { return inputs->find(input) != inputs->end(); }
};

/// Where an input comes from. `node` null: from nowhere, or it is a value.
struct ComfyLink {
    const ComfyNode* node = nullptr;
    int slot = 0;

    explicit operator bool() const { return node != nullptr; }
    bool operator==(const ComfyLink&) const = default;
};

/// A graph from a stranger: its links may lead nowhere or in circles. Every step is counted, and too many throw Error.
class ComfyGraph {
public:
    /// Throws Error (BadInput) if there are no nodes or more than 5000.
    explicit ComfyGraph(nlohmann::json api);
    ComfyGraph(const ComfyGraph&) = delete;
    ComfyGraph& operator=(const ComfyGraph&) = delete;

    const std::map<std::string, ComfyNode>& nodes() const { return m_nodes; }

    /// Counts steps of whoever walks over the graph; throws Error if there were too many.
    void step(std::size_t count = 1) const;

    /// Through reroutes.
    ComfyLink link(const ComfyNode& node, std::string_view input) const;

    /// A value: its own, or that of a node that holds one ("PrimitiveInt", "Seed"). Null if there is none.
    const nlohmann::json* value(const ComfyNode& node, std::string_view input) const;

    /// A text, also one that nodes put together. At most 100 KB.
    std::optional<std::string> text(const ComfyNode& node, std::string_view input) const;

private:
    ComfyLink linkIn(const nlohmann::json& input) const;
    std::optional<std::string> text(const ComfyNode& node, std::string_view input, int depth) const;

    nlohmann::json m_root;
    std::map<std::string, ComfyNode> m_nodes;
    mutable std::size_t m_stepsLeft;
};

/// The API's form of a "workflow", which holds the same graph as the window draws it: for the nodes whose widgets are
/// known. Muted nodes are left out, bypassed ones become reroutes.
nlohmann::json fromComfyWorkflow(const nlohmann::json& workflow);

} // namespace studio
