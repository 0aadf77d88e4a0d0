#include "core/weights/format/config_json.h"

#include "core/weights/format/json_file.h"
#include "core/weights/format/sentences.h"

#include <fmt/format.h>

#include <algorithm>

namespace studio {

namespace {

constexpr std::size_t kMostLevels = 8;

/// A pipeline's part is there if its library and class are named: ["transformers", "CLIPTextModel"], not [null, null].
bool namesPart(const JsonFile& index, const char* part)
{
    const auto found = index.root().find(part);
    return found != index.root().end() && found->is_array() && !found->empty() && found->front().is_string();
}

std::vector<std::int64_t> levelChannels(const JsonFile& json)
{
    std::vector<std::int64_t> channels = json.counts("block_out_channels");
    if (channels.empty() || channels.size() > kMostLevels)
        json.fail("block_out_channels", fmt::format("1 to {} numbers", kMostLevels));
    return channels;
}

/// Which levels have attention, outermost first.
std::vector<bool> attentionLevels(const JsonFile& json, std::size_t levels)
{
    const std::vector<std::string> types = json.texts("down_block_types");
    if (types.size() != levels)
        json.fail("down_block_types", fmt::format("{} names, one a level", levels));
    std::vector<bool> attention;
    for (const std::string& type : types) {
        if (type != "DownBlock2D" && type != "CrossAttnDownBlock2D")
            json.unsupported("a UNet with blocks of type " + readable(type, 60));
        attention.push_back(type == "CrossAttnDownBlock2D");
    }
    return attention;
}

/// Heads and groups share out the channels of a layer evenly.
void requireDivisor(const JsonFile& json, const char* field, std::int64_t number, std::int64_t channels)
{
    if (channels % number != 0)
        json.fail(field, fmt::format("a number that divides {} channels evenly", channels));
}

void requireDivisors(const JsonFile& json, const UnetConfig& config, const char* headsField)
{
    for (std::size_t level = 0; level < config.channels.size(); ++level) {
        requireDivisor(json, "norm_num_groups", config.normGroups, config.channels[level]);
        if (config.transformerLayers[level] > 0 || level + 1 == config.channels.size())
            requireDivisor(json, headsField, config.heads[level], config.channels[level]);
    }
}

void refuseOtherClasses(const JsonFile& json, std::string_view wanted)
{
    if (const std::string name = json.text("_class_name", wanted); name != wanted)
        json.unsupported("a network of type " + readable(name, 60));
}

void refuseOtherUnets(const JsonFile& json)
{
    refuseOtherClasses(json, "UNet2DConditionModel");
    if (json.text("addition_embed_type", "") != "text_time")
        json.unsupported("a UNet that is not of the SDXL family (no text_time embedding)");
    if (json.text("act_fn", "silu") != "silu")
        json.unsupported("a UNet with activation " + readable(json.text("act_fn", ""), 60));
    if (json.text("mid_block_type", "UNetMidBlock2DCrossAttn") != "UNetMidBlock2DCrossAttn")
        json.unsupported("a UNet whose middle is of type " + readable(json.text("mid_block_type", ""), 60));
    if (json.has("time_cond_proj_dim"))
        json.unsupported("a UNet that is told the guidance (LCM distillation without LoRA)");
}

} // namespace

ModelIndex readModelIndex(const std::filesystem::path& file)
{
    const JsonFile json(file);
    ModelIndex index;
    index.pipelineClass = json.text("_class_name", "");
    index.hasTextEncoder = namesPart(json, "text_encoder");
    index.hasTextEncoder2 = namesPart(json, "text_encoder_2");
    index.forceZerosForEmptyPrompt = json.flag("force_zeros_for_empty_prompt", true);
    return index;
}

UnetConfig readUnetConfig(const std::filesystem::path& file)
{
    const JsonFile json(file);
    refuseOtherUnets(json);
    UnetConfig config;
    config.inChannels = json.count("in_channels", 4);
    config.outChannels = json.count("out_channels", 4);
    config.channels = levelChannels(json);
    const std::size_t levels = config.channels.size();
    // The field that is called attention_head_dim has always held the number of heads.
    const char* headsField = json.has("num_attention_heads") ? "num_attention_heads" : "attention_head_dim";
    config.heads = json.counts(headsField, 8, levels);
    config.transformerLayers = json.counts("transformer_layers_per_block", 1, levels);
    config.midTransformerLayers = config.transformerLayers.back();
    const std::vector<bool> attention = attentionLevels(json, levels);
    for (std::size_t level = 0; level < levels; ++level)
        if (!attention[level])
            config.transformerLayers[level] = 0;
    config.layersPerLevel = json.count("layers_per_block", 2);
    config.crossAttentionDim = json.count("cross_attention_dim", 1280);
    config.additionTimeEmbedDim = json.count("addition_time_embed_dim", 256);
    config.projectionInputDim = json.count("projection_class_embeddings_input_dim", 2816);
    config.normGroups = json.count("norm_num_groups", 32);
    config.normEpsilon = json.number("norm_eps", 1e-5);
    config.linearProjection = json.flag("use_linear_projection", false);
    config.flipSinToCos = json.flag("flip_sin_to_cos", true);
    config.frequencyShift = json.number("freq_shift", 0.0);
    requireDivisors(json, config, headsField);
    return config;
}

TextEncoderConfig readTextEncoderConfig(const std::filesystem::path& file)
{
    const JsonFile json(file);
    TextEncoderConfig config;
    config.vocabulary = json.count("vocab_size", 49408);
    config.hidden = json.count("hidden_size", 512);
    config.intermediate = json.count("intermediate_size", 2048);
    config.layers = json.count("num_hidden_layers", 12);
    config.heads = json.count("num_attention_heads", 8);
    requireDivisor(json, "num_attention_heads", config.heads, config.hidden);
    config.positions = json.count("max_position_embeddings", 77);
    config.normEpsilon = json.number("layer_norm_eps", 1e-5);
    const std::string activation = json.text("hidden_act", "quick_gelu");
    if (activation != "gelu" && activation != "quick_gelu")
        json.unsupported("a text encoder with activation " + readable(activation, 60));
    config.activation = activation == "gelu" ? Activation::Gelu : Activation::QuickGelu;
    // Only the class with the projection has its weights; the number is written for both.
    const auto classes = json.has("architectures") ? json.texts("architectures") : std::vector<std::string>();
    if (std::find(classes.begin(), classes.end(), "CLIPTextModelWithProjection") != classes.end())
        config.projection = json.count("projection_dim", 512);
    // 2 stands in CLIP's old configurations and means: the token with the highest number, which is the end token.
    const std::int64_t end = json.count("eos_token_id", 49407);
    config.endToken = end == 2 ? config.vocabulary - 1 : end;
    return config;
}

VaeConfig readVaeConfig(const std::filesystem::path& file)
{
    const JsonFile json(file);
    refuseOtherClasses(json, "AutoencoderKL");
    VaeConfig config;
    config.latentChannels = json.count("latent_channels", 4);
    config.channels = levelChannels(json);
    config.layersPerLevel = json.count("layers_per_block", 1);
    config.normGroups = json.count("norm_num_groups", 32);
    config.quantConvolutions = json.flag("use_quant_conv", true) && json.flag("use_post_quant_conv", true);
    config.midAttention = json.flag("mid_block_add_attention", true);
    config.scalingFactor = json.number("scaling_factor", 0.18215);
    config.shiftFactor = json.number("shift_factor", 0.0);
    config.forceUpcast = json.flag("force_upcast", true);
    for (const std::int64_t channels : config.channels)
        requireDivisor(json, "norm_num_groups", config.normGroups, channels);
    if (config.scalingFactor <= 0.0)
        json.fail("scaling_factor", "more than 0");
    if (json.has("latents_mean") || json.has("latents_std"))
        json.unsupported("latents that are normalised channel by channel");
    return config;
}

SchedulerConfig readSchedulerConfig(const std::filesystem::path& file)
{
    const JsonFile json(file);
    const std::string type = json.text("_class_name", "EulerDiscreteScheduler");
    if (type.starts_with("EDM") || type.starts_with("FlowMatch") || json.has("trained_betas"))
        json.unsupported("the noise levels of " + readable(type, 60));
    SchedulerConfig config;
    config.trainTimesteps = static_cast<int>(json.count("num_train_timesteps", 1000));
    config.betaStart = json.number("beta_start", 0.0001);
    config.betaEnd = json.number("beta_end", 0.02);
    if (!(0.0 < config.betaStart && config.betaStart <= config.betaEnd && config.betaEnd < 1.0))
        json.fail("beta_start and beta_end", "between 0 and 1, in order");
    const std::string betas = json.text("beta_schedule", "linear");
    if (betas != "scaled_linear" && betas != "linear")
        json.unsupported("the noise levels " + readable(betas, 60));
    config.scaledLinear = betas == "scaled_linear";
    const std::string prediction = json.text("prediction_type", "epsilon");
    if (prediction != "epsilon" && prediction != "v_prediction")
        json.unsupported("the prediction type " + readable(prediction, 60));
    config.prediction = prediction == "epsilon" ? PredictionType::Epsilon : PredictionType::VPrediction;
    const bool leading = type.starts_with("DDIM") || type.starts_with("PNDM") || type.starts_with("DDPM");
    const std::string spacing = json.text("timestep_spacing", leading ? "leading" : "linspace");
    if (spacing != "leading" && spacing != "trailing" && spacing != "linspace")
        json.unsupported("the timestep spacing " + readable(spacing, 60));
    config.spacing = spacing == "leading" ? TimestepSpacing::Leading
        : spacing == "trailing"           ? TimestepSpacing::Trailing
                                          : TimestepSpacing::Linspace;
    const double offset = json.number("steps_offset", 0.0);
    if (offset != 0.0 && offset != 1.0)
        json.fail("steps_offset", "0 or 1");
    config.stepsOffset = static_cast<int>(offset);
    config.rescaleZeroTerminalSnr = json.flag("rescale_betas_zero_snr", false);
    config.finalSigmaZero = json.text("final_sigmas_type", "zero") == "zero";
    return config;
}

std::map<std::string, std::string> readShardIndex(const std::filesystem::path& file)
{
    const JsonFile json(file);
    const auto map = json.root().find("weight_map");
    if (map == json.root().end() || !map->is_object())
        json.fail("weight_map", "a table of tensors and files");
    std::map<std::string, std::string> shards;
    for (const auto& [key, value] : map->items()) {
        const std::string name = value.is_string() ? value.get<std::string>() : std::string();
        if (name.empty() || name == "." || name == ".." || name.find_first_of("/\\") != std::string::npos)
            json.fail("weight_map", "a table of tensors and plain file names");
        shards.emplace(key, name);
    }
    return shards;
}

} // namespace studio
