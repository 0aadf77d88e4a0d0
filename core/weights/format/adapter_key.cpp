#include "core/weights/format/adapter_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace studio {

namespace {

struct Ending {
    std::string_view ending; ///< of the file's key
    std::string_view piece;
};

/// Longer endings stand before those they end in.
constexpr std::array kEndings{
    // kohya, LyCORIS, OneTrainer
    Ending{".lora_down.weight", "lora_down"},
    Ending{".lora_up.weight", "lora_up"},
    Ending{".lora_mid.weight", "lora_mid"},
    Ending{".alpha", "alpha"},
    Ending{".dora_scale", "dora_scale"},
    Ending{".hada_w1_a", "hada_w1_a"},
    Ending{".hada_w1_b", "hada_w1_b"},
    Ending{".hada_w2_a", "hada_w2_a"},
    Ending{".hada_w2_b", "hada_w2_b"},
    Ending{".hada_t1", "hada_t1"},
    Ending{".hada_t2", "hada_t2"},
    Ending{".lokr_w1", "lokr_w1"},
    Ending{".lokr_w1_a", "lokr_w1_a"},
    Ending{".lokr_w1_b", "lokr_w1_b"},
    Ending{".lokr_w2", "lokr_w2"},
    Ending{".lokr_w2_a", "lokr_w2_a"},
    Ending{".lokr_w2_b", "lokr_w2_b"},
    Ending{".lokr_t2", "lokr_t2"},
    Ending{".oft_blocks", "oft_blocks"},
    Ending{".oft_diag", "oft_diag"},
    Ending{".rescale", "rescale"},
    Ending{".on_input", "on_input"},
    Ending{".diff", "diff"},
    Ending{".diff_b", "diff_b"},
    Ending{".w_norm", "w_norm"},
    Ending{".b_norm", "b_norm"},
    // PEFT
    Ending{".lora_A.weight", "lora_down"},
    Ending{".lora_B.weight", "lora_up"},
    Ending{".lora_A.default.weight", "lora_down"},
    Ending{".lora_B.default.weight", "lora_up"},
    Ending{".lora_magnitude_vector", "magnitude"},
    Ending{".lora_magnitude_vector.weight", "magnitude"},
    Ending{".lora_magnitude_vector.default.weight", "magnitude"},
    Ending{".oft_R.weight", "peft_oft"},
    Ending{".oft_R.default.weight", "peft_oft"},
    Ending{".boft_R", "peft_boft"},
    Ending{".boft_R.default", "peft_boft"},
    Ending{".boft_s", "peft_boft_s"},
    Ending{".boft_s.default", "peft_boft_s"},
    Ending{".ia3_l", "peft_ia3"},
    Ending{".ia3_l.default", "peft_ia3"},
    // diffusers before PEFT
    Ending{".lora.down.weight", "lora_down"},
    Ending{".lora.up.weight", "lora_up"},
    Ending{".lora_linear_layer.down.weight", "lora_down"},
    Ending{".lora_linear_layer.up.weight", "lora_up"},
    Ending{"_lora.down.weight", "lora_down"},
    Ending{"_lora.up.weight", "lora_up"},
    // IA3: the last of all, for everything above ends in it, too
    Ending{".weight", "ia3"},
};

struct Prefix {
    std::string_view prefix;
    Component component;
};

/// The first that fits counts.
constexpr std::array kPrefixes{
    Prefix{"lora_unet_", Component::Unet},
    Prefix{"oft_unet_", Component::Unet},
    Prefix{"lycoris_", Component::Unet},
    Prefix{"lora_te1_", Component::TextEncoder},
    Prefix{"lora_te2_", Component::TextEncoder2},
    Prefix{"unet.", Component::Unet},
    Prefix{"text_encoder.", Component::TextEncoder},
    Prefix{"text_encoder_2.", Component::TextEncoder2},
    Prefix{"clip_l.", Component::TextEncoder},
    Prefix{"clip_g.", Component::TextEncoder2},
    Prefix{"text_encoders.clip_l.transformer.", Component::TextEncoder},
    Prefix{"text_encoders.clip_g.transformer.", Component::TextEncoder2},
    Prefix{"conditioner.embedders.0.transformer.", Component::TextEncoder},
    Prefix{"model.diffusion_model.", Component::Unet},
    Prefix{"diffusion_model.", Component::Unet},
    // An adapter of the UNet alone, saved by PEFT itself.
    Prefix{"", Component::Unet},
};

constexpr std::string_view kPeftWrapper = "base_model.model.";

std::string flat(std::string_view name)
{
    std::string out(name);
    std::ranges::replace(out, '.', '_');
    return out;
}

void eraseFirst(std::string& text, std::string_view part)
{
    if (const std::size_t at = text.find(part); at != std::string::npos)
        text.erase(at, part.size());
}

/// Takes "<number>" and, if it is there, the dot behind it off the front.
std::optional<int> takeNumber(std::string_view& text)
{
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number < 0)
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.starts_with('.'))
        text.remove_prefix(1);
    return number;
}

