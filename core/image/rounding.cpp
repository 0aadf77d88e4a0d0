#include "core/image/rounding.h"

#include <algorithm>

namespace studio {

namespace {

/// Adding and taking away 1.5 * 2^23 leaves no room for a fraction: the processor rounds half to even, as
/// numpy does, in a form every compiler vectorises.
constexpr float kRounder = 12582912.0f;

std::size_t pixelsOf(Extent size)
{
    return static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
}

} // namespace

Picture8 toEightBit(const PictureF& picture)
{
    const std::size_t pixels = pixelsOf(picture.size);
    Picture8 out{picture.size, std::vector<std::uint8_t>(3 * pixels)};
    for (std::size_t channel = 0; channel < 3; ++channel) {
        const float* plane = picture.values.data() + channel * pixels;
        for (std::size_t i = 0; i < pixels; ++i) {
            // In this order a NaN loses both comparisons and becomes 0.
            const float clamped = std::min(1.0f, plane[i] > 0.0f ? plane[i] : 0.0f);
            out.values[3 * i + channel] = static_cast<std::uint8_t>((clamped * 255.0f + kRounder) - kRounder);
        }
    }
    return out;
}

PictureF toFloat(const Picture8& picture)
{
    const std::size_t pixels = pixelsOf(picture.size);
    PictureF out{picture.size, std::vector<float>(3 * pixels)};
    for (std::size_t channel = 0; channel < 3; ++channel)
        for (std::size_t i = 0; i < pixels; ++i)
            out.values[channel * pixels + i] = static_cast<float>(picture.values[3 * i + channel]) / 255.0f;
    return out;
}

} // namespace studio
