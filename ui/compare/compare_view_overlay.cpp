// What lies over the canvas of the view: the bar, and a caption for each picture.
#include "ui/compare/compare_actions.h"
#include "ui/compare/compare_bar.h"
#include "ui/compare/compare_canvas.h"
#include "ui/compare/compare_view.h"
#include "ui/compare/layer_chip.h"

namespace studio::ui {

namespace {

constexpr int kOverlayEdge = 8;

} // namespace

void CompareView::updateOverlay()
{
    const bool empty = m_canvas->layers().empty();
    const QRect area = m_canvas->rect();
    if (m_empty) {
        m_empty->setGeometry(area);
        m_empty->setVisible(empty);
    }
    m_bar->setVisible(!empty);
    m_bar->setState(valid(m_settings), m_preview ? 1 : static_cast<int>(m_layers.size()), m_blinking);
    m_bar->setZoom(m_canvas->scene().zoom());
    const CompareSettings shown = valid(m_settings);
    m_actions->mode(shown.mode)->setChecked(true);
    m_actions->smooth->setChecked(m_settings.sampling == Sampling::Smooth);
    m_bar->setRoom(area.width() - 2 * kOverlayEdge);
    const QSize size = m_bar->sizeHint().boundedTo(QSize(area.width(), area.height()));
    m_bar->setGeometry((area.width() - size.width()) / 2, area.height() - size.height() - kOverlayEdge,
        size.width(), size.height());
    updateChips();
}

void CompareView::updateChips()
{
    for (LayerChip* chip : m_chips)
        chip->hide();
    const std::vector<CompareLayer>& layers = m_canvas->layers();
    if (layers.empty())
        return;
    const CompareSettings& settings = m_canvas->settings();
    const bool pair = layers.size() > 1;
    const bool side = settings.mode == CompareMode::Side && pair;
    const std::vector<int> shown = side ? m_canvas->shownLayers()
        : pair                          ? std::vector<int>{settings.first, settings.second}
                                        : std::vector<int>{settings.first};
    const std::vector<QRect> panes = m_canvas->panes();
    const bool oneAtATime = settings.mode == CompareMode::Single || settings.mode == CompareMode::Blink;
    const int legend = settings.mode == CompareMode::Difference ? 270 : 0;
    QStringList labels;
    for (const CompareLayer& layer : m_layers)
        labels << tr("%1   %2").arg(layer.label, layer.caption);
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const CompareLayer& layer = layers[static_cast<std::size_t>(shown[i])];
        LayerChip& chip = *m_chips[i];
        const QRect pane = side ? panes[i] : m_canvas->rect();
        chip.setRoom(
            side || !pair ? pane.width() - 2 * kOverlayEdge : (pane.width() - legend) / 2 - 2 * kOverlayEdge);
        chip.setContent(pair ? QString(QChar(u'A' + static_cast<char16_t>(i))) : QString(), layer.label,
            tr("%1 × %2").arg(layer.picture->size.width).arg(layer.picture->size.height));
        chip.setChoices(pair && i < 2 && !m_preview ? labels : QStringList(), shown[i]);
        chip.setInSight(pair && oneAtATime && (settings.showSecond ? i == 1 : i == 0));
        chip.resize(chip.sizeHint());
        const bool atRight = !side && i == 1;
        const bool below
            = atRight && settings.mode == CompareMode::Wipe && settings.wipeAxis == WipeAxis::Horizontal;
        const int x
            = atRight && !below ? pane.right() + 1 - kOverlayEdge - chip.width() : pane.left() + kOverlayEdge;
        const int y = below ? m_bar->y() - 8 - chip.height() : pane.top() + kOverlayEdge;
        chip.move(x, y);
        chip.show();
    }
}

} // namespace studio::ui
