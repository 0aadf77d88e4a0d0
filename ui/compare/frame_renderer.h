#pragma once

#include "ui/compare/compare_scene.h"
#include "ui/compare/layer_sampler.h"
#include "ui/compare/picture_pyramid.h"
#include "ui/compare/row_pool.h"

#include <QColor>
#include <QImage>

#include <memory>
#include <vector>

namespace studio::ui {

/// Everything that decides the pixels of a frame.
struct FrameRequest {
    CompareSettings settings;
    CompareScene scene; ///< its pane is one pane of `panes`
    std::vector<QRect> panes; ///< device pixels; more than one in side mode
    std::vector<std::shared_ptr<const PicturePyramid>>
        layers; ///< one for each of the scene's; null while it is built
    QColor background;
};

/// Which layer each pane shows in side mode: A, B, then the others in their order.
std::vector<int> paneLayers(const CompareSettings& settings, int layerCount);

/// Where the wipe's line lies in a pane, in device pixels from its left or upper edge.
int wipeLine(const CompareSettings& settings, const CompareScene& scene);

/// Draws frames. Keeps its scratch memory and threads from frame to frame; use from one thread.
class FrameRenderer {
public:
    /// Fills `frame` (format RGB32, the size of the view in device pixels).
    void render(const FrameRequest& request, QImage& frame);

    /// One layer, magnified about a point of the scene, into `area` of `frame`; for the loupe.
    void renderPart(const FrameRequest& request, int layer, const LayerMapping& mapping, QImage& frame,
        const QRect& area, Sampling sampling);

private:
    void renderSide(const FrameRequest& request, const Surface& frame);
    void renderWipe(const FrameRequest& request, const Surface& frame);
    void renderMixed(const FrameRequest& request, const Surface& frame);
    void drawOne(const FrameRequest& request, int layer, const Surface& target, const QRect& clip);
    Surface scratch(QSize size);

    RowPool m_pool;
    std::vector<std::uint32_t> m_scratch;
};

} // namespace studio::ui
