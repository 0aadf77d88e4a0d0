#include "ui/compare/compare_canvas.h"

#include "ui/compare/canvas_decoration.h"
#include "ui/theme/tokens.h"

#include <QPaintEvent>
#include <QPainter>

#include <cmath>

namespace studio::ui {

CompareCanvas::CompareCanvas(QWidget* parent)
    : QWidget(parent)
{
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    grabGesture(Qt::PinchGesture);
    setMinimumSize(240, 200);
    setAccessibleName(tr("Comparison canvas"));
    connect(&m_store, &PyramidStore::built, this, [this] {
        gather();
        redraw();
        Q_EMIT viewChanged();
    });
}

void CompareCanvas::setLayers(std::vector<CompareLayer> layers, const CompareSettings& settings, Extent unit)
{
    std::erase_if(
        layers, [](const CompareLayer& layer) { return !layer.picture || !layer.picture->size.isSet(); });
    m_layers = std::move(layers);
    std::vector<Extent> sizes;
    for (const CompareLayer& layer : m_layers)
        sizes.push_back(layer.picture->size);
    m_settings = settings;
    m_scene.setLayers(std::move(sizes), unit);
    gather();
    layout();
    Q_EMIT settingsChanged();
    Q_EMIT viewChanged();
    Q_EMIT probeChanged();
}

void CompareCanvas::gather()
{
    const std::vector<std::shared_ptr<const PicturePyramid>> before = std::move(m_pyramids);
    m_pyramids.clear();
    m_ready.clear();
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        std::shared_ptr<const PicturePyramid> pyramid = m_store.request(m_layers[i].picture);
        m_ready.push_back(pyramid != nullptr);
        // For the blink of an eye the picture before stays in its place: better than a grey flash.
        if (!pyramid && i < before.size() && before[i] && before[i]->size() == m_layers[i].picture->size)
            pyramid = before[i];
        m_pyramids.push_back(std::move(pyramid));
    }
}

void CompareCanvas::setInsets(Insets insets)
{
    if (insets == m_insets)
        return;
    m_insets = insets;
    layout();
    Q_EMIT viewChanged();
}

bool CompareCanvas::isReady() const
{
    for (const int layer : shownLayers()) {
        if (!m_ready[static_cast<size_t>(layer)])
            return false;
    }
    return true;
}

void CompareCanvas::setSettings(const CompareSettings& settings)
{
    if (settings == m_settings)
        return;
    m_settings = settings;
    layout();
    Q_EMIT settingsChanged();
    Q_EMIT viewChanged();
    Q_EMIT probeChanged();
}

std::vector<int> CompareCanvas::shownLayers() const
{
    const int count = static_cast<int>(m_layers.size());
    if (m_settings.mode == CompareMode::Side || m_settings.mode == CompareMode::Single
        || m_settings.mode == CompareMode::Blink || count < 2)
        return paneLayers(m_settings, count);
    return {m_settings.first, m_settings.second};
}

std::vector<QRect> CompareCanvas::devicePanes() const
{
    const double ratio = devicePixelRatioF();
    const QSize view = (QSizeF(size()) * ratio).toSize();
    const int count = m_settings.mode == CompareMode::Side
        ? static_cast<int>(paneLayers(m_settings, static_cast<int>(m_layers.size())).size())
        : 1;
    const Insets insets{qRound(m_insets.top * ratio), qRound(m_insets.bottom * ratio)};
    return arrangePanes(view, std::max(1, count), qRound(kPaneGap * ratio), m_scene.size(), insets);
}

std::vector<QRect> CompareCanvas::panes() const
{
    const double ratio = devicePixelRatioF();
    std::vector<QRect> result;
    for (const QRect& pane : devicePanes())
        result.emplace_back(QPoint(qRound(pane.x() / ratio), qRound(pane.y() / ratio)),
            QSize(qRound(pane.width() / ratio), qRound(pane.height() / ratio)));
    return result;
}

void CompareCanvas::layout()
{
    const double ratio = devicePixelRatioF();
    const std::vector<QRect> all = devicePanes();
    // Panes above one another: only the lowest lies under the bar, but all are alike so that they stay
    // registered.
    const Insets insets{qRound(m_insets.top * ratio), qRound(m_insets.bottom * ratio)};
    m_scene.setPane(all.front().size(), insets, qRound(kFitMargin * ratio));
    redraw();
}

void CompareCanvas::redraw()
{
    m_stale = true;
    update();
}

FrameRequest CompareCanvas::request() const
{
    return {m_settings, m_scene, devicePanes(), m_pyramids, tokensOf(palette()).canvas};
}

const QImage& CompareCanvas::frame()
{
    const double ratio = devicePixelRatioF();
    const QSize wanted = (QSizeF(size()) * ratio).toSize().expandedTo(QSize(1, 1));
    if (m_frame.size() != wanted || m_frame.devicePixelRatio() != ratio) {
        m_frame = QImage(wanted, QImage::Format_RGB32);
        m_frame.setDevicePixelRatio(ratio);
        m_stale = true;
    }
    if (m_stale) {
        m_renderer.render(request(), m_frame);
        m_stale = false;
    }
    return m_frame;
}

