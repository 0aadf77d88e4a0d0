#include "core/weights/format/file_kind.h"

#include "core/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace studio {

namespace {

/// Questions about a file's keys.
class Keys {
public:
    explicit Keys(const SafetensorsHeader& header)
        : m_header(header)
    { }

    bool has(std::string_view key) const { return m_header.find(key) != nullptr; }

    bool hasPrefix(std::string_view prefix) const
    {
        const auto at = std::lower_bound(m_header.tensors.begin(), m_header.tensors.end(), prefix,
            [](const SafetensorsEntry& entry, std::string_view wanted) { return entry.name < wanted; });
        return at != m_header.tensors.end() && at->name.starts_with(prefix);
    }

    bool hasPrefixOf(std::initializer_list<std::string_view> prefixes) const
    {
        return std::any_of(
            prefixes.begin(), prefixes.end(), [&](std::string_view one) { return hasPrefix(one); });
    }

    /// Some key with one of the words in it.
    bool mentions(std::initializer_list<std::string_view> words) const
    {
        return std::any_of(
            m_header.tensors.begin(), m_header.tensors.end(), [&](const SafetensorsEntry& entry) {
                return std::any_of(words.begin(), words.end(),
                    [&](std::string_view word) { return entry.name.find(word) != std::string::npos; });
            });
    }

    /// Some key that ends in one of the words.
    bool hasEndingOf(std::initializer_list<std::string_view> endings) const
    {
        return std::any_of(
            m_header.tensors.begin(), m_header.tensors.end(), [&](const SafetensorsEntry& entry) {
                return std::any_of(endings.begin(), endings.end(),
                    [&](std::string_view ending) { return entry.name.ends_with(ending); });
            });
    }

    /// -1: there is no such tensor, or it has fewer dimensions.
    std::int64_t extent(std::string_view key, std::size_t dimension) const
    {
        const SafetensorsEntry* entry = m_header.find(key);
        return entry && dimension < entry->shape.size() ? entry->shape[dimension] : -1;
    }

    /// The extent of the first tensor whose key ends so.
    std::int64_t extentOfEnding(std::string_view ending, std::size_t dimension) const
    {
        for (const SafetensorsEntry& entry : m_header.tensors)
            if (entry.name.ends_with(ending) && dimension < entry.shape.size())
                return entry.shape[dimension];
        return -1;
    }

