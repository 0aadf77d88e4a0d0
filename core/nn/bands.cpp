#include "core/nn/bands.h"

#include "core/nn/winograd.h"

#include <algorithm>
#include <functional>

namespace studio::nn {

namespace {

constexpr std::int64_t kLeastRows = 8;

/// Rows first (inclusive) to last (exclusive) of a convolution's input.
using Rows = std::function<at::Tensor(std::int64_t first, std::int64_t last)>;

bool inOnePiece(const at::Tensor& x, std::int64_t values, const BandSizes& sizes)
{
    return !x.is_cpu() || x.scalar_type() != at::kFloat || values * x.element_size() < sizes.largeMap;
}

/// How many rows of a map with so many values in each make a band.
std::int64_t bandRows(std::int64_t valuesPerRow, const at::Tensor& x, const BandSizes& sizes)
{
    return std::max(kLeastRows, sizes.band / (valuesPerRow * x.element_size()));
}

/// A 3x3 convolution with padding 1 whose input of `height` rows comes band by band.
at::Tensor convolveBands(const Conv2d& convolution, const at::Tensor& like, std::int64_t height,
    std::int64_t rowsPerBand, const Rows& rows, const Checkpoint& checkpoint)
{
    const at::Tensor weight = convolution.weight.like(like);
    const at::Tensor bias = convolution.bias.like(like);
    at::Tensor out;
    for (std::int64_t top = 0; top < height; top += rowsPerBand) {
        const std::int64_t bottom = std::min(height, top + rowsPerBand);
        const std::int64_t first = std::max<std::int64_t>(0, top - 1);
        const std::int64_t last = std::min(height, bottom + 1);
        at::Tensor band = rows(first, last);
        if (last - first < bottom - top + 2)
            band = at::constant_pad_nd(band, {0, 0, first - (top - 1), bottom + 1 - last});
        const at::Tensor part = convolve3x3(band, weight, bias, /*rowPadding=*/0);
        if (!out.defined())
            out = at::empty({part.size(0), part.size(1), height, part.size(3)}, part.options());
        out.narrow(2, top, bottom - top).copy_(part);
        pass(checkpoint);
    }
    return out;
}

} // namespace

at::Tensor normSiluConvolve(const GroupNorm& norm, const Conv2d& convolution, const at::Tensor& x,
    const Checkpoint& checkpoint, const BandSizes& sizes)
{
    if (inOnePiece(x, x.numel(), sizes))
        return convolution(nn::silu(norm(x)));
    const auto [scale, shift] = norm.scaleAndShift(x);
    const Rows rows = [&, scale = scale, shift = shift](std::int64_t first, std::int64_t last) {
        return nn::silu(at::addcmul(shift, x.narrow(2, first, last - first), scale));
    };
    return convolveBands(
        convolution, x, x.size(2), bandRows(x.numel() / x.size(2), x, sizes), rows, checkpoint);
}

at::Tensor enlargeAndConvolve(const Conv2d& convolution, const at::Tensor& x, std::int64_t height,
    std::int64_t width, const Checkpoint& checkpoint, const BandSizes& sizes)
{
    const std::int64_t valuesPerRow = x.size(0) * x.size(1) * width;
    if (height != 2 * x.size(2) || inOnePiece(x, valuesPerRow * height, sizes))
        return convolution(at::upsample_nearest2d(x, {height, width}));
    const Rows rows = [&](std::int64_t first, std::int64_t last) {
        const std::int64_t from = first / 2;
        const std::int64_t count = (last + 1) / 2 - from;
        const at::Tensor large = at::upsample_nearest2d(x.narrow(2, from, count), {2 * count, width});
        return large.narrow(2, first - 2 * from, last - first);
    };
    return convolveBands(convolution, x, height, bandRows(valuesPerRow, x, sizes), rows, checkpoint);
}

void addConvolved(at::Tensor& h, const Conv2d& convolution, const at::Tensor& x, const Checkpoint& checkpoint,
    const BandSizes& sizes)
{
    if (inOnePiece(x, x.numel(), sizes)) {
        h.add_(convolution(x));
        return;
    }
    const std::int64_t rowsPerBand = bandRows(x.numel() / x.size(2), x, sizes);
    for (std::int64_t top = 0; top < x.size(2); top += rowsPerBand) {
        const std::int64_t count = std::min(rowsPerBand, x.size(2) - top);
        h.narrow(2, top, count).add_(convolution(x.narrow(2, top, count)));
        pass(checkpoint);
    }
}

} // namespace studio::nn
