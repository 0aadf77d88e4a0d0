#pragma once

#include "core/nn/leaves.h"

#include <cstdint>
#include <functional>

namespace studio::nn {

/// Called between the parts of a network; throws Cancelled to end the run there. May be empty.
using Checkpoint = std::function<void()>;

inline void pass(const Checkpoint& checkpoint)
{
    if (checkpoint)
        checkpoint();
}

inline constexpr std::int64_t kMaxScoreBytes = std::int64_t(256) << 20;

/// Multiplications (with their additions) that a block of rows may cost each thread of a CPU: about a second.
inline constexpr std::int64_t kMaxBlockWork = std::int64_t(1) << 35;

/// softmax(q k^T / sqrt(d)) v, per head (Vaswani et al. 2017), by torch's fused kernels (Dao et al. 2022).
/// q: [B, heads, Lq, d]   k, v: [B, heads, Lk, d]   ->   [B, heads, Lq, d]
/// Never holds more than kMaxScoreBytes of scores at once, whichever kernel torch picks: where no fused kernel takes
/// the shape, the queries go through in blocks of rows, which changes no result. On a CPU so do those of long
/// sequences, with the checkpoint between the blocks: one call over a large picture's pixels can take minutes.
at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, bool causal = false,
    const Checkpoint& checkpoint = {}, std::int64_t blockWork = kMaxBlockWork);

/// What attention reads, split in heads: [B, heads, L, d].
struct KeysValues {
    at::Tensor keys;
    at::Tensor values;
};

/// Multi-head attention with diffusers' names: to_q, to_k, to_v, to_out.0.
class Attention : public Module {
public:
    /// `contextChannels`: of what is attended to. `withBias`: of to_q, to_k, to_v (to_out always has one).
    Attention(std::int64_t channels, std::int64_t contextChannels, std::int64_t heads, bool withBias = false);

    /// context: [B, L, contextChannels]
    KeysValues project(const at::Tensor& context) const;

    /// x: [B, L, channels] -> the same
    at::Tensor operator()(
        const at::Tensor& x, const KeysValues& source, const Checkpoint& checkpoint = {}) const;

    Linear toQuery;
    Linear toKey;
    Linear toValue;
    Linear toOut;

private:
    at::Tensor split(const at::Tensor& x) const;

    std::int64_t m_heads;
};

} // namespace studio::nn
