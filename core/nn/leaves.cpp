#include "core/nn/leaves.h"

#include "core/base/error.h"
#include "core/nn/winograd.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>

namespace studio::nn {

namespace {

/// The bias in x's dtype, or an undefined tensor, which torch reads as "none".
at::Tensor optionalLike(const Parameter& parameter, const at::Tensor& x)
{
    return parameter.exists() ? parameter.like(x) : at::Tensor();
}

/// Smaller matrices take torch's own way, the Python reference's to the bit.
constexpr std::int64_t kLargeMatrix = std::int64_t(1) << 20;

/// oneDNN's matrix product, which libtorch has and at::linear does not use for float32. On AMD's processors it is ahead
/// of MKL: 1.1 times on one core, 1.05 to 1.3 times on two. Absent from a libtorch built without oneDNN.
const std::optional<c10::OperatorHandle>& oneDnnLinear()
{
    static const std::optional<c10::OperatorHandle> found = [] {
        auto handle = c10::Dispatcher::singleton().findOp({"mkldnn::_linear_pointwise", ""});
        return handle && handle->hasKernelForDispatchKey(c10::DispatchKey::CPU) ? handle : std::nullopt;
    }();
    return found;
}

at::Tensor largeLinear(
    const c10::OperatorHandle& product, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias)
{
    torch::jit::Stack stack{x, weight, bias.defined() ? c10::IValue(bias) : c10::IValue(), "none",
        c10::List<std::optional<at::Scalar>>(), ""};
    product.callBoxed(&stack);
    return std::move(stack.back()).toTensor();
}

/// x W^T + b by whichever kernel is ahead.
at::Tensor product(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias)
{
    if (weight.numel() >= kLargeMatrix && x.is_cpu() && x.scalar_type() == at::kFloat && oneDnnLinear())
        return largeLinear(*oneDnnLinear(), x, weight, bias);
    return at::linear(x, weight, bias);
}

/// A change of rank r costs r * in * out operations in the weight, once, and r * (in + out) for each row of x beside
/// the layer: beside it pays for the few rows of a text, in the weight for the many of a picture.
bool isCheaperBeside(const at::Tensor& x, const Parameter& weight)
{
    const std::int64_t out = weight.shape[0], in = weight.shape[1];
    return x.numel() / in * (in + out) < in * out;
}

/// x (W + up down)^T + b as one product that sums in single precision and rounds once. Added to a half-precision weight,
/// or to a half-precision y, what is smaller than half a step of it, as much of a weak adapter is, would be lost.
at::Tensor joinedProduct(const at::Tensor& x, const Parameter& weight, const at::Tensor& bias)
{
    const auto [down, up] = weight.change->factors(x);
    return at::linear(at::cat({x, at::linear(x, down)}, -1), at::cat({weight.storedLike(x), up}, 1), bias);
}

} // namespace

at::Tensor silu(at::Tensor x)
{
    return at::silu_(x);
}

Linear::Linear(std::int64_t in, std::int64_t out, bool withBias)
    : weight({out, in})
    , bias(withBias ? Parameter({out}) : Parameter())
{
    own("weight", weight);
    own("bias", bias);
}

at::Tensor Linear::operator()(const at::Tensor& x) const
{
    const bool lowRank = weight.change && weight.change->isLowRank();
    if (lowRank && x.scalar_type() != at::kFloat)
        return joinedProduct(x, weight, optionalLike(bias, x));
    const bool beside = lowRank && isCheaperBeside(x, weight);
    at::Tensor y = product(x, beside ? weight.storedLike(x) : weight.like(x), optionalLike(bias, x));
    if (beside)
        weight.change->addBeside(x, y);
    return y;
}

Conv2d::Conv2d(
    std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride, std::int64_t padding)
    : weight({out, in, kernel, kernel})
    , bias({out})
    , m_stride(stride)
    , m_padding(padding)
{
    own("weight", weight);
    own("bias", bias);
}

at::Tensor Conv2d::operator()(const at::Tensor& x) const
{
    if (weight.shape[2] == 3 && m_stride == 1 && m_padding == 1)
        return convolve3x3(x, weight.like(x), bias.like(x), /*rowPadding=*/1);
    return at::conv2d(x, weight.like(x), bias.like(x), m_stride, m_padding);
}

GroupNorm::GroupNorm(std::int64_t groups, std::int64_t channels, double epsilon)
    : weight({channels})
    , bias({channels})
    , m_groups(groups)
    , m_epsilon(epsilon)
{
    own("weight", weight);
    own("bias", bias);
}

at::Tensor GroupNorm::operator()(const at::Tensor& x) const
{
    return at::group_norm(x, m_groups, weight.like(x), bias.like(x), m_epsilon);
}

std::pair<at::Tensor, at::Tensor> GroupNorm::scaleAndShift(const at::Tensor& x) const
{
    const std::int64_t batch = x.size(0), channels = x.size(1);
    const auto [variance, mean]
        = at::var_mean(x.reshape({batch, m_groups, -1}), at::IntArrayRef({2}), /*correction=*/0);
    const at::Tensor deviation = at::rsqrt(variance + m_epsilon).unsqueeze(2);
    const at::Tensor scale = deviation * weight.like(x).view({1, m_groups, channels / m_groups});
    const at::Tensor shift
        = bias.like(x).view({1, m_groups, channels / m_groups}) - mean.unsqueeze(2) * scale;
    return {scale.view({batch, channels, 1, 1}), shift.view({batch, channels, 1, 1})};
}

LayerNorm::LayerNorm(std::int64_t channels, double epsilon)
    : weight({channels})
    , bias({channels})
    , m_channels(channels)
    , m_epsilon(epsilon)
{
    own("weight", weight);
    own("bias", bias);
}

at::Tensor LayerNorm::operator()(const at::Tensor& x) const
{
    return at::layer_norm(x, {m_channels}, weight.like(x), bias.like(x), m_epsilon);
}

Embedding::Embedding(std::int64_t rows, std::int64_t channels)
    : weight({rows, channels})
{
    own("weight", weight);
}

at::Tensor Embedding::operator()(const at::Tensor& ids) const
{
    if (!weight.value.defined())
        throw Error(ErrorKind::Internal, "A network was run before its weights were loaded.");
    return at::embedding(weight.value, ids);
}

} // namespace studio::nn
