#include "core/upscale/upscalers.h"

#include "core/image/lanczos.h"

#include <array>

namespace studio::upscale {

namespace {

/// Index of the source pixel whose centre is nearest to the centre of target pixel `i`.
int nearestSource(int i, int source, int target)
{
    return static_cast<int>((2LL * i + 1) * source / (2LL * target));
}

PictureF nearest(const PictureF& picture, Extent target, const std::function<void()>& checkpoint)
{
    PictureF out{target, {}};
    out.values.reserve(std::size_t(3) * std::size_t(target.width) * std::size_t(target.height));
    for (int row = 0; row < 3 * target.height; ++row) {
        if (checkpoint && row % 64 == 0)
            checkpoint();
        const int channel = row / target.height;
        const int y = nearestSource(row % target.height, picture.size.height, target.height);
        const float* source
            = picture.values.data() + (std::size_t(channel) * picture.size.height + y) * picture.size.width;
        for (int x = 0; x < target.width; ++x)
            out.values.push_back(source[nearestSource(x, picture.size.width, target.width)]);
    }
    return out;
}

Picture8 nearest(const Picture8& picture, Extent target, const std::function<void()>& checkpoint)
{
    Picture8 out{target, {}};
    out.values.reserve(std::size_t(3) * std::size_t(target.width) * std::size_t(target.height));
    for (int row = 0; row < target.height; ++row) {
        if (checkpoint && row % 64 == 0)
            checkpoint();
        const int y = nearestSource(row, picture.size.height, target.height);
        const std::uint8_t* source = picture.values.data() + std::size_t(3) * y * picture.size.width;
        for (int x = 0; x < target.width; ++x) {
            const std::uint8_t* pixel = source + 3 * nearestSource(x, picture.size.width, target.width);
            out.values.insert(out.values.end(), pixel, pixel + 3);
        }
    }
    return out;
}

constexpr std::array kUpscalers{
    UpscalerInfo{
        "lanczos", "Lanczos", "Sharp and neutral; adds no detail of its own.", resizeLanczos, resizeLanczos},
    UpscalerInfo{"nearest", "Nearest", "Repeats pixels; for pixel art and for measuring.", nearest, nearest},
};

} // namespace

std::span<const UpscalerInfo> upscalers()
{
    return kUpscalers;
}

} // namespace studio::upscale
