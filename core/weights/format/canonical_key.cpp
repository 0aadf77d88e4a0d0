#include "core/weights/format/canonical_key.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <utility>

namespace studio {

namespace {

using Rename = std::pair<std::string_view, std::string_view>;
using Renames = std::span<const Rename>;

std::optional<std::string_view> after(std::string_view text, std::string_view prefix)
{
    if (!text.starts_with(prefix))
        return std::nullopt;
    return text.substr(prefix.size());
}

/// The text with its longest dotted prefix in the table replaced; nothing: no row fits.
std::optional<std::string> renamed(std::string_view text, Renames table)
{
    for (const auto& [from, to] : table)
        if (const auto rest = after(text, from); rest && (rest->empty() || rest->front() == '.'))
            return std::string(to).append(*rest);
    return std::nullopt;
}

/// Takes "<number>." off the front.
std::optional<int> takeNumber(std::string_view& text)
{
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto length = static_cast<std::size_t>(end - text.data());
    if (error != std::errc() || number < 0 || length >= text.size() || text[length] != '.')
        return std::nullopt;
    text.remove_prefix(length + 1);
    return number;
}

// ---- UNet ------------------------------------------------------------------------------------------------------

constexpr std::array kUnetTop{
    Rename{"input_blocks.0.0", "conv_in"},
    Rename{"time_embed.0", "time_embedding.linear_1"},
    Rename{"time_embed.2", "time_embedding.linear_2"},
    Rename{"label_emb.0.0", "add_embedding.linear_1"},
    Rename{"label_emb.0.2", "add_embedding.linear_2"},
    Rename{"out.0", "conv_norm_out"},
    Rename{"out.2", "conv_out"},
};

constexpr std::array kUnetResnet{
    Rename{"in_layers.0", "norm1"},
    Rename{"in_layers.2", "conv1"},
    Rename{"emb_layers.1", "time_emb_proj"},
    Rename{"out_layers.0", "norm2"},
    Rename{"out_layers.3", "conv2"},
    Rename{"skip_connection", "conv_shortcut"},
};

/// A member of one of LDM's blocks: the ResNet block comes first, attention and resampling after it.
std::optional<std::string> unetMember(std::string_view prefix, int index, int member, std::string_view rest)
{
    if (member == 0) {
        const auto layer = renamed(rest, kUnetResnet);
        return layer ? std::optional(fmt::format("{}.resnets.{}.{}", prefix, index, *layer)) : std::nullopt;
    }
    return fmt::format("{}.attentions.{}.{}", prefix, index, rest);
}

std::optional<std::string> unetKey(std::string_view key, int layers)
{
    if (auto top = renamed(key, kUnetTop))
        return top;
    const int period = layers + 1;
    if (auto rest = after(key, "input_blocks.")) {
        const auto block = takeNumber(*rest);
        const auto member = takeNumber(*rest);
        if (!block || !member || *block == 0 || *member > 1)
            return std::nullopt;
        const std::string level = fmt::format("down_blocks.{}", (*block - 1) / period);
        if ((*block - 1) % period == layers) {
            const auto leaf = after(*rest, "op.");
            return leaf && *member == 0
                ? std::optional(fmt::format("{}.downsamplers.0.conv.{}", level, *leaf))
                : std::nullopt;
        }
        return unetMember(level, (*block - 1) % period, *member, *rest);
    }
    if (auto rest = after(key, "middle_block.")) {
        const auto member = takeNumber(*rest);
        if (!member || *member > 2)
            return std::nullopt;
        return unetMember("mid_block", *member / 2, *member % 2, *rest);
    }
    if (auto rest = after(key, "output_blocks.")) {
        const auto block = takeNumber(*rest);
        const auto member = takeNumber(*rest);
        if (!block || !member || *member > 2)
            return std::nullopt;
        const std::string level = fmt::format("up_blocks.{}", *block / period);
        // The upsampler is the last member of the level's last block, behind the attention if there is one.
        if (rest->starts_with("conv.") && *member > 0)
            return fmt::format("{}.upsamplers.0.{}", level, *rest);
        return *member > 1 ? std::nullopt : unetMember(level, *block % period, *member, *rest);
    }
    return std::nullopt;
}

// ---- VAE -------------------------------------------------------------------------------------------------------

constexpr std::array kVaeAttention{
    Rename{"norm", "group_norm"},
    Rename{"q", "to_q"},
    Rename{"k", "to_k"},
    Rename{"v", "to_v"},
    Rename{"proj_out", "to_out.0"},
};

constexpr std::array kOldVaeAttention{
    Rename{"query", "to_q"},
    Rename{"key", "to_k"},
    Rename{"value", "to_v"},
    Rename{"proj_attn", "to_out.0"},
};

std::string vaeResnet(std::string_view rest)
{
    if (const auto leaf = after(rest, "nin_shortcut."))
        return fmt::format("conv_shortcut.{}", *leaf);
    return std::string(rest);
}

/// A level of the encoder ("down") or decoder ("up"); `level` counts as diffusers does.
std::optional<std::string> vaeLevel(std::string_view prefix, int level, std::string_view rest)
{
    if (auto block = after(rest, "block."))
        if (const auto index = takeNumber(*block))
            return fmt::format("{}_blocks.{}.resnets.{}.{}", prefix, level, *index, vaeResnet(*block));
    if (const auto conv = after(rest, "downsample."))
        return fmt::format("{}_blocks.{}.downsamplers.0.{}", prefix, level, *conv);
    if (const auto conv = after(rest, "upsample."))
        return fmt::format("{}_blocks.{}.upsamplers.0.{}", prefix, level, *conv);
    return std::nullopt;
}

std::optional<std::string> vaeHalf(std::string_view side, std::string_view rest, int levels)
{
    if (const auto leaf = after(rest, "norm_out."))
        return fmt::format("{}.conv_norm_out.{}", side, *leaf);
    if (const auto layer = after(rest, "mid.block_1."))
        return fmt::format("{}.mid_block.resnets.0.{}", side, vaeResnet(*layer));
    if (const auto layer = after(rest, "mid.block_2."))
        return fmt::format("{}.mid_block.resnets.1.{}", side, vaeResnet(*layer));
    if (const auto layer = after(rest, "mid.attn_1.")) {
        const auto name = renamed(*layer, kVaeAttention);
        return name ? std::optional(fmt::format("{}.mid_block.attentions.0.{}", side, *name)) : std::nullopt;
    }
    if (auto level = after(rest, "down."))
        if (const auto number = takeNumber(*level))
            return vaeLevel(fmt::format("{}.down", side), *number, *level);
    // The decoder counts its levels from the finest; diffusers counts from the coarsest.
    if (auto level = after(rest, "up."))
        if (const auto number = takeNumber(*level); number && *number < levels)
            return vaeLevel(fmt::format("{}.up", side), levels - 1 - *number, *level);
    return std::nullopt;
}

std::string vaeKey(std::string_view key, int levels)
{
    for (const std::string_view side : {"encoder", "decoder"})
        if (const auto rest = after(key, fmt::format("{}.", side)))
            if (auto mapped = vaeHalf(side, *rest, levels))
                return *mapped;
    return modernVaeKey(key);
}

bool isVaeKey(std::string_view key)
{
    // A T5 text encoder's keys begin with "encoder." too, but with "encoder.block".
    return key.starts_with("decoder.") || key.starts_with("quant_conv.")
        || key.starts_with("post_quant_conv.") || key.starts_with("encoder.conv_")
        || key.starts_with("encoder.down") || key.starts_with("encoder.mid")
        || key.starts_with("encoder.norm_out");
}

// ---- OpenCLIP --------------------------------------------------------------------------------------------------

constexpr std::array kOpenClipTop{
    Rename{"token_embedding.weight", "text_model.embeddings.token_embedding.weight"},
    Rename{"positional_embedding", "text_model.embeddings.position_embedding.weight"},
    Rename{"ln_final", "text_model.final_layer_norm"},
};

constexpr std::array kOpenClipLayer{
    Rename{"ln_1", "layer_norm1"},
    Rename{"ln_2", "layer_norm2"},
    Rename{"mlp.c_fc", "mlp.fc1"},
    Rename{"mlp.c_proj", "mlp.fc2"},
    Rename{"attn.out_proj", "self_attn.out_proj"},
};

std::vector<CanonicalKey> openClipKeys(std::string_view key)
{
    constexpr Component component = Component::TextEncoder2;
    if (key == "logit_scale")
        return {};
    if (key == "text_projection") // OpenCLIP multiplies by it from the right
        return {{component, "text_projection.weight", /*transposed=*/true}};
    if (auto top = renamed(key, kOpenClipTop))
        return {{component, *top}};
    if (auto rest = after(key, "transformer.resblocks.")) {
        if (const auto layer = takeNumber(*rest)) {
            const std::string prefix = fmt::format("text_model.encoder.layers.{}", *layer);
            if (const auto leaf = after(*rest, "attn.in_proj_")) {
                std::vector<CanonicalKey> keys;
                for (const char letter : {'q', 'k', 'v'})
                    keys.push_back({component, fmt::format("{}.self_attn.{}_proj.{}", prefix, letter, *leaf),
                        false, static_cast<int>(keys.size()), 3});
                return keys;
            }
            if (const auto name = renamed(*rest, kOpenClipLayer))
                return {{component, fmt::format("{}.{}", prefix, *name)}};
        }
    }
    return {{component, std::string(key)}};
}

} // namespace

std::string_view folderName(Component component) noexcept
{
    switch (component) {
    case Component::Unet:
        return "unet";
    case Component::TextEncoder:
        return "text_encoder";
    case Component::TextEncoder2:
        return "text_encoder_2";
    case Component::Vae:
        break;
    }
    return "vae";
}

std::string modernVaeKey(std::string_view key)
{
    constexpr std::string_view kPlace = ".mid_block.attentions.0.";
    const std::size_t at = key.find(kPlace);
    if (at == std::string_view::npos)
        return std::string(key);
    const std::size_t layer = at + kPlace.size();
    const auto name = renamed(key.substr(layer), kOldVaeAttention);
    return name ? std::string(key.substr(0, layer)).append(*name) : std::string(key);
}

std::vector<CanonicalKey> toCanonicalKeys(std::string_view key, const LdmLayout& layout)
{
    if (const auto rest = after(key, "model.diffusion_model."))
        return {{Component::Unet, unetKey(*rest, layout.unetLayersPerLevel).value_or(std::string(*rest))}};
    if (const auto rest = after(key, "conditioner.embedders.0.transformer.")) {
        if (rest->ends_with(".position_ids") || *rest == "logit_scale")
            return {};
        return {{Component::TextEncoder, std::string(*rest)}};
    }
    for (const std::string_view prefix : {"conditioner.embedders.0.model.", "conditioner.embedders.1.model."})
        if (const auto rest = after(key, prefix))
            return openClipKeys(*rest);
    if (const auto rest = after(key, "first_stage_model."))
        return {{Component::Vae, vaeKey(*rest, layout.vaeLevels)}};
    if (isVaeKey(key))
        return {{Component::Vae, vaeKey(key, layout.vaeLevels)}};
    if (auto unet = unetKey(key, layout.unetLayersPerLevel))
        return {{Component::Unet, *unet}};
    return {};
}

} // namespace studio
