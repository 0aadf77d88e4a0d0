#pragma once

#include "ui/compare/frame_renderer.h"
#include "ui/compare/pyramid_store.h"

#include <QWidget>

#include <optional>

namespace studio::ui {

/// The picture area: draws the layers, moves the view, drags the wipe. It knows no buttons; CompareView puts
/// them around it.
class CompareCanvas : public QWidget {
    Q_OBJECT

public:
    explicit CompareCanvas(QWidget* parent = nullptr);

    /// `unit`: see CompareScene::setLayers. The settings' indices must fit.
    void setLayers(std::vector<CompareLayer> layers, const CompareSettings& settings, Extent unit = {});
    const std::vector<CompareLayer>& layers() const { return m_layers; }
    /// False while a layer in sight is still being prepared.
    bool isReady() const;

    /// Device-independent pixels at the upper and lower edge that something lies over.
    void setInsets(Insets insets);

    const CompareSettings& settings() const { return m_settings; }
    void setSettings(const CompareSettings& settings);

    const CompareScene& scene() const { return m_scene; }
    /// Panes in widget coordinates, and the layer each shows.
    std::vector<QRect> panes() const;
    std::vector<int> shownLayers() const;

    void fit();
    void oneToOne();
    void zoomStep(int direction);
    void zoomTo(double zoom);
    void pan(QPointF distance); ///< device-independent pixels
    /// Moves the point that is read out by output pixels; starts at the middle of the view.
    void moveProbe(QPoint outputPixels);
    /// The point under the cursor (or moved by keys), in output pixels.
    std::optional<QPointF> probe() const { return m_probe; }

    /// The layers as they are in sight, without any decoration, in device pixels. Drawn now if necessary.
    const QImage& frame();
    FrameRequest request() const;

Q_SIGNALS:
    void settingsChanged();
    void viewChanged(); ///< zoom, place or readiness
    void resized();
    void probeChanged();
    /// The space bar went down (true) or up.
    void flipHeld(bool held);
    /// The hand takes a picture out of the view: with Ctrl, or where there is nothing to move.
    void dragOutWanted(int layer);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    enum class Drag { None, Pan, Wipe, Out };

    QPointF toPane(QPointF widgetPoint) const; ///< device pixels in the pane under the point
    int layerAt(QPointF widgetPoint) const;    ///< the layer in sight there; -1: none
    QRectF wipeHandle() const;                 ///< widget coordinates
    QRect wipeSpan() const;                    ///< what its line runs through
    QRect clearOfBar(int x) const;             ///< what an upright line at `x` runs through
    void setProbe(std::optional<QPointF> scenePoint);
    void dragWipe(QPointF widgetPoint);
    void updateCursor(QPointF widgetPoint);
    void layout();
    void redraw();
    void gather();
    void paintLoupe(QPainter& painter);
    std::vector<QRect> devicePanes() const;
    QPointF anchor() const; ///< of a zoom by keys, device pixels of a pane

    std::vector<CompareLayer> m_layers;
    std::vector<std::shared_ptr<const PicturePyramid>> m_pyramids;
    std::vector<bool> m_ready; ///< false: the pyramid is missing, or still that of the picture before
    PyramidStore m_store;
    CompareSettings m_settings;
    CompareScene m_scene;
    Insets m_insets;
    FrameRenderer m_renderer;
    QImage m_frame;
    bool m_stale = true;
    std::optional<QPointF> m_probe;
    Drag m_drag = Drag::None;
    QPointF m_dragged;   ///< where the drag was last, widget coordinates
    QPointF m_remainder; ///< part of a device pixel not yet panned
};

constexpr int kFitMargin = 12;
constexpr int kPaneGap = 2;

} // namespace studio::ui
