#include "core/models/vae.h"

#include "core/nn/bands.h"

namespace studio::models {

namespace {

using nn::Checkpoint;

constexpr double kNormEpsilon = 1e-6;

/// One-head attention over the pixels, with a residual.   x: [B, C, H, W]
struct PixelAttention : nn::Module {
    PixelAttention(std::int64_t channels, std::int64_t normGroups)
        : m_norm(normGroups, channels, kNormEpsilon)
        , m_attention(channels, channels, /*heads=*/1, /*withBias=*/true)
    {
        own("group_norm", m_norm);
        own("", m_attention);
    }

    at::Tensor operator()(const at::Tensor& x, const Checkpoint& checkpoint) const
    {
        const at::Tensor tokens = m_norm(x).flatten(2).transpose(1, 2).contiguous();
        const at::Tensor out = m_attention(tokens, m_attention.project(tokens), checkpoint);
        return out.transpose(1, 2).reshape(x.sizes()).add_(x);
    }

private:
    nn::GroupNorm m_norm;
    nn::Attention m_attention;
};

struct MiddleBlock : nn::Module {
    MiddleBlock(const VaeConfig& config, std::int64_t channels)
        : m_first(channels, channels, 0, config.normGroups, kNormEpsilon)
        , m_second(channels, channels, 0, config.normGroups, kNormEpsilon)
    {
        if (config.midAttention) {
            m_attention = std::make_unique<PixelAttention>(channels, config.normGroups);
            own("attentions.0", *m_attention);
        }
        own("resnets.0", m_first);
        own("resnets.1", m_second);
    }

    at::Tensor operator()(const at::Tensor& x, const Checkpoint& checkpoint) const
    {
        at::Tensor h = m_first(x, {}, checkpoint);
        if (m_attention)
            h = (*m_attention)(h, checkpoint);
        nn::pass(checkpoint);
        return m_second(h, {}, checkpoint);
    }

private:
    nn::ResnetBlock m_first;
    nn::ResnetBlock m_second;
    std::unique_ptr<PixelAttention> m_attention;
};

struct Level : nn::Module {
    std::vector<std::unique_ptr<nn::ResnetBlock>> resnets;
    std::unique_ptr<nn::Downsample> downsample;
    std::unique_ptr<nn::Upsample> upsample;

    Level(const VaeConfig& config, std::int64_t in, std::int64_t out, std::int64_t layers)
    {
        for (std::int64_t i = 0; i < layers; ++i) {
            resnets.push_back(std::make_unique<nn::ResnetBlock>(
                i == 0 ? in : out, out, 0, config.normGroups, kNormEpsilon));
            own("resnets." + std::to_string(i), *resnets.back());
        }
    }
    void addDownsample(std::int64_t channels)
    {
        downsample = std::make_unique<nn::Downsample>(channels, /*padBefore=*/false);
        own("downsamplers.0", *downsample);
    }
    void addUpsample(std::int64_t channels)
    {
        upsample = std::make_unique<nn::Upsample>(channels);
        own("upsamplers.0", *upsample);
    }
    at::Tensor operator()(at::Tensor h, const Checkpoint& checkpoint) const
    {
        for (const auto& resnet : resnets)
            h = (*resnet)(h, {}, checkpoint);
        if (downsample)
            h = (*downsample)(h);
        if (upsample)
            h = (*upsample)(h, 2 * h.size(2), 2 * h.size(3), checkpoint);
        nn::pass(checkpoint);
        return h;
    }
};

} // namespace

class VaeEncoder : public nn::Module {
public:
    explicit VaeEncoder(const VaeConfig& config)
        : m_convIn(3, config.channels.front(), 3, 1, 1)
        , m_middle(config, config.channels.back())
        , m_normOut(config.normGroups, config.channels.back(), kNormEpsilon)
        , m_convOut(config.channels.back(), 2 * config.latentChannels, 3, 1, 1)
    {
        own("conv_in", m_convIn);
        for (std::size_t i = 0; i < config.channels.size(); ++i) {
            const std::int64_t in = config.channels[i == 0 ? 0 : i - 1];
            m_levels.push_back(
                std::make_unique<Level>(config, in, config.channels[i], config.layersPerLevel));
            if (i + 1 < config.channels.size())
                m_levels.back()->addDownsample(config.channels[i]);
            own("down_blocks." + std::to_string(i), *m_levels.back());
        }
        own("mid_block", m_middle);
        own("conv_norm_out", m_normOut);
        own("conv_out", m_convOut);
    }

