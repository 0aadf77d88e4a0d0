// What lies over the canvas of the view: the bar, and a caption for each picture.
#include "ui/compare/compare_actions.h"
#include "ui/compare/compare_bar.h"
#include "ui/compare/compare_canvas.h"
#include "ui/compare/compare_readout.h"
#include "ui/compare/compare_view.h"
#include "ui/compare/layer_chip.h"

namespace studio::ui {

namespace {

constexpr int kOverlayEdge = 8;
constexpr int kLegendRoom = 240; // of the difference's colour scale

} // namespace

void CompareView::updateOverlay()
{
    const bool empty = m_canvas->layers().empty();
    const QRect area = m_canvas->rect();
    if (m_empty) {
        m_empty->setGeometry(area);
        m_empty->setVisible(empty);
    }
    const QString hint = tr("Wheel zooms, drag moves, Ctrl+drag takes the picture out");
    m_readout->setEmpty(empty);
    m_readout->setHint(empty      ? QString()
            : m_preview           ? tr("A live preview: one dot of it is eight pixels of the picture")
            : m_layers.size() > 1 ? tr("%1, Space shows the other one").arg(hint)
                                  : hint);
    updateBar();
    m_bar->setVisible(!empty && m_actions->overlays->isChecked());
    m_bar->setRoom(area.width() - 2 * kOverlayEdge);
    const QSize size = m_bar->sizeHint().boundedTo(area.size());
    m_bar->setGeometry((area.width() - size.width()) / 2, area.height() - size.height() - kOverlayEdge,
        size.width(), size.height());
    updateChips();
}

void CompareView::updateBar()
{
    const CompareSettings shown = valid(m_settings);
    const int count = m_preview ? 1 : static_cast<int>(m_layers.size());
    for (const ModeInfo& info : kModes)
        m_actions->mode(info.mode)->setEnabled(count > 1);
    m_actions->swap->setEnabled(count > 1);
    m_actions->mode(shown.mode)->setChecked(true);
    m_actions->smooth->setChecked(m_settings.sampling == Sampling::Smooth);
    m_bar->setState(shown, count, m_blinking);
    m_bar->setZoom(m_canvas->scene().zoom());
}

void CompareView::updateChips()
{
    const std::vector<CompareLayer>& layers = m_canvas->layers();
    const CompareSettings& settings = m_canvas->settings();
    const bool pair = layers.size() > 1;
    const bool oneAtATime = settings.mode == CompareMode::Single || settings.mode == CompareMode::Blink;
    std::vector<int> shown;
    if (!layers.empty() && m_actions->overlays->isChecked()) {
        shown = m_canvas->shownLayers();
        if (pair && oneAtATime)
            shown = {settings.first, settings.second};
    }
    QStringList labels;
    for (const CompareLayer& layer : m_layers)
        labels << (layer.caption.isEmpty() ? layer.label : tr("%1   %2").arg(layer.label, layer.caption));
    for (std::size_t i = 0; i < m_chips.size(); ++i) {
        LayerChip& chip = *m_chips[i];
        if (i < shown.size()) {
            const CompareLayer& layer = layers[static_cast<std::size_t>(shown[i])];
            // The size of a preview says nothing about the picture to come.
            const QString detail = m_preview
                ? layer.caption
                : tr("%1 × %2").arg(layer.picture->size.width).arg(layer.picture->size.height);
            chip.setContent(
                pair ? QString(QChar(u'A' + static_cast<char16_t>(i))) : QString(), layer.label, detail);
            chip.setChoices(pair && i < 2 && !m_preview ? labels : QStringList(), shown[i]);
            chip.setInSight(pair && oneAtATime && settings.showSecond == (i == 1));
            placeChip(chip, i);
        }
        chip.setVisible(i < shown.size());
    }
}

void CompareView::placeChip(LayerChip& chip, std::size_t index)
{
    const CompareSettings& settings = m_canvas->settings();
    const bool pair = m_canvas->layers().size() > 1;
    const bool side = settings.mode == CompareMode::Side && pair;
    const QRect pane = side ? m_canvas->panes()[index] : m_canvas->rect();
    const int legend = settings.mode == CompareMode::Difference ? kLegendRoom : 0;
    chip.setRoom((side || !pair ? pane.width() : (pane.width() - legend) / 2) - 2 * kOverlayEdge);
    chip.resize(chip.sizeHint());
    // Each caption stands where its picture is: to the left or right of an upright line, above or below a level one.
    const bool belowTheLine
        = index == 1 && settings.mode == CompareMode::Wipe && settings.wipeAxis == WipeAxis::Horizontal;
    const bool atRight = index == 1 && !side && !belowTheLine;
    chip.move(atRight ? pane.right() + 1 - kOverlayEdge - chip.width() : pane.left() + kOverlayEdge,
        belowTheLine ? m_bar->y() - kOverlayEdge - chip.height() : pane.top() + kOverlayEdge);
}

} // namespace studio::ui