void CompareCanvas::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.drawImage(QPointF(0, 0), frame()); // clipped to what needs painting
    const Tokens& t = tokensOf(palette());
    if (m_settings.mode == CompareMode::Side && !m_layers.empty())
        drawPaneGaps(
            painter, rect(), panes(), [this](int x) { return clearOfBar(x); }, t);
    if (m_settings.mode == CompareMode::Wipe && m_layers.size() > 1)
        drawWipe(painter, wipeSpan(), wipeHandle(), m_settings.wipeAxis, t, m_drag == Drag::Wipe);
    if (m_settings.mode == CompareMode::Difference && !m_layers.empty() && m_insets.top > 0)
        drawHeatLegend(painter, rect(), m_settings.gain, t);
    if (m_settings.mode == CompareMode::Loupe && m_layers.size() > 1)
        paintLoupe(painter);
    // A frame around a picture that one looks at all day would be in the way: only those who use the keys see it.
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange))
        drawCanvasFocus(painter, rect(), t);
}

QRect CompareCanvas::clearOfBar(int x) const
{
    // A line that runs behind the bar ends there: a stump below it would look like a mistake.
    const bool behindTheBar = childAt(x, height() - m_insets.bottom / 2) != nullptr;
    return behindTheBar ? rect().adjusted(0, 0, 0, -m_insets.bottom / 2) : rect();
}

QRect CompareCanvas::wipeSpan() const
{
    return m_settings.wipeAxis == WipeAxis::Vertical ? clearOfBar(qRound(wipeHandle().center().x())) : rect();
}

void CompareCanvas::paintLoupe(QPainter& painter)
{
    const double ratio = devicePixelRatioF();
    const QPointF point = m_probe.value_or(m_scene.toScene(anchor()));
    const QPointF place = m_scene.toPane(point) / ratio;
    const LoupeFrame box = loupeFrame(place, rect().adjusted(0, m_insets.top, 0, -m_insets.bottom));
    const double zoom = m_scene.zoom() * m_settings.magnification;
    const FrameRequest wanted = request();
    const int layers[] = {m_settings.first, m_settings.second};
    const QRect sides[] = {box.first, box.second};
    for (int i = 0; i < 2; ++i) {
        const QSize size = (QSizeF(sides[i].size()) * ratio).toSize();
        QImage part(size, QImage::Format_RGB32);
        // The middle of the loupe is the point itself: the same for both, so the halves are registered.
        const QPoint corner(static_cast<int>(std::floor(size.width() / 2.0 - point.x() * zoom)),
            static_cast<int>(std::floor(size.height() / 2.0 - point.y() * zoom)));
        const LayerMapping mapping = m_scene.mapping(static_cast<size_t>(layers[i]), corner, zoom);
        m_renderer.renderPart(wanted, layers[i], mapping, part);
        part.setDevicePixelRatio(ratio);
        painter.drawImage(sides[i].topLeft(), part);
    }
    drawLoupe(painter, box, zoom, tokensOf(palette()));
}

void CompareCanvas::resizeEvent(QResizeEvent*)
{
    layout();
    Q_EMIT resized();
    Q_EMIT viewChanged();
}

void CompareCanvas::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        redraw();
    QWidget::changeEvent(event);
}

QPointF CompareCanvas::anchor() const
{
    return m_scene.clearCentre();
}

void CompareCanvas::fit()
{
    m_scene.fit();
    redraw();
    Q_EMIT viewChanged();
}

void CompareCanvas::oneToOne()
{
    zoomTo(1.0);
}

void CompareCanvas::zoomStep(int direction)
{
    m_scene.zoomStep(direction, anchor());
    redraw();
    Q_EMIT viewChanged();
}

void CompareCanvas::zoomTo(double zoom)
{
    m_scene.zoomTo(zoom, anchor());
    redraw();
    Q_EMIT viewChanged();
}

void CompareCanvas::pan(QPointF distance)
{
    m_scene.pan(distance * devicePixelRatioF());
    redraw();
    Q_EMIT viewChanged();
}

void CompareCanvas::moveProbe(QPoint outputPixels)
{
    if (m_layers.empty())
        return;
    const QPointF before = m_probe.value_or(m_scene.toScene(anchor()));
    const Extent size = m_scene.size();
    // On the middle of a pixel, so that one press is one pixel.
    const QPointF after(std::clamp(std::floor(before.x()) + outputPixels.x(), 0.0, size.width - 1.0) + 0.5,
        std::clamp(std::floor(before.y()) + outputPixels.y(), 0.0, size.height - 1.0) + 0.5);
    setProbe(after);
}

void CompareCanvas::setProbe(std::optional<QPointF> scenePoint)
{
    const Extent size = m_scene.size();
    if (scenePoint && (m_layers.empty() || !QRectF(0, 0, size.width, size.height).contains(*scenePoint)))
        scenePoint.reset();
    if (scenePoint == m_probe)
        return;
    m_probe = scenePoint;
    if (m_settings.mode == CompareMode::Loupe)
        update();
    Q_EMIT probeChanged();
}

} // namespace studio::ui
