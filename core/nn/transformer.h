#pragma once

#include "core/nn/attention.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace studio::nn {

/// GEGLU feed-forward (Shazeer 2020) with diffusers' names: net.0.proj, net.2.   x: [B, L, channels]
class FeedForward : public Module {
public:
    explicit FeedForward(std::int64_t channels);
    at::Tensor operator()(const at::Tensor& x) const;

    Linear projectIn;  // channels -> 8 * channels: value and gate
    Linear projectOut; // 4 * channels -> channels
};

/// Self-attention, attention to the text, feed-forward; each behind a LayerNorm and added to its input.
class TransformerBlock : public Module {
public:
    TransformerBlock(std::int64_t channels, std::int64_t contextChannels, std::int64_t heads);

    /// x: [B, L, channels]; `text`: this block's keys and values of the prompt
    at::Tensor operator()(at::Tensor x, const KeysValues& text, const Checkpoint& checkpoint) const;

    LayerNorm norm1;
    Attention selfAttention;
    LayerNorm norm2;
    Attention crossAttention;
    LayerNorm norm3;
    FeedForward feedForward;
};

/// A stack of transformer blocks over the pixels of a feature map (Transformer2DModel).   x: [B, channels, H, W]
class SpatialTransformer : public Module {
public:
    SpatialTransformer(std::int64_t channels, std::int64_t contextChannels, std::int64_t heads,
        std::int64_t layers, std::int64_t normGroups, bool linearProjection);

    /// Appends the keys and values of each block, in order, for a prompt's context [B, L, contextChannels].
    void project(const at::Tensor& context, std::vector<KeysValues>& out) const;

    /// `text`: as many keys and values as there are blocks
    at::Tensor operator()(const at::Tensor& x, const KeysValues* text, const Checkpoint& checkpoint) const;

    std::size_t layers() const { return m_blocks.size(); }

private:
    GroupNorm m_norm;
    bool m_linear;
    std::unique_ptr<Linear> m_linearIn, m_linearOut;
    std::unique_ptr<Conv2d> m_convIn, m_convOut;
    std::vector<std::unique_ptr<TransformerBlock>> m_blocks;
};

} // namespace studio::nn
