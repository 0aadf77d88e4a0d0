#pragma once

#include "core/nn/module.h"

#include <cstdint>

namespace studio::nn {

/// x * sigmoid(x) (Elfwing et al. 2018), written over the tensor handed in.
at::Tensor silu(at::Tensor x);

/// y = x W^T + b.   x: [..., in] -> [..., out]
class Linear : public Module {
public:
    Linear(std::int64_t in, std::int64_t out, bool withBias = true);
    at::Tensor operator()(const at::Tensor& x) const;

    Parameter weight; // [out, in]
    Parameter bias;   // [out]
};

/// Square kernel, zero padding.   x: [B, in, H, W] -> [B, out, H', W']
class Conv2d : public Module {
public:
    Conv2d(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride = 1,
        std::int64_t padding = 0);
    at::Tensor operator()(const at::Tensor& x) const;

    Parameter weight; // [out, in, kernel, kernel]
    Parameter bias;   // [out]

private:
    std::int64_t m_stride;
    std::int64_t m_padding;
};

/// Wu & He 2018.   x: [B, channels, ...]
class GroupNorm : public Module {
public:
    GroupNorm(std::int64_t groups, std::int64_t channels, double epsilon);
    at::Tensor operator()(const at::Tensor& x) const;

    /// The same as two factors for each channel, norm(x) = x * scale + shift.   both: [B, channels, 1, 1]
    std::pair<at::Tensor, at::Tensor> scaleAndShift(const at::Tensor& x) const;

    Parameter weight; // [channels]
    Parameter bias;   // [channels]

private:
    std::int64_t m_groups;
    double m_epsilon;
};

/// Ba et al. 2016, over the last dimension.   x: [..., channels]
class LayerNorm : public Module {
public:
    explicit LayerNorm(std::int64_t channels, double epsilon = 1e-5);
    at::Tensor operator()(const at::Tensor& x) const;

    Parameter weight; // [channels]
    Parameter bias;   // [channels]

private:
    std::int64_t m_channels;
    double m_epsilon;
};

/// Rows of a table.   ids: [...] int64 -> [..., channels], in the table's own dtype
class Embedding : public Module {
public:
    Embedding(std::int64_t rows, std::int64_t channels);
    at::Tensor operator()(const at::Tensor& ids) const;

    Parameter weight; // [rows, channels]
};

} // namespace studio::nn
