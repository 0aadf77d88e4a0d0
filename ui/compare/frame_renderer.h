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
    CompareScene scene;       ///< its pane is one pane of `panes`
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
///
/// A frame that differs from the one before only by the place of the view is not drawn anew: what is still in sight is
/// moved, and the strips that came in are drawn. Likewise only the strip a wipe's line has passed over. The result is
/// the same to the bit.
class FrameRenderer {
public:
    /// `helpers`: see RowPool.
    explicit FrameRenderer(int helpers = -1);

    /// Fills `frame` (format RGB32, the size of the view in device pixels). Nobody else may write to it in between.
    void render(const FrameRequest& request, QImage& frame);

    /// One layer under a mapping of one's own; for the loupe.
    void renderPart(const FrameRequest& request, int layer, const LayerMapping& mapping, QImage& part);

private:
    /// A part of the frame whose pixels move together when the view moves.
    struct Cell {
        QRect area;  ///< of the frame
        QPoint pane; ///< the corner of the pane it lies in
        int first = 0;
        int second = -1; ///< mixed with the first if there is one
    };
    static std::vector<Cell> cells(const FrameRequest& request, QSize frame);
    bool canReuse(const FrameRequest& request, const QImage& frame) const;
    bool moveLine(const FrameRequest& request, const std::vector<Cell>& cells, const Surface& frame);
    bool scroll(const FrameRequest& request, const std::vector<Cell>& cells, const Surface& frame);
    void renderCell(const FrameRequest& request, const Cell& cell, const QRect& clip, const Surface& frame);
    void mix(const FrameRequest& request, const Surface& first, const Surface& second, const QRect& area);
    void drawOne(const FrameRequest& request, int layer, const Surface& target, const QRect& clip);
    Surface scratch(QSize size);

    RowPool m_pool;
    std::vector<std::uint32_t> m_scratch;
    FrameRequest m_drawn;
    std::vector<Cell> m_drawnCells;
    const uchar* m_drawnBits = nullptr;
};

} // namespace studio::ui
