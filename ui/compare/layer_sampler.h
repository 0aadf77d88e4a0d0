#pragma once

#include "ui/compare/compare_scene.h"
#include "ui/compare/picture_pyramid.h"

#include <QImage>
#include <QRect>

namespace studio::ui {

class RowPool;

/// A rectangle of 0xffRRGGBB pixels that is drawn into. `bits` points at its upper left pixel.
struct Surface {
    std::uint32_t* bits = nullptr;
    int stride = 0; ///< in pixels
    int width = 0;
    int height = 0;

    std::uint32_t* row(int y) const { return bits + static_cast<std::ptrdiff_t>(y) * stride; }
    Surface part(const QRect& area) const;
};

/// The pixels of an image of format RGB32. The image must outlive the surface.
Surface surfaceOf(QImage& image);

/// The device pixels whose centres lie inside the layer.
QRect coveredRect(const LayerMapping& mapping, Extent size);

/// Draws a layer into `target`, whose pixel (0, 0) is the pane's pixel (0, 0), inside `clip` and inside the
/// layer; the rest stays as it was.
///
/// Each device pixel takes its place from its own coordinate, never from its neighbour's, so layers whose
/// scales are multiples of one another agree to the pixel at every zoom and position. Nearest: the pixel
/// under the centre. Smooth: the exact mean over the device pixel's area when the layer is shown smaller,
/// bilinear when it is shown larger. Both read the mip level nearest above the shown size.
void drawLayer(const PicturePyramid& pyramid, const LayerMapping& mapping, Sampling sampling,
    const Surface& target, const QRect& clip, RowPool& pool);

} // namespace studio::ui
