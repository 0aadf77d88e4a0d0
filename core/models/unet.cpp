#include "core/models/unet.h"

#include "core/base/error.h"

namespace studio::models {

namespace {

using nn::Checkpoint;
using nn::KeysValues;

/// ResNet blocks, each followed by a transformer where the level has attention.
struct Stack : nn::Module {
    std::vector<std::unique_ptr<nn::ResnetBlock>> resnets;
    std::vector<std::unique_ptr<nn::SpatialTransformer>> attentions;

    void addResnet(const UnetConfig& config, std::int64_t in, std::int64_t out)
    {
        const std::string name = "resnets." + std::to_string(resnets.size());
        resnets.push_back(std::make_unique<nn::ResnetBlock>(
            in, out, config.channels.front() * 4, config.normGroups, config.normEpsilon));
        own(name, *resnets.back());
    }

    void addAttention(
        const UnetConfig& config, std::int64_t channels, std::int64_t heads, std::int64_t layers)
    {
        if (layers == 0)
            return;
        const std::string name = "attentions." + std::to_string(attentions.size());
        attentions.push_back(std::make_unique<nn::SpatialTransformer>(
            channels, config.crossAttentionDim, heads, layers, config.normGroups, config.linearProjection));
        own(name, *attentions.back());
    }

    void project(const at::Tensor& context, std::vector<KeysValues>& out) const
    {
        for (const auto& attention : attentions)
            attention->project(context, out);
    }

    /// Runs ResNet block `i` and the transformer behind it; `text` moves on past the transformer's blocks.
    at::Tensor run(std::size_t i, const at::Tensor& x, const at::Tensor& time, const KeysValues*& text,
        const Checkpoint& checkpoint) const
    {
        at::Tensor h = (*resnets[i])(x, time, checkpoint);
        if (i < attentions.size()) {
            h = (*attentions[i])(h, text, checkpoint);
            text += attentions[i]->layers();
        }
        return h;
    }
};

} // namespace

struct Unet::DownLevel : Stack {
    std::unique_ptr<nn::Downsample> downsample;

    DownLevel(const UnetConfig& config, std::size_t level)
    {
        const std::int64_t out = config.channels[level];
        const std::int64_t in = level == 0 ? config.channels[0] : config.channels[level - 1];
        for (std::int64_t i = 0; i < config.layersPerLevel; ++i) {
            addResnet(config, i == 0 ? in : out, out);
            addAttention(config, out, config.heads[level], config.transformerLayers[level]);
        }
        if (level + 1 < config.channels.size()) {
            downsample = std::make_unique<nn::Downsample>(out, /*padBefore=*/true);
            own("downsamplers.0", *downsample);
        }
    }
};

struct Unet::Middle : Stack {
    explicit Middle(const UnetConfig& config)
    {
        const std::int64_t channels = config.channels.back();
        addResnet(config, channels, channels);
        addAttention(config, channels, config.heads.back(), config.midTransformerLayers);
        addResnet(config, channels, channels);
    }
};

struct Unet::UpLevel : Stack {
    std::unique_ptr<nn::Upsample> upsample;