    const SafetensorsHeader& header() const { return m_header; }

private:
    const SafetensorsHeader& m_header;
};

using Answer = std::optional<KnownKind>;

Answer adapter(const Keys& keys)
{
    if (keys.mentions({".hada_w1_", ".lokr_w1", ".oft_blocks", ".oft_diag", ".on_input"})
        || keys.hasEndingOf({".diff", ".diff_b", ".w_norm", ".b_norm"}))
        return KnownKind{FileKind::Lora, "a LyCORIS adapter"};
    if (keys.hasPrefixOf({"lora_unet_", "lora_te"}) && keys.mentions({".lora_down."}))
        return KnownKind{FileKind::Lora, "a LoRA (kohya's form)"};
    if (keys.mentions({".lora_A.", ".lora_B."}))
        return KnownKind{FileKind::Lora, "a LoRA (PEFT's form)"};
    if (keys.mentions({".oft_R.", ".boft_R", ".ia3_l"}))
        return KnownKind{FileKind::Lora, "an adapter (PEFT's form)"};
    if (keys.mentions({"_lora.down.", ".lora.down.", ".lora_linear_layer.down.", ".lora_down."}))
        return KnownKind{FileKind::Lora, "a LoRA (diffusers' form)"};
    if (keys.hasPrefixOf({"control_model.", "controlnet_cond_embedding.", "input_hint_block.", "lllite_",
            "controlnet_blocks."}))
        return KnownKind{FileKind::ControlNet, "a ControlNet"};
    return std::nullopt;
}

Answer otherFamily(const Keys& keys)
{
    if (keys.mentions({"double_blocks.0.img_attn.", "single_transformer_blocks.0.attn."}))
        return KnownKind{FileKind::Flux, "a Flux model"};
    if (keys.mentions({"joint_blocks.0.", "transformer_blocks.0.ff_context."}))
        return KnownKind{FileKind::StableDiffusion3, "a Stable Diffusion 3 model"};
    if (keys.hasPrefix("cond_stage_model.model."))
        return KnownKind{FileKind::StableDiffusion2, "a Stable Diffusion 2.x checkpoint"};
    if (keys.hasPrefix("cond_stage_model."))
        return KnownKind{FileKind::StableDiffusion1, "a Stable Diffusion 1.x checkpoint"};
    return std::nullopt;
}

/// A UNet of LDM's form: of a whole SDXL checkpoint, of one without text encoders, or of an older family.
Answer ldmUnet(const Keys& keys, std::string_view prefix)
{
    const auto named = [&](std::string_view key) { return fmt::format("{}{}", prefix, key); };
    if (!keys.has(named("input_blocks.0.0.weight")))
        return std::nullopt;
    const std::int64_t channels = keys.extent(named("input_blocks.0.0.weight"), 1);
    const std::int64_t context = keys.extentOfEnding("attn2.to_k.weight", 1);
    if (!keys.has(named("label_emb.0.0.weight"))) {
        if (context == 1024)
            return KnownKind{FileKind::StableDiffusion2, "the UNet of a Stable Diffusion 2.x model"};
        return KnownKind{FileKind::StableDiffusion1, "the UNet of a Stable Diffusion 1.x model"};
    }
    const bool openClipFirst = keys.hasPrefix("conditioner.embedders.0.model.");
    const bool openClipSecond = keys.hasPrefix("conditioner.embedders.1.model.");
    const bool clip = keys.hasPrefix("conditioner.embedders.0.transformer.");
    if (channels == 9)
        return KnownKind{
            FileKind::SdxlInpainting, "an SDXL inpainting checkpoint (its UNet takes 9 channels)"};
    if (channels > 4)
        return KnownKind{FileKind::Unknown,
            fmt::format("an SDXL editing checkpoint (its UNet takes {} channels)", channels)};
    if (clip && openClipSecond)
        return KnownKind{FileKind::SdxlBase, "an SDXL base checkpoint"};
    if (openClipFirst && !openClipSecond)
        return KnownKind{FileKind::SdxlRefiner, "an SDXL refiner checkpoint"};
    return KnownKind{FileKind::SdxlUnet, "an SDXL UNet without its text encoders"};
}

Answer diffusersUnet(const Keys& keys)
{
    if (!keys.has("down_blocks.0.resnets.0.norm1.weight") || !keys.has("conv_in.weight"))
        return std::nullopt;
    if (keys.has("add_embedding.linear_1.weight")) {
        if (keys.extent("conv_in.weight", 1) == 9)
            return KnownKind{FileKind::SdxlInpainting, "the UNet of an SDXL inpainting model"};
        return KnownKind{FileKind::SdxlUnet, "an SDXL UNet without its text encoders"};
    }
    if (keys.extentOfEnding("attn2.to_k.weight", 1) == 1024)
        return KnownKind{FileKind::StableDiffusion2, "the UNet of a Stable Diffusion 2.x model"};
    return KnownKind{FileKind::StableDiffusion1, "the UNet of a Stable Diffusion 1.x model"};
}

Answer autoencoder(const Keys& keys)
{
    for (const std::string_view prefix : {"", "first_stage_model.", "vae."}) {
        const std::int64_t channels = keys.extent(fmt::format("{}decoder.conv_in.weight", prefix), 1);
        if (channels == 4)
            return KnownKind{FileKind::SdxlVae, "a VAE of SDXL's shape"};
        if (channels >= 0)
            return KnownKind{FileKind::OtherVae, fmt::format("a VAE with {} latent channels", channels)};
    }
    return std::nullopt;
}

Answer textEncoder(const Keys& keys)
{
    if (keys.hasPrefixOf({"text_model.", "transformer.resblocks.", "encoder.block.0.layer.0.SelfAttention.",
            "vision_model."}))
        return KnownKind{FileKind::TextEncoder, "a text encoder"};
    return std::nullopt;
}

Answer upscaler(const Keys& keys)
{
    for (const std::string_view prefix : {"", "params_ema.", "params."}) {
        const auto named = [&](std::string_view key) { return fmt::format("{}{}", prefix, key); };
        const bool old = keys.has(named("model.0.weight")) && keys.hasPrefix(named("model.1.sub.0."));
        const bool present = keys.has(named("conv_first.weight"))
            && keys.hasPrefixOf({named("body.0.rdb1."), named("RRDB_trunk.0."),
                named("layers.0.residual_group."), named("body.0.conv")});
        const bool compact = keys.extent(named("body.0.weight"), 3) == 3 && keys.has(named("body.1.weight"));
        if (old || present || compact)
            return KnownKind{FileKind::Upscaler, "an upscaling network"};
    }
    return std::nullopt;
}

Answer embedding(const Keys& keys)
{
    constexpr std::size_t kMostTensors = 8;
    const auto& tensors = keys.header().tensors;
    const bool flat = !tensors.empty() && tensors.size() <= kMostTensors
        && std::all_of(tensors.begin(), tensors.end(), [](const SafetensorsEntry& entry) {
               constexpr std::array<std::int64_t, 3> kWidths{768, 1024, 1280};
               return !entry.shape.empty() && entry.shape.size() <= 2
                   && std::find(kWidths.begin(), kWidths.end(), entry.shape.back()) != kWidths.end();
           });
    if (keys.has("emb_params") || (keys.has("clip_l") && keys.has("clip_g")) || flat)
        return KnownKind{FileKind::TextualInversion, "a textual inversion embedding"};
    return std::nullopt;
}

/// How many channels a tensor of an adapter reads, of those kinds where one tensor shows it; 0: it does not.
std::int64_t channelsRead(const SafetensorsEntry& entry)
{
    constexpr std::array<std::string_view, 5> kReading{
        ".lora_down.weight", ".lora_A.weight", "lora.down.weight", ".down.weight", ".hada_w1_b"};
    const bool reads = entry.shape.size() >= 2
        && std::any_of(kReading.begin(), kReading.end(),
            [&](std::string_view ending) { return entry.name.ends_with(ending); });
    return reads ? entry.shape[1] : 0;
}

/// The family of models told from a layer that reads text: each has texts of another width. Before SDXL there was one
/// text encoder, "lora_te_".
std::string familyOfTextWidth(const SafetensorsEntry& entry)
{
    constexpr std::array<std::pair<std::int64_t, std::string_view>, 4> kTextWidths{
        {{768, "Stable Diffusion 1.x"}, {1024, "Stable Diffusion 2.x"}, {1280, "the SDXL refiner"},
            {2048, "SDXL"}}};
    const bool readsText
        = entry.name.find("attn2") != std::string::npos && entry.name.find("to_k") != std::string::npos;
    const bool isOnlyEncoder
        = entry.name.starts_with("lora_te_") && entry.name.find("self_attn") != std::string::npos;
    if (readsText || isOnlyEncoder)
        for (const auto& [width, family] : kTextWidths)
            if (channelsRead(entry) == width)
                return std::string(family);
    return {};
}

} // namespace

