#pragma once

#include "ui/compare/compare_types.h"
#include "ui/compare/picture_metrics.h"

#include <QImage>
#include <QThreadPool>
#include <QTimer>
#include <QWidget>

#include <optional>
#include <stop_token>
#include <vector>

namespace studio::ui {

class CompareActions;
class CompareBar;
class CompareCanvas;
class CompareReadout;
class LayerChip;

/// The comparison of a take's layers: canvas, captions, bar and read-out. Everything is done by mouse or by
/// keys; `actions` lists the keys.
class CompareView : public QWidget {
    Q_OBJECT

public:
    explicit CompareView(QWidget* parent = nullptr);
    ~CompareView() override;

    /// The layers in the order they were made. Two or more: A is the first, B the last, and the mode the
    /// person chose last, or wipe at the first time. One: that one. None: the empty page. The view keeps its
    /// zoom and place.
    void setLayers(std::vector<CompareLayer> layers);
    const std::vector<CompareLayer>& layers() const { return m_layers; }

    /// A small picture of what is being made, shown in place of the layers until it is cleared or layers are
    /// set. `finalSize` is what it stands for: zoom counts in those pixels.
    void setPreview(CompareLayer preview, Extent finalSize);
    void clearPreview();
    bool isShowingPreview() const { return m_preview.has_value(); }

    /// What stands in the middle while there is nothing to show. The view takes it over.
    void setEmptyWidget(QWidget* widget);

    CompareSettings settings() const;
    /// Indices of layers that do not exist are put right.
    void setSettings(const CompareSettings& settings);
    void setMode(CompareMode mode);

    /// Nothing blinks by itself.
    void setReducedMotion(bool reduced);

    CompareActions& actions() const { return *m_actions; }
    CompareCanvas& canvas() const { return *m_canvas; }
    bool comparesTwo() const; ///< two pictures are in sight, and what they differ in is measured
    const std::optional<CompareMetrics>& metrics() const { return m_metrics; }

    /// The comparison as one picture with captions, at full output size (see comparison_sheet.h).
    /// `notes`: what else it says of the pictures; the numbers of the comparison come by themselves.
    QImage sheet(QStringList notes = {}) const;

Q_SIGNALS:
    void settingsChanged();
    /// Computed in the background after layers, A or B changed.
    void metricsChanged();
    /// The hand takes one of the layers out of the view.
    void dragOutWanted(int layer);

protected:
    void hideEvent(QHideEvent* event) override;
    bool event(QEvent* event) override;

private:
    void connectActions();
    void applyOption();
    void moveDivider(double step);
    void flip(bool pressed);
    void showCurrent();
    void updateOverlay();
    void updateBar();
    void updateChips();
    void placeChip(LayerChip& chip, std::size_t index);
    void updateReading();
    void updateBlink();
    void startMeasuring();
    CompareSettings valid(CompareSettings settings) const;
    template <class Change> void change(Change&& change);

    CompareActions* m_actions = nullptr;
    CompareCanvas* m_canvas = nullptr;
    CompareBar* m_bar = nullptr;
    CompareReadout* m_readout = nullptr;
    std::vector<LayerChip*> m_chips;
    QWidget* m_empty = nullptr;

    std::vector<CompareLayer> m_layers;
    std::optional<CompareLayer> m_preview;
    CompareSettings m_settings; ///< of the layers; a preview does not touch them
    bool m_modeChosen = false;
    bool m_reducedMotion = false;
    bool m_blinking = false;
    QTimer m_blinkTimer;

    std::optional<CompareMetrics> m_metrics;
    const Picture8* m_measured[2] = {nullptr, nullptr};
    std::stop_source m_stopMeasuring;
    QThreadPool m_measuring;
};

/// Time each picture stays while blinking, in milliseconds.
constexpr int kBlinkMs = 600;

} // namespace studio::ui
