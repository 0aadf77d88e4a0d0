#pragma once

#include "core/nn/attention.h"
#include "core/nn/leaves.h"

#include <cstdint>

namespace studio::nn {

/// The three combinations around a 3x3 convolution, for feature maps of any size. A large map on a CPU (a decoder's
/// outermost level holds 2.4 GB at 1536x1536) is worked through in bands of rows, each with a row of its neighbours:
/// the copies that normalising, enlarging and oneDNN's own layout need are then as large as a band, not as the map,
/// and stay in the caches. A small map, and any other type than float32, takes the plain way. The results agree to float32's rounding.
/// The checkpoint is passed between the bands.

struct BandSizes {
    std::int64_t largeMap = std::int64_t(256) << 20; ///< bytes from which on a map is cut
    std::int64_t band = std::int64_t(32) << 20;      ///< bytes of a band, about; never under eight rows
};

/// conv(silu(norm(x))), 3x3 with one row of zeros around.   x: [B, in, H, W] -> [B, out, H, W]
at::Tensor normSiluConvolve(const GroupNorm& norm, const Conv2d& convolution, const at::Tensor& x,
    const Checkpoint& checkpoint, const BandSizes& sizes = {});

/// conv(nearest neighbour to height x width), 3x3 with one row of zeros around.   -> [B, out, height, width]
at::Tensor enlargeAndConvolve(const Conv2d& convolution, const at::Tensor& x, std::int64_t height,
    std::int64_t width, const Checkpoint& checkpoint, const BandSizes& sizes = {});

/// h += conv(x), 1x1.   h: [B, out, H, W]   x: [B, in, H, W]
void addConvolved(at::Tensor& h, const Conv2d& convolution, const at::Tensor& x, const Checkpoint& checkpoint,
    const BandSizes& sizes = {});

} // namespace studio::nn