    at::Tensor operator()(const at::Tensor& picture, const Checkpoint& checkpoint) const
    {
        at::Tensor h = m_convIn(picture);
        for (const auto& level : m_levels)
            h = (*level)(std::move(h), checkpoint);
        return nn::normSiluConvolve(m_normOut, m_convOut, m_middle(h, checkpoint), checkpoint);
    }

private:
    nn::Conv2d m_convIn;
    std::vector<std::unique_ptr<Level>> m_levels;
    MiddleBlock m_middle;
    nn::GroupNorm m_normOut;
    nn::Conv2d m_convOut;
};

class VaeDecoder : public nn::Module {
public:
    explicit VaeDecoder(const VaeConfig& config)
        : m_convIn(config.latentChannels, config.channels.back(), 3, 1, 1)
        , m_middle(config, config.channels.back())
        , m_normOut(config.normGroups, config.channels.front(), kNormEpsilon)
        , m_convOut(config.channels.front(), 3, 3, 1, 1)
    {
        own("conv_in", m_convIn);
        own("mid_block", m_middle);
        const std::size_t count = config.channels.size();
        for (std::size_t i = 0; i < count; ++i) {
            const std::int64_t out = config.channels[count - 1 - i];
            const std::int64_t in = i == 0 ? out : config.channels[count - i];
            m_levels.push_back(std::make_unique<Level>(config, in, out, config.layersPerLevel + 1));
            if (i + 1 < count)
                m_levels.back()->addUpsample(out);
            own("up_blocks." + std::to_string(i), *m_levels.back());
        }
        own("conv_norm_out", m_normOut);
        own("conv_out", m_convOut);
    }

    at::Tensor operator()(const at::Tensor& latent, const Checkpoint& checkpoint) const
    {
        at::Tensor h = m_middle(m_convIn(latent), checkpoint);
        for (const auto& level : m_levels)
            h = (*level)(std::move(h), checkpoint);
        return nn::normSiluConvolve(m_normOut, m_convOut, h, checkpoint);
    }

private:
    nn::Conv2d m_convIn;
    MiddleBlock m_middle;
    std::vector<std::unique_ptr<Level>> m_levels;
    nn::GroupNorm m_normOut;
    nn::Conv2d m_convOut;
};

Vae::Vae(const VaeConfig& config)
    : m_config(config)
    , m_encoder(std::make_unique<VaeEncoder>(config))
    , m_decoder(std::make_unique<VaeDecoder>(config))
{
    own("encoder", *m_encoder);
    own("decoder", *m_decoder);
    if (!config.quantConvolutions)
        return;
    m_quant = std::make_unique<nn::Conv2d>(2 * config.latentChannels, 2 * config.latentChannels, 1);
    m_postQuant = std::make_unique<nn::Conv2d>(config.latentChannels, config.latentChannels, 1);
    own("quant_conv", *m_quant);
    own("post_quant_conv", *m_postQuant);
}

Vae::~Vae() = default;

LatentDistribution Vae::encode(const at::Tensor& picture, const Checkpoint& checkpoint) const
{
    at::Tensor moments = (*m_encoder)(picture, checkpoint);
    if (m_quant)
        moments = (*m_quant)(moments);
    const std::vector<at::Tensor> halves = moments.chunk(2, 1);
    return {halves[0], at::clamp(halves[1], -30.0, 20.0)};
}

at::Tensor Vae::decode(const at::Tensor& latent, const Checkpoint& checkpoint) const
{
    return (*m_decoder)(m_postQuant ? (*m_postQuant)(latent) : latent, checkpoint);
}

} // namespace studio::models
