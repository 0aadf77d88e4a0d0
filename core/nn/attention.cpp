#include "core/nn/attention.h"

#include <algorithm>

namespace studio::nn {

namespace {

/// Torch's flash kernels on a GPU take heads up to 256 channels wide; the CPU's take any.
bool fusedKernelTakes(const at::Tensor& q)
{
    return q.is_cpu() || q.size(3) <= 256;
}

} // namespace

at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, bool causal)
{
    const std::int64_t bytesPerRow = q.size(0) * q.size(1) * k.size(2) * std::int64_t(sizeof(float));
    const std::int64_t rows = std::max<std::int64_t>(1, kMaxScoreBytes / bytesPerRow);
    if (causal || rows >= q.size(2) || fusedKernelTakes(q))
        return at::scaled_dot_product_attention(q, k, v, {}, 0.0, causal);
    at::Tensor out = at::empty_like(q);
    for (std::int64_t first = 0; first < q.size(2); first += rows) {
        const std::int64_t count = std::min(rows, q.size(2) - first);
        const at::Tensor block = q.narrow(2, first, count);
        out.narrow(2, first, count).copy_(at::scaled_dot_product_attention(block, k, v));
    }
    return out;
}

Attention::Attention(std::int64_t channels, std::int64_t contextChannels, std::int64_t heads, bool withBias)
    : toQuery(channels, channels, withBias)
    , toKey(contextChannels, channels, withBias)
    , toValue(contextChannels, channels, withBias)
    , toOut(channels, channels)
    , m_heads(heads)
{
    own("to_q", toQuery);
    own("to_k", toKey);
    own("to_v", toValue);
    own("to_out.0", toOut);
}

at::Tensor Attention::split(const at::Tensor& x) const
{
    return x.view({x.size(0), x.size(1), m_heads, x.size(2) / m_heads}).transpose(1, 2);
}

KeysValues Attention::project(const at::Tensor& context) const
{
    return {split(toKey(context)), split(toValue(context))};
}

at::Tensor Attention::operator()(const at::Tensor& x, const KeysValues& source) const
{
    const at::Tensor heads = attention(split(toQuery(x)), source.keys, source.values);
    return toOut(heads.transpose(1, 2).reshape(x.sizes()));
}

} // namespace studio::nn
