#pragma once

#include "ui/compare/frame_renderer.h"
#include "ui/compare/pyramid_store.h"
#include "ui/sweep/sweep_layout.h"

#include <QWidget>

#include <array>
#include <optional>
#include <vector>

namespace studio {
struct Catalog;
}

namespace studio::ui {

class SweepRun;

/// A sweep as a contact sheet. All cells show the same part of their pictures: zoom, place and the point under the
/// pointer are one for all. A click chooses a cell; so do the arrow keys and Enter.
class SweepCanvas : public QWidget {
    Q_OBJECT

public:
    explicit SweepCanvas(QWidget* parent = nullptr);

    /// Null: nothing is shown. Run and catalog must stay until others are set.
    void setRun(SweepRun* run, const Catalog* catalog);
    SweepRun* run() const { return m_run; }

    int current() const { return m_current; }
    void setCurrent(int cell);

    /// The cells opened side by side: A and B; -1: none.
    std::array<int, 2> marked() const { return m_marked; }
    /// Marks a finished cell as A, then B; a marked one is unmarked.
    void toggleMark(int cell);

    bool showsOne() const { return m_single; }
    void setShowsOne(bool single); ///< the current cell alone, over the whole view
    bool hasLoupe() const { return m_loupe; }
    void setLoupe(bool loupe);
    void fit();
    void oneToOne();
    void zoomStep(int direction);

    const CompareScene& scene() const { return m_scene; }
    std::optional<QPointF> probe() const { return m_probe; } ///< in output pixels
    /// Where a cell lies, in widget coordinates; empty: it is not in sight.
    QRect cellArea(int cell) const;
    /// The pictures alone, in device pixels. Drawn now if necessary.
    const QImage& frame();

    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void adopted(int cell); ///< chosen, by a click or Enter
    void tryAgainWanted(int cell);
    void currentChanged();
    void marksChanged();
    void compareWanted(); ///< by its key
    void viewChanged();   ///< zoom, place, what is shown

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void gather();
    void layOut();
    void redraw();
    void renderCell(int cell);
    void paintCell(QPainter& painter, int cell);
    void paintState(QPainter& painter, int cell, const QRect& area);
    void paintProbe(QPainter& painter, int cell, const QRect& area);
    void paintLoupe(QPainter& painter, int cell, const QRect& area);
    void paintHeads(QPainter& painter);
    int cellAt(QPointF point) const;
    QPointF inCell(QPointF point, int cell) const; ///< device pixels from the cell's corner
    QRect deviceArea(int cell) const;
    void setProbe(std::optional<QPointF> scenePoint);
    void step(int columns, int rows);
    QPointF anchor() const;
    bool isDone(int cell) const;

    SweepRun* m_run = nullptr;
    const Catalog* m_catalog = nullptr;
    SheetLayout m_sheet;                                           ///< in device-independent pixels
    CompareScene m_scene;                                          ///< its pane is one cell
    std::vector<std::shared_ptr<const PicturePyramid>> m_pyramids; ///< one for each cell; null: not there yet
    std::vector<int> m_layers; ///< the scene's layer of each cell; -1: none
    PyramidStore m_store;
    FrameRenderer m_renderer;
    QImage m_frame;
    bool m_stale = true;
    int m_current = 0;
    std::array<int, 2> m_marked{-1, -1};
    bool m_single = false;
    bool m_loupe = false;
    std::optional<QPointF> m_probe;
    bool m_pressed = false;
    bool m_panning = false;
    QPointF m_dragged;
};

} // namespace studio::ui