KnownKind kindOf(const SafetensorsHeader& header)
{
    const Keys keys(header);
    // Adapters name the networks they change, so they must be asked about first; a VAE last of the large ones,
    // because every checkpoint has one.
    if (const Answer answer = adapter(keys))
        return *answer;
    if (const Answer answer = otherFamily(keys))
        return *answer;
    for (const std::string_view prefix : {"model.diffusion_model.", ""})
        if (const Answer answer = ldmUnet(keys, prefix))
            return *answer;
    for (Answer (*const ask)(const Keys&) :
        {&diffusersUnet, &autoencoder, &textEncoder, &upscaler, &embedding})
        if (const Answer answer = ask(keys))
            return *answer;
    return {};
}

std::string adapterFamily(const SafetensorsHeader& header)
{
    const Keys keys(header);
    if (keys.hasPrefixOf({"lora_te2_", "text_encoder_2."}))
        return "SDXL";
    if (keys.mentions({"double_blocks", "single_transformer_blocks", "single_blocks"}))
        return "Flux";
    if (keys.mentions({"joint_blocks", "joint_transformer_blocks"}))
        return "Stable Diffusion 3";
    if (keys.hasPrefix("transformer.transformer_blocks."))
        return "Stable Diffusion 3 or Flux";
    for (const SafetensorsEntry& entry : header.tensors)
        if (const std::string family = familyOfTextWidth(entry); !family.empty())
            return family;
    return {};
}

