#include "core/nn/attention.h"

#include <ATen/Parallel.h>

#include <algorithm>

namespace studio::nn {

namespace {

/// Torch's fused kernel on a CPU goes through the queries in slices of so many rows, one a thread.
constexpr std::int64_t kSliceRows = 256;

/// Torch's flash kernels on a GPU take heads up to this many channels wide; the CPU's take any.
constexpr std::int64_t kWidestFusedHead = 256;

/// Rows of queries that go through at once on a CPU: whole slices, as many for one thread as for another.
std::int64_t rowsOnCpu(const at::Tensor& q, const at::Tensor& k, std::int64_t blockWork)
{
    const std::int64_t round = kSliceRows * at::get_num_threads();
    const std::int64_t workOfARow = 2 * q.size(0) * q.size(1) * q.size(3) * k.size(2);
    const std::int64_t rounds = blockWork / std::max<std::int64_t>(1, workOfARow * kSliceRows);
    return round * std::max<std::int64_t>(1, rounds);
}

std::int64_t rowsAtOnce(const at::Tensor& q, const at::Tensor& k, std::int64_t blockWork)
{
    if (q.is_cpu())
        return rowsOnCpu(q, k, blockWork);
    if (q.size(3) <= kWidestFusedHead)
        return q.size(2);
    const std::int64_t bytesOfARow = q.size(0) * q.size(1) * k.size(2) * std::int64_t(sizeof(float));
    return std::max<std::int64_t>(1, kMaxScoreBytes / bytesOfARow);
}

} // namespace

at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, bool causal,
    const Checkpoint& checkpoint, std::int64_t blockWork)
{
    const std::int64_t rows = rowsAtOnce(q, k, blockWork);
    if (causal || rows >= q.size(2))
        return at::scaled_dot_product_attention(q, k, v, {}, 0.0, causal);
    at::Tensor out = at::empty_like(q);
    for (std::int64_t first = 0; first < q.size(2); first += rows) {
        const std::int64_t count = std::min(rows, q.size(2) - first);
        const at::Tensor block = q.narrow(2, first, count);
        out.narrow(2, first, count).copy_(at::scaled_dot_product_attention(block, k, v));
        pass(checkpoint);
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

at::Tensor Attention::operator()(
    const at::Tensor& x, const KeysValues& source, const Checkpoint& checkpoint) const
{
    const at::Tensor heads
        = attention(split(toQuery(x)), source.keys, source.values, /*causal=*/false, checkpoint);
    return toOut(heads.transpose(1, 2).reshape(x.sizes()));
}

} // namespace studio::nn