bool takePrefix(std::string_view& text, std::string_view prefix)
{
    if (!text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

using Rename = std::pair<std::string_view, std::string_view>;

constexpr std::array kTop{Rename{"conv_in", "input_blocks.0.0"},
    Rename{"time_embedding.linear_1", "time_embed.0"}, Rename{"time_embedding.linear_2", "time_embed.2"},
    Rename{"add_embedding.linear_1", "label_emb.0.0"}, Rename{"add_embedding.linear_2", "label_emb.0.2"},
    Rename{"conv_norm_out", "out.0"}, Rename{"conv_out", "out.2"}};

constexpr std::array kResnet{Rename{"norm1", "in_layers.0"}, Rename{"conv1", "in_layers.2"},
    Rename{"time_emb_proj", "emb_layers.1"}, Rename{"norm2", "out_layers.0"}, Rename{"conv2", "out_layers.3"},
    Rename{"conv_shortcut", "skip_connection"}};

template <std::size_t N>
std::optional<std::string_view> renamed(std::string_view name, const std::array<Rename, N>& table)
{
    for (const auto& [from, to] : table)
        if (name == from)
            return to;
    return std::nullopt;
}

/// A ResNet block or the transformer behind it: which of the pair, and the name within it.
struct Member {
    int index = 0;
    bool isAttention = false;
    std::string name;
};

std::optional<Member> memberIn(std::string_view rest)
{
    Member member;
    member.isAttention = takePrefix(rest, "attentions.");
    if (!member.isAttention && !takePrefix(rest, "resnets."))
        return std::nullopt;
    const auto index = takeNumber(rest);
    const auto name = member.isAttention ? std::optional(rest) : renamed(rest, kResnet);
    if (!index || !name)
        return std::nullopt;
    member.index = *index;
    member.name = *name;
    return member;
}

} // namespace

std::optional<AdapterKey> splitAdapterKey(std::string_view key)
{
    for (const auto& [ending, piece] : kEndings)
        if (key.size() > ending.size() && key.ends_with(ending))
            return AdapterKey{std::string(key.substr(0, key.size() - ending.size())), std::string(piece)};
    return std::nullopt;
}

std::vector<std::string> ldmUnetNames(std::string_view layer, const LdmLayout& layout)
{
    if (const auto top = renamed(layer, kTop))
        return {std::string(*top)};
    const int period = layout.unetLayersPerLevel + 1;
    if (takePrefix(layer, "down_blocks.")) {
        const int level = takeNumber(layer).value_or(0);
        if (layer == "downsamplers.0.conv")
            return {fmt::format("input_blocks.{}.0.op", (level + 1) * period)};
        if (const auto member = memberIn(layer))
            return {fmt::format("input_blocks.{}.{}.{}", 1 + level * period + member->index,
                member->isAttention ? 1 : 0, member->name)};
    } else if (takePrefix(layer, "mid_block.")) {
        if (const auto member = memberIn(layer))
            return {
                fmt::format("middle_block.{}.{}", member->isAttention ? 1 : member->index * 2, member->name)};
    } else if (takePrefix(layer, "up_blocks.")) {
        const int level = takeNumber(layer).value_or(0);
        const int last = level * period + layout.unetLayersPerLevel;
        if (layer == "upsamplers.0.conv")
            return {
                fmt::format("output_blocks.{}.1.conv", last), fmt::format("output_blocks.{}.2.conv", last)};
        if (const auto member = memberIn(layer))
            return {fmt::format("output_blocks.{}.{}.{}", level * period + member->index,
                member->isAttention ? 1 : 0, member->name)};
    }
    return {};
}

LayerSpellings::LayerSpellings(
    const std::map<Component, std::vector<std::string>>& parameters, const LdmLayout& layout)
{
    for (const auto& [component, names] : parameters)
        for (const std::string& name : names)
            if (const std::size_t dot = name.rfind('.'); dot != std::string::npos)
                add(component, name.substr(0, dot), layout);
}

void LayerSpellings::add(Component component, const std::string& layer, const LdmLayout& layout)
{
    constexpr std::string_view kTextModel = "text_model.";
    auto& names = m_names[component];
    names.emplace(flat(layer), layer);
    if (component == Component::Unet) {
        for (const std::string& name : ldmUnetNames(layer, layout))
            names.emplace(flat(name), layer);
    } else if (layer.starts_with(kTextModel)) {
        // transformers 5 calls the layers so.
        names.emplace(flat(layer.substr(kTextModel.size())), layer);
    }
    // Attention processors knew one layer of to_out's two.
    if (layer.ends_with(".to_out.0"))
        names.emplace(flat(layer.substr(0, layer.size() - 2)), layer);
}

std::optional<NetworkLayer> LayerSpellings::find(std::string_view layer) const
{
    takePrefix(layer, kPeftWrapper);
    for (const auto& [prefix, component] : kPrefixes) {
        std::string_view rest = layer;
        if (!takePrefix(rest, prefix))
            continue;
        takePrefix(rest, kPeftWrapper);
        const auto network = m_names.find(component);
        if (network == m_names.end())
            return std::nullopt;
        std::string name = flat(rest);
        eraseFirst(name, "_processor");
        const auto found = network->second.find(name);
        if (found == network->second.end())
            return std::nullopt;
        return NetworkLayer{component, found->second};
    }
    return std::nullopt;
}

} // namespace studio
