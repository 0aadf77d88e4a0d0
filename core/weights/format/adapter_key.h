#pragma once

#include "core/weights/format/canonical_key.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace studio {

/// A key of an adapter file, cut in two: which layer of which network it changes, and which piece of the change its
/// tensor is.
struct AdapterKey {
    std::string layer; ///< as it is spelled in the file: "lora_unet_mid_block_attentions_0_proj_in"
    /// Under LyCORIS's name, whatever the file's: "lora_down", "lora_up", "lora_mid", "alpha", "dora_scale", "hada_w1_a",
    /// "lokr_w1", "oft_blocks", "diff", "diff_b", "w_norm", "b_norm", "peft_oft", "peft_boft", "peft_ia3", ...
    std::string piece;

    bool operator==(const AdapterKey&) const = default;
};

/// Nothing: the key belongs to no kind of adapter this program knows.
std::optional<AdapterKey> splitAdapterKey(std::string_view key);

/// A layer of a model's network under its diffusers name, without ".weight".
struct NetworkLayer {
    Component component = Component::Unet;
    std::string name; ///< "mid_block.attentions.0.proj_in"

    bool operator==(const NetworkLayer&) const = default;
    auto operator<=>(const NetworkLayer&) const = default;
};

/// Every way in which adapter files spell the layers of a model:
/// kohya's and OneTrainer's (a prefix, underscores in place of dots, names of LDM or of diffusers), LyCORIS's, PEFT's
/// and diffusers' (a network's folder, dots), and ComfyUI's (LDM's names with dots).
class LayerSpellings {
public:
    /// `parameters`: the names of all parameters of each network ("mid_block.attentions.0.proj_in.weight").
    LayerSpellings(
        const std::map<Component, std::vector<std::string>>& parameters, const LdmLayout& layout = {});

    /// Nothing: the model has no such layer.
    std::optional<NetworkLayer> find(std::string_view layer) const;

private:
    void add(Component component, const std::string& layer, const LdmLayout& layout);

    /// Component -> spelling without prefix, with underscores in place of dots -> diffusers name.
    std::map<Component, std::unordered_map<std::string, std::string>> m_names;
};

/// The names that LDM files have for a layer of the UNet ("mid_block.attentions.0.proj_in" ->
/// "middle_block.1.proj_in"): none, one, or two where the place depends on whether the level has attention.
std::vector<std::string> ldmUnetNames(std::string_view layer, const LdmLayout& layout = {});

} // namespace studio
