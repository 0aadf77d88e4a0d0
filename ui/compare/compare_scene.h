#pragma once

#include "ui/compare/compare_types.h"

#include <QPoint>
#include <QRect>
#include <QSize>

#include <vector>

namespace studio::ui {

/// How one layer lands in a pane: pane = corner + offset + layer pixel * scale, in device pixels, per axis. The corner
/// of the scene is kept apart because it is whole: moving the view by whole pixels then moves every sample with it,
/// exactly.
struct LayerMapping {
    int cornerX = 0;
    int cornerY = 0;
    double offsetX = 0.0;
    double offsetY = 0.0;
    double scaleX = 1.0;
    double scaleY = 1.0;

    bool operator==(const LayerMapping&) const = default;
};

struct Insets {
    int top = 0;
    int bottom = 0;

    bool operator==(const Insets&) const = default;
};

/// The geometry of a comparison, a plain value without widgets.
///
/// All layers lie in one scene whose unit is an output pixel: a pixel of the largest layer. Every layer
/// covers the whole scene (or, if its shape differs, the largest centred rectangle of its shape). Panes are
/// measured in device pixels; zoom 1 shows one output pixel on one device pixel. The scene's corner always
/// lies on a whole device pixel, the same one in every pane, so that panes of one size are registered by
/// construction.
class CompareScene {
public:
    static constexpr double kMinZoom = 0.25; ///< the fitting zoom may be smaller
    static constexpr double kMaxZoom = 32.0;

    /// `unit`: the size to count output pixels in, if it is not that of the largest layer (a preview of a
    /// picture to come).
    void setLayers(std::vector<Extent> sizes, Extent unit = {});
    const std::vector<Extent>& layers() const { return m_layers; }

    /// `pane` in device pixels. At its upper and lower edge labels and the bar lie over `insets` device
    /// pixels: what fits, fits between them, and what is larger can be moved out from under them. `margin`:
    /// left free around a picture that is fitted.
    void setPane(QSize pane, Insets insets, int margin);
    QSize pane() const { return m_pane; }

    Extent size() const { return m_size; } ///< of the scene, in output pixels
    double zoom() const { return m_zoom; }
    double fitZoom() const;
    double minZoom() const;
    bool isFitted() const { return m_fitted; }

    void fit();
    /// Changes the zoom so that what is at `anchor` (device pixels of a pane) stays there, as far as the
    /// edges allow.
    void zoomTo(double zoom, QPointF anchor);
    /// One step up or down the ladder of round zooms.
    void zoomStep(int direction, QPointF anchor);
    /// `notches` of a wheel: four to a doubling, resting on the powers of two.
    void zoomWheel(double notches, QPointF anchor);
    void pan(QPointF devicePixels);
    /// Brings a point of the scene to the middle, as far as the edges allow.
    void centreOn(QPointF scenePoint);
    QPointF centre() const { return m_centre; }
    QPointF clearCentre() const; ///< middle of the part of a pane that nothing lies over

    QPoint origin() const; ///< device pixels from a pane's corner to the scene's corner
    QPointF toScene(QPointF panePoint) const;
    QPointF toPane(QPointF scenePoint) const;
    QRect visibleRect() const; ///< the part of the pane that the scene covers, device pixels

    QRectF placement(size_t layer) const; ///< in the scene
    LayerMapping mapping(size_t layer) const;
    /// The mapping with the scene's corner and zoom chosen freely; for the loupe.
    LayerMapping mapping(size_t layer, QPoint corner, double zoom) const;
    /// The pixel of a layer under a point of the scene; {-1, -1} outside.
    QPoint pixelAt(size_t layer, QPointF scenePoint) const;

    /// True if `other` shows the same at another place: all but the centre is equal.
    bool differsOnlyInPlace(const CompareScene& other) const;

    bool operator==(const CompareScene&) const = default;

private:
    QSizeF clearSize() const;
    void clamp();

    std::vector<Extent> m_layers;
    Extent m_size{1, 1};
    QSize m_pane{1, 1};
    Insets m_insets;
    int m_margin = 0;
    double m_zoom = 1.0;
    QPointF m_centre; ///< the point of the scene that lies at clearCentre()
    bool m_fitted = true;
};

/// Panes of one size for `count` pictures (1 to 4) of one shape: in a row, a column or a square without a hole, whatever
/// shows them largest between the `insets` of each pane. Pixels that do not divide stay at the right and lower edge.
std::vector<QRect> arrangePanes(QSize view, int count, int gap, Extent shape, Insets insets = {});

} // namespace studio::ui
