#include "core/nn/transformer.h"

namespace studio::nn {

FeedForward::FeedForward(std::int64_t channels)
    : projectIn(channels, 8 * channels)
    , projectOut(4 * channels, channels)
{
    own("net.0.proj", projectIn);
    own("net.2", projectOut);
}

at::Tensor FeedForward::operator()(const at::Tensor& x) const
{
    const std::vector<at::Tensor> halves = projectIn(x).chunk(2, -1);
    return projectOut(at::gelu(halves[1]).mul_(halves[0]));
}

TransformerBlock::TransformerBlock(std::int64_t channels, std::int64_t contextChannels, std::int64_t heads)
    : norm1(channels)
    , selfAttention(channels, channels, heads)
    , norm2(channels)
    , crossAttention(channels, contextChannels, heads)
    , norm3(channels)
    , feedForward(channels)
{
    own("norm1", norm1);
    own("attn1", selfAttention);
    own("norm2", norm2);
    own("attn2", crossAttention);
    own("norm3", norm3);
    own("ff", feedForward);
}

at::Tensor TransformerBlock::operator()(
    at::Tensor x, const KeysValues& text, const Checkpoint& checkpoint) const
{
    const at::Tensor own = norm1(x);
    x = selfAttention(own, selfAttention.project(own), checkpoint).add_(x);
    pass(checkpoint);
    x = crossAttention(norm2(x), text).add_(x);
    pass(checkpoint);
    x = feedForward(norm3(x)).add_(x);
    pass(checkpoint);
    return x;
}

SpatialTransformer::SpatialTransformer(std::int64_t channels, std::int64_t contextChannels,
    std::int64_t heads, std::int64_t layers, std::int64_t normGroups, bool linearProjection)
    : m_norm(normGroups, channels, 1e-6)
    , m_linear(linearProjection)
{
    own("norm", m_norm);
    if (m_linear) {
        m_linearIn = std::make_unique<Linear>(channels, channels);
        own("proj_in", *m_linearIn);
    } else {
        m_convIn = std::make_unique<Conv2d>(channels, channels, 1);
        own("proj_in", *m_convIn);
    }
    for (std::int64_t i = 0; i < layers; ++i) {
        m_blocks.push_back(std::make_unique<TransformerBlock>(channels, contextChannels, heads));
        own("transformer_blocks." + std::to_string(i), *m_blocks.back());
    }
    if (m_linear) {
        m_linearOut = std::make_unique<Linear>(channels, channels);
        own("proj_out", *m_linearOut);
    } else {
        m_convOut = std::make_unique<Conv2d>(channels, channels, 1);
        own("proj_out", *m_convOut);
    }
}

void SpatialTransformer::project(const at::Tensor& context, std::vector<KeysValues>& out) const
{
    for (const auto& block : m_blocks)
        out.push_back(block->crossAttention.project(context));
}

at::Tensor SpatialTransformer::operator()(
    const at::Tensor& x, const KeysValues* text, const Checkpoint& checkpoint) const
{
    const auto [batch, channels, height, width] = std::tuple(x.size(0), x.size(1), x.size(2), x.size(3));
    at::Tensor h = m_norm(x);
    if (!m_linear)
        h = (*m_convIn)(h);
    h = h.permute({0, 2, 3, 1}).reshape({batch, height * width, channels});
    if (m_linear)
        h = (*m_linearIn)(h);
    for (std::size_t i = 0; i < m_blocks.size(); ++i)
        h = (*m_blocks[i])(std::move(h), text[i], checkpoint);
    if (m_linear)
        h = (*m_linearOut)(h);
    h = h.reshape({batch, height, width, channels}).permute({0, 3, 1, 2}).contiguous();
    if (!m_linear)
        h = (*m_convOut)(h);
    return h.add_(x);
}

} // namespace studio::nn