    /// `level` counts from the outside, as everywhere; the up blocks run from the innermost out.
    UpLevel(const UnetConfig& config, std::size_t level)
    {
        const std::size_t innermost = config.channels.size() - 1;
        const std::int64_t out = config.channels[level];
        const std::int64_t below = level == innermost ? out : config.channels[level + 1];
        const std::int64_t above = level == 0 ? config.channels[0] : config.channels[level - 1];
        for (std::int64_t i = 0; i <= config.layersPerLevel; ++i) {
            const std::int64_t skip = i == config.layersPerLevel ? above : out;
            addResnet(config, (i == 0 ? below : out) + skip, out);
            addAttention(config, out, config.heads[level], config.transformerLayers[level]);
        }
        if (level > 0) {
            upsample = std::make_unique<nn::Upsample>(out);
            own("upsamplers.0", *upsample);
        }
    }
};

Unet::Unet(const UnetConfig& config)
    : m_config(config)
    , m_timeEmbedding(config.channels.front(), config.channels.front() * 4)
    , m_addEmbedding(config.projectionInputDim, config.channels.front() * 4)
    , m_convIn(config.inChannels, config.channels.front(), 3, 1, 1)
    , m_middle(std::make_unique<Middle>(config))
    , m_normOut(config.normGroups, config.channels.front(), config.normEpsilon)
    , m_convOut(config.channels.front(), config.outChannels, 3, 1, 1)
{
    own("conv_in", m_convIn);
    own("time_embedding", m_timeEmbedding);
    own("add_embedding", m_addEmbedding);
    for (std::size_t level = 0; level < config.channels.size(); ++level) {
        m_down.push_back(std::make_unique<DownLevel>(config, level));
        own("down_blocks." + std::to_string(level), *m_down.back());
    }
    own("mid_block", *m_middle);
    for (std::size_t level = config.channels.size(); level-- > 0;) {
        m_up.push_back(std::make_unique<UpLevel>(config, level));
        own("up_blocks." + std::to_string(m_up.size() - 1), *m_up.back());
    }
    own("conv_norm_out", m_normOut);
    own("conv_out", m_convOut);
}

Unet::~Unet() = default;

UnetConditioning Unet::condition(
    const at::Tensor& context, const at::Tensor& pooled, const at::Tensor& sizes) const
{
    UnetConditioning out;
    for (const auto& level : m_down)
        level->project(context, out.text);
    m_middle->project(context, out.text);
    for (const auto& level : m_up)
        level->project(context, out.text);

    const at::Tensor numbers = nn::sinusoids(sizes.to(at::kFloat).flatten(), m_config.additionTimeEmbedDim,
        m_config.flipSinToCos, m_config.frequencyShift);
    const at::Tensor addition
        = at::cat({pooled, numbers.reshape({sizes.size(0), -1}).to(pooled.options())}, 1);
    if (addition.size(1) != m_config.projectionInputDim)
        throw Error(ErrorKind::Internal,
            "The pooled text and the size numbers do not fit this UNet: " + std::to_string(addition.size(1))
                + " channels where it expects " + std::to_string(m_config.projectionInputDim) + ".");
    out.addition = m_addEmbedding(addition);
    return out;
}

at::Tensor Unet::embedTime(
    const at::Tensor& sample, double timestep, const UnetConditioning& conditioning) const
{
    // One row a picture, though they are equal: a product of one row takes another kernel, which rounds differently.
    const at::Tensor time = at::full({sample.size(0)}, timestep, sample.options().dtype(at::kFloat));
    const at::Tensor waves
        = nn::sinusoids(time, m_config.channels.front(), m_config.flipSinToCos, m_config.frequencyShift);
    // Every ResNet block reads the embedding through SiLU: apply it once.
    return nn::silu(m_timeEmbedding(waves.to(sample.options())) + conditioning.addition);
}

at::Tensor Unet::operator()(const at::Tensor& sample, double timestep, const UnetConditioning& conditioning,
    const Checkpoint& checkpoint) const
{
    const at::Tensor time = embedTime(sample, timestep, conditioning);
    const KeysValues* text = conditioning.text.data();
    at::Tensor h = m_convIn(sample);
    std::vector<at::Tensor> skips{h};
    for (const auto& level : m_down) {
        for (std::size_t i = 0; i < level->resnets.size(); ++i) {
            h = level->run(i, h, time, text, checkpoint);
            skips.push_back(h);
        }
        if (level->downsample) {
            h = (*level->downsample)(h);
            skips.push_back(h);
        }
    }
    h = m_middle->run(0, h, time, text, checkpoint);
    h = m_middle->run(1, h, time, text, checkpoint);
    for (const auto& level : m_up) {
        for (std::size_t i = 0; i < level->resnets.size(); ++i) {
            h = at::cat({h, skips.back()}, 1);
            skips.pop_back();
            h = level->run(i, h, time, text, checkpoint);
        }
        // Odd sizes: grow to what the next level's skip really measures, not to twice as much.
        if (level->upsample)
            h = (*level->upsample)(h, skips.back().size(2), skips.back().size(3), checkpoint);
        nn::pass(checkpoint);
    }
    return m_convOut(nn::silu(m_normOut(h)));
}

} // namespace studio::models
