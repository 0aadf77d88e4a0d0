#pragma once

#include "core/api/picture.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace studio::ui {

/// A picture in halving sizes, ready to be drawn. Immutable once built, so any thread may read it.
///
/// Level k + 1 is the exact mean of 2 × 2 pixels of level k, taken in linear light and rounded once: seen
/// from farther away, a picture must send out the same light. In sRGB values the mean would darken fine
/// contrast, and a hires picture with more detail would look darker than its first pass at the same zoom,
/// which is not true of it. Four equal pixels keep their value, so level 1 of a nearest-neighbour ×2 is the
/// picture itself.
class PicturePyramid {
public:
    /// Pixels are 0xffRRGGBB. A pixel of level k covers 2^k × 2^k pixels of level 0; the last one of an odd
    /// row or column covers what is left. Rows are padded by copies of their last pixel, which samplers may
    /// read.
    struct Level {
        int width = 0;
        int height = 0;
        int stride = 0; ///< in pixels, at least width + kPadding
        std::vector<std::uint32_t> pixels;

        const std::uint32_t* row(int y) const { return pixels.data() + static_cast<std::size_t>(y) * stride; }
    };
    static constexpr int kPadding = 3;

    /// Takes some 15 ms a megapixel: not for the thread of the window.
    static std::shared_ptr<const PicturePyramid> build(const Picture8& picture);

    const std::vector<Level>& levels() const { return m_levels; }
    Extent size() const { return {m_levels.front().width, m_levels.front().height}; }
    std::size_t bytes() const;

    /// The coarsest level that still has at least one pixel for each device pixel, at `scale` device pixels
    /// for a pixel of level 0.
    int levelFor(double scale) const;

private:
    std::vector<Level> m_levels;
};

} // namespace studio::ui
