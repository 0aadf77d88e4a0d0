#include "core/weights/format/config_from_keys.h"

#include "core/base/error.h"
#include "core/weights/format/sentences.h"

#include <fmt/format.h>

#include <algorithm>

namespace studio {

namespace {

constexpr std::int64_t kHeadChannels = 64;
constexpr int kMostLevels = 8;
constexpr int kMostLayers = 256;
constexpr std::int64_t kMostChannels = 1 << 16;

/// The weights of one network, asked for what its shape depends on.
class Shapes {
public:
    Shapes(const TensorMap& weights, std::string_view what)
        : m_weights(weights)
        , m_what(what)
    { }

    bool has(const std::string& key) const { return m_weights.contains(key); }

    /// One extent of a tensor's shape; a sane one, so that no sum or product of them can overflow.
    std::int64_t extent(const std::string& key, std::size_t dimension) const
    {
        const auto found = m_weights.find(key);
        if (found == m_weights.end())
            fail(fmt::format("it lacks {}", key));
        const std::vector<std::int64_t> shape = found->second.networkShape();
        if (dimension >= shape.size() || shape[dimension] < 1 || shape[dimension] > kMostChannels)
            fail(fmt::format("{} is of shape {}", key, shapeText(shape)));
        return shape[dimension];
    }

    /// How many of pattern.0, pattern.1, ... there are; `pattern` has one {} for the number.
    std::int64_t count(const std::string& pattern, int most) const
    {
        int number = 0;
        while (number < most && has(fmt::format(fmt::runtime(pattern), number)))
            ++number;
        return number;
    }

    std::int64_t heads(std::int64_t channels) const
    {
        if (channels % kHeadChannels != 0)
            fail(fmt::format("an attention of {} channels cannot have heads of {}", channels, kHeadChannels));
        return channels / kHeadChannels;
    }

    [[noreturn]] void fail(const std::string& why) const
    {
        throw Error(ErrorKind::FileCorrupt, fmt::format("{} cannot be used; {}.", m_what, why));
    }

private:
    const TensorMap& m_weights;
    std::string_view m_what;
};

std::int64_t transformerLayers(const Shapes& shapes, const std::string& attention)
{
    return shapes.count(attention + ".transformer_blocks.{}.norm1.weight", kMostLayers);
}

} // namespace

LdmLayout layoutFromKeys(const SafetensorsHeader& header)
{
    LdmLayout layout;
    for (const std::string_view prefix : {"model.diffusion_model.", ""})
        for (int block = 2; block < kMostLayers; ++block)
            if (header.find(fmt::format("{}input_blocks.{}.0.op.weight", prefix, block))) {
                layout.unetLayersPerLevel = block - 1;
                break;
            }
    for (const std::string_view prefix : {"first_stage_model.", ""}) {
        int levels = 0;
        while (levels < kMostLevels
            && header.find(fmt::format("{}decoder.up.{}.block.0.norm1.weight", prefix, levels)))
            ++levels;
        if (levels > 0)
            layout.vaeLevels = levels;
    }
    return layout;
}

UnetConfig unetFromWeights(const TensorMap& weights, std::string_view what)
{
    const Shapes shapes(weights, what);
    UnetConfig config;
    config.inChannels = shapes.extent("conv_in.weight", 1);
    config.outChannels = shapes.extent("conv_out.weight", 0);
    config.projectionInputDim = shapes.extent("add_embedding.linear_1.weight", 1);
    config.layersPerLevel = shapes.count("down_blocks.0.resnets.{}.norm1.weight", kMostLayers);
    config.channels.clear();
    config.transformerLayers.clear();
    config.heads.clear();
    std::string attention = "mid_block.attentions.0";
    config.midTransformerLayers = transformerLayers(shapes, attention);
    const std::int64_t levels = shapes.count("down_blocks.{}.resnets.0.norm1.weight", kMostLevels);
    for (std::int64_t level = 0; level < levels; ++level) {
        const std::string block = fmt::format("down_blocks.{}", level);
        config.channels.push_back(shapes.extent(block + ".resnets.0.conv1.weight", 0));
        config.heads.push_back(shapes.heads(config.channels.back()));
        config.transformerLayers.push_back(transformerLayers(shapes, block + ".attentions.0"));
        if (config.midTransformerLayers == 0 && config.transformerLayers.back() > 0)
            attention = block + ".attentions.0";
    }
    if (levels == 0)
        shapes.fail("it lacks down_blocks.0.resnets.0.norm1.weight");
    if (shapes.has(attention + ".proj_in.weight")) {
        config.crossAttentionDim = shapes.extent(attention + ".transformer_blocks.0.attn2.to_k.weight", 1);
        config.linearProjection = weights.find(attention + ".proj_in.weight")->second.shape.size() == 2;
    }
    return config;
}

TextEncoderConfig textEncoderFromWeights(
    const TensorMap& weights, Activation activation, std::string_view what)
{
    const Shapes shapes(weights, what);
    TextEncoderConfig config;
    config.vocabulary = shapes.extent("text_model.embeddings.token_embedding.weight", 0);
    config.hidden = shapes.extent("text_model.embeddings.token_embedding.weight", 1);
    config.positions = shapes.extent("text_model.embeddings.position_embedding.weight", 0);
    config.intermediate = shapes.extent("text_model.encoder.layers.0.mlp.fc1.weight", 0);
    config.layers = shapes.count("text_model.encoder.layers.{}.layer_norm1.weight", kMostLayers);
    config.heads = shapes.heads(config.hidden);
    config.activation = activation;
    config.endToken = config.vocabulary - 1;
    if (shapes.has("text_projection.weight"))
        config.projection = shapes.extent("text_projection.weight", 0);
    return config;
}

VaeConfig vaeFromWeights(const TensorMap& weights, std::string_view what)
{
    const Shapes shapes(weights, what);
    VaeConfig config;
    config.latentChannels = shapes.extent("decoder.conv_in.weight", 1);
    config.layersPerLevel = shapes.count("encoder.down_blocks.0.resnets.{}.norm1.weight", kMostLayers);
    config.quantConvolutions = shapes.has("quant_conv.weight");
    config.midAttention = shapes.has("decoder.mid_block.attentions.0.to_q.weight");
    config.channels.clear();
    const std::int64_t levels = shapes.count("encoder.down_blocks.{}.resnets.0.norm1.weight", kMostLevels);
    for (std::int64_t level = 0; level < levels; ++level)
        config.channels.push_back(
            shapes.extent(fmt::format("encoder.down_blocks.{}.resnets.0.conv1.weight", level), 0));
    if (levels == 0)
        shapes.fail("it lacks encoder.down_blocks.0.resnets.0.norm1.weight");
    return config;
}

SchedulerConfig schedulerFromMarkers(const SafetensorsHeader& header, std::string_view what)
{
    if (header.find("edm_mean") || header.find("edm_vpred.sigma_max"))
        throw Error(ErrorKind::UnsupportedModel,
            fmt::format(
                "{} was trained with EDM's noise levels, which this program does not sample; choose an SDXL "
                "checkpoint with epsilon or v prediction.",
                what));
    SchedulerConfig config;
    // "v" and "v_prediction" are both in use; trainers write the note, distributors the marker.
    const auto note = header.metadata.find("modelspec.prediction_type");
    if (header.find("v_pred") || (note != header.metadata.end() && note->second.starts_with("v")))
        config.prediction = PredictionType::VPrediction;
    if (header.find("ztsnr")) {
        config.rescaleZeroTerminalSnr = true;
        config.spacing = TimestepSpacing::Trailing; // the last training step is the pure noise it was taught
    }
    return config;
}

} // namespace studio
