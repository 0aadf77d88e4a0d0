#include "core/nn/resnet.h"

#include "core/nn/bands.h"

#include <cmath>

namespace studio::nn {

ResnetBlock::ResnetBlock(
    std::int64_t in, std::int64_t out, std::int64_t timeChannels, std::int64_t normGroups, double epsilon)
    : m_norm1(normGroups, in, epsilon)
    , m_conv1(in, out, 3, 1, 1)
    , m_norm2(normGroups, out, epsilon)
    , m_conv2(out, out, 3, 1, 1)
{
    own("norm1", m_norm1);
    own("conv1", m_conv1);
    if (timeChannels > 0) {
        m_time = std::make_unique<Linear>(timeChannels, out);
        own("time_emb_proj", *m_time);
    }
    own("norm2", m_norm2);
    own("conv2", m_conv2);
    if (in != out) {
        m_shortcut = std::make_unique<Conv2d>(in, out, 1);
        own("conv_shortcut", *m_shortcut);
    }
}

at::Tensor ResnetBlock::operator()(
    const at::Tensor& x, const at::Tensor& time, const Checkpoint& checkpoint) const
{
    at::Tensor h = normSiluConvolve(m_norm1, m_conv1, x, checkpoint);
    if (m_time)
        h.add_((*m_time)(time).unsqueeze(-1).unsqueeze(-1));
    pass(checkpoint);
    h = normSiluConvolve(m_norm2, m_conv2, h, checkpoint);
    if (m_shortcut)
        addConvolved(h, *m_shortcut, x, checkpoint);
    else
        h.add_(x);
    pass(checkpoint);
    return h;
}

Downsample::Downsample(std::int64_t channels, bool padBefore)
    : m_conv(channels, channels, 3, 2, padBefore ? 1 : 0)
    , m_padBefore(padBefore)
{
    own("conv", m_conv);
}

at::Tensor Downsample::operator()(const at::Tensor& x) const
{
    return m_padBefore ? m_conv(x) : m_conv(at::constant_pad_nd(x, {0, 1, 0, 1}, 0));
}

Upsample::Upsample(std::int64_t channels)
    : m_conv(channels, channels, 3, 1, 1)
{
    own("conv", m_conv);
}

at::Tensor Upsample::operator()(
    const at::Tensor& x, std::int64_t height, std::int64_t width, const Checkpoint& checkpoint) const
{
    return enlargeAndConvolve(m_conv, x, height, width, checkpoint);
}

at::Tensor sinusoids(
    const at::Tensor& values, std::int64_t channels, bool flipSinToCos, double frequencyShift)
{
    const std::int64_t half = channels / 2;
    // In the order of the reference, so that the two agree to the bit.
    const at::Tensor exponent
        = at::arange(half, values.options()) * -std::log(10000.0) / (double(half) - frequencyShift);
    const at::Tensor angles = values.unsqueeze(1) * at::exp(exponent).unsqueeze(0);
    const at::Tensor sines = at::sin(angles);
    const at::Tensor cosines = at::cos(angles);
    return flipSinToCos ? at::cat({cosines, sines}, 1) : at::cat({sines, cosines}, 1);
}

EmbeddingMlp::EmbeddingMlp(std::int64_t in, std::int64_t out)
    : m_linear1(in, out)
    , m_linear2(out, out)
{
    own("linear_1", m_linear1);
    own("linear_2", m_linear2);
}

at::Tensor EmbeddingMlp::operator()(const at::Tensor& x) const
{
    return m_linear2(nn::silu(m_linear1(x)));
}

} // namespace studio::nn