std::string embeddingFamily(const SafetensorsHeader& header)
{
    if (header.find("clip_g") && header.find("clip_l"))
        return "SDXL";
    if (header.find("clip_g"))
        return "the SDXL refiner";
    for (const SafetensorsEntry& entry : header.tensors) {
        const std::int64_t width = entry.shape.empty() ? 0 : entry.shape.back();
        if (width == 768)
            return "Stable Diffusion 1.x";
        if (width == 1024)
            return "Stable Diffusion 2.x";
    }
    return {};
}

std::int64_t adapterRank(const SafetensorsHeader& header)
{
    std::int64_t rank = 0;
    for (const SafetensorsEntry& entry : header.tensors)
        if (entry.shape.size() >= 2
            && (entry.name.ends_with("lora_down.weight") || entry.name.ends_with("lora_A.weight")
                || entry.name.ends_with("lora.down.weight")))
            rank = std::max(rank, entry.shape[0]);
    return rank;
}

std::optional<KnownKind> kindFromFirstBytes(std::span<const std::byte> file)
{
    constexpr std::size_t kLongestMagic = 32;
    const std::string_view front(
        reinterpret_cast<const char*>(file.data()), std::min(file.size(), kLongestMagic));
    const auto startsWith = [&](std::string_view magic) { return front.starts_with(magic); };
    // The low bytes of a safetensors header's length may look like anything; the zeros and the brace after them do not.
    if (front.size() > 8 && front.substr(4, 4) == std::string_view("\0\0\0\0", 4) && front[8] == '{')
        return std::nullopt;
    if (startsWith("\x89PNG\r\n\x1a\n") || startsWith("\xFF\xD8\xFF")
        || (startsWith("RIFF") && front.size() >= 12 && front.substr(8, 4) == "WEBP"))
        return KnownKind{FileKind::Picture, "a picture"};
    const bool pickle = front.size() >= 2 && front[0] == '\x80' && front[1] >= 2 && front[1] <= 5;
    if (startsWith("PK\x03\x04") || pickle)
        return KnownKind{FileKind::Pickle, "a PyTorch pickle"};
    if (startsWith("GGUF"))
        return KnownKind{FileKind::Unknown, "a GGUF file"};
    if (startsWith("version https://git-lfs"))
        return KnownKind{FileKind::Unknown, "a Git LFS pointer and not the file it points to"};
    if (startsWith("<!DOCTYPE") || startsWith("<!doctype") || startsWith("<html") || startsWith("<HTML"))
        return KnownKind{FileKind::Unknown, "a web page and not the file that should have been downloaded"};
    return std::nullopt;
}

void refuseKind(std::string_view name, const KnownKind& known, std::string_view needed)
{
    if (known.kind == FileKind::Pickle)
        throw Error(ErrorKind::UnsupportedModel,
            fmt::format("{} is a PyTorch pickle (.ckpt, .pt, .pth, .bin), which can run any code when it is "
                        "opened and "
                        "is therefore never read; what is needed is {}.",
                name, needed));
    throw Error(ErrorKind::UnsupportedModel,
        fmt::format("{} is {}; what is needed is {}.", name, known.words, needed));
}

} // namespace studio
