#pragma once

#include "core/nn/attention.h"

#include <cstdint>
#include <memory>

namespace studio::nn {

/// Two 3x3 convolutions behind GroupNorm and SiLU, added to the input (He et al. 2016; Ho et al. 2020).
/// x: [B, in, H, W]   time: [B, timeChannels], already through SiLU, or undefined if the block has no time
class ResnetBlock : public Module {
public:
    /// `timeChannels` 0: the block is not told the time (autoencoder).
    ResnetBlock(std::int64_t in, std::int64_t out, std::int64_t timeChannels, std::int64_t normGroups,
        double epsilon);

    at::Tensor operator()(const at::Tensor& x, const at::Tensor& time, const Checkpoint& checkpoint) const;

private:
    GroupNorm m_norm1;
    Conv2d m_conv1;
    std::unique_ptr<Linear> m_time;
    GroupNorm m_norm2;
    Conv2d m_conv2;
    std::unique_ptr<Conv2d> m_shortcut;
};

/// Halves height and width.
class Downsample : public Module {
public:
    /// `padBefore`: one row of zeros on every side (UNet); otherwise on the right and below only (autoencoder).
    Downsample(std::int64_t channels, bool padBefore);
    at::Tensor operator()(const at::Tensor& x) const;

private:
    Conv2d m_conv;
    bool m_padBefore;
};

/// Nearest-neighbour to the given size, then a convolution.
class Upsample : public Module {
public:
    explicit Upsample(std::int64_t channels);
    at::Tensor operator()(
        const at::Tensor& x, std::int64_t height, std::int64_t width, const Checkpoint& checkpoint) const;

private:
    Conv2d m_conv;
};

/// Sinusoids of a number (Vaswani et al. 2017; the order and frequencies of diffusers' get_timestep_embedding).
/// values: [N] float32 -> [N, channels] float32
at::Tensor sinusoids(
    const at::Tensor& values, std::int64_t channels, bool flipSinToCos, double frequencyShift);

/// Linear, SiLU, Linear: linear_1, linear_2.   x: [B, in] -> [B, out]
class EmbeddingMlp : public Module {
public:
    EmbeddingMlp(std::int64_t in, std::int64_t out);
    at::Tensor operator()(const at::Tensor& x) const;

private:
    Linear m_linear1;
    Linear m_linear2;
};

} // namespace studio::nn
