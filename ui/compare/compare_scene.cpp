#include "ui/compare/compare_scene.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace studio::ui {

namespace {

constexpr std::array kLadder{
    0.25, 1.0 / 3.0, 0.5, 2.0 / 3.0, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0};

/// Shapes that differ by less than this come from rounding sizes to multiples of 8 and cover one rectangle.
constexpr double kSameShape = 0.015;

double aspect(Extent size)
{
    return static_cast<double>(size.width) / size.height;
}

/// The nearest power of two, if `zoom` is within a tenth of a wheel notch of it.
double rest(double zoom)
{
    const double power = std::exp2(std::round(std::log2(zoom)));
    return std::abs(std::log2(zoom / power)) < 0.1 ? power : zoom;
}

} // namespace

void CompareScene::setLayers(std::vector<Extent> sizes, Extent unit)
{
    m_layers = std::move(sizes);
    const Extent before = m_size;
    m_size = unit.isSet() ? unit : Extent{1, 1};
    for (const Extent& layer : m_layers) {
        if (!unit.isSet()
            && static_cast<qint64>(layer.width) * layer.height
                > static_cast<qint64>(m_size.width) * m_size.height)
            m_size = layer;
    }
    // What was in the middle stays there, whatever the new unit is.
    m_centre
        = QPointF(m_centre.x() * m_size.width / before.width, m_centre.y() * m_size.height / before.height);
    if (m_fitted)
        fit();
    else
        clamp();
}

void CompareScene::setPane(QSize pane, Insets insets, int margin)
{
    m_pane = pane.expandedTo(QSize(1, 1));
    m_insets = insets;
    m_margin = margin;
    if (m_fitted)
        fit();
    else
        clamp();
}

QSizeF CompareScene::clearSize() const
{
    return {static_cast<double>(m_pane.width()),
        std::max(1.0, static_cast<double>(m_pane.height() - m_insets.top - m_insets.bottom))};
}

QPointF CompareScene::clearCentre() const
{
    const QSizeF clear = clearSize();
    return {clear.width() / 2.0, m_insets.top + clear.height() / 2.0};
}

double CompareScene::fitZoom() const
{
    const QSizeF clear = clearSize();
    const double width = std::max(1.0, clear.width() - 2.0 * m_margin);
    const double height = std::max(1.0, clear.height() - 2.0 * m_margin);
    return std::min({width / m_size.width, height / m_size.height, kMaxZoom});
}

double CompareScene::minZoom() const
{
    return std::min(kMinZoom, fitZoom());
}

void CompareScene::fit()
{
    m_fitted = true;
    m_zoom = fitZoom();
    m_centre = QPointF(m_size.width / 2.0, m_size.height / 2.0);
}

void CompareScene::zoomTo(double zoom, QPointF anchor)
{
    const QPointF held = toScene(anchor);
    m_zoom = std::clamp(zoom, minZoom(), kMaxZoom);
    m_fitted = false;
    m_centre = held + (clearCentre() - anchor) / m_zoom;
    clamp();
}

void CompareScene::zoomStep(int direction, QPointF anchor)
{
    constexpr double kSame = 1e-6;
    if (direction > 0) {
        const auto next = std::find_if(
            kLadder.begin(), kLadder.end(), [this](double stop) { return stop > m_zoom * (1.0 + kSame); });
        zoomTo(next == kLadder.end() ? kMaxZoom : *next, anchor);
    } else {
        const auto next = std::find_if(
            kLadder.rbegin(), kLadder.rend(), [this](double stop) { return stop < m_zoom * (1.0 - kSame); });
        zoomTo(next == kLadder.rend() ? minZoom() : *next, anchor);
    }
}

void CompareScene::zoomWheel(double notches, QPointF anchor)
{
    const double wanted = m_zoom * std::exp2(notches / 4.0);
    // The crumbs of a touchpad must be able to leave a resting place.
    zoomTo(std::abs(notches) >= 1.0 ? rest(wanted) : wanted, anchor);
}

void CompareScene::pan(QPointF devicePixels)
{
    m_centre -= devicePixels / m_zoom;
    clamp();
}

void CompareScene::centreOn(QPointF scenePoint)
{
    m_centre = scenePoint;
    clamp();
}

void CompareScene::clamp()
{
    m_zoom = std::clamp(m_zoom, minZoom(), kMaxZoom); // the smallest zoom follows the pane
    const QSizeF clear = clearSize();
    const auto limit = [this](double centre, double extent, double room) {
        const double half = room / (2.0 * m_zoom);
        return extent <= 2.0 * half ? extent / 2.0 : std::clamp(centre, half, extent - half);
    };
    m_centre.setX(limit(m_centre.x(), m_size.width, clear.width()));
    m_centre.setY(limit(m_centre.y(), m_size.height, clear.height()));
}

QPoint CompareScene::origin() const
{
    const QPointF corner = clearCentre() - m_centre * m_zoom;
    return {static_cast<int>(std::floor(corner.x() + 0.5)), static_cast<int>(std::floor(corner.y() + 0.5))};
}

QPointF CompareScene::toScene(QPointF panePoint) const
{
    return (panePoint - QPointF(origin())) / m_zoom;
}

QPointF CompareScene::toPane(QPointF scenePoint) const
{
    return QPointF(origin()) + scenePoint * m_zoom;
}

QRect CompareScene::visibleRect() const
{
    const QPoint corner = origin();
    const QRect whole(corner,
        QSize(static_cast<int>(std::ceil(m_size.width * m_zoom - 0.5)),
            static_cast<int>(std::ceil(m_size.height * m_zoom - 0.5))));
    return whole.intersected(QRect(QPoint(0, 0), m_pane));
}

QRectF CompareScene::placement(size_t layer) const
{
    const Extent own = m_layers.at(layer);
    if (std::abs(aspect(own) / aspect(m_size) - 1.0) < kSameShape)
        return {0.0, 0.0, static_cast<double>(m_size.width), static_cast<double>(m_size.height)};
    const double scale = std::min(
        static_cast<double>(m_size.width) / own.width, static_cast<double>(m_size.height) / own.height);
    const double width = own.width * scale;
    const double height = own.height * scale;
    return {(m_size.width - width) / 2.0, (m_size.height - height) / 2.0, width, height};
}

LayerMapping CompareScene::mapping(size_t layer) const
{
    return mapping(layer, origin(), m_zoom);
}

LayerMapping CompareScene::mapping(size_t layer, QPoint corner, double zoom) const
{
    const QRectF place = placement(layer);
    const Extent own = m_layers.at(layer);
    // The quotient comes first: sizes that are multiples of one another give exact multiples of one scale.
    return {corner.x(), corner.y(), place.x() * zoom, place.y() * zoom, zoom * (place.width() / own.width),
        zoom * (place.height() / own.height)};
}

bool CompareScene::differsOnlyInPlace(const CompareScene& other) const
{
    CompareScene moved = other;
    moved.m_centre = m_centre;
    moved.m_fitted = m_fitted;
    return moved == *this;
}

QPoint CompareScene::pixelAt(size_t layer, QPointF scenePoint) const
{
    const QRectF place = placement(layer);
    const Extent own = m_layers.at(layer);
    const int x = static_cast<int>(std::floor((scenePoint.x() - place.x()) / (place.width() / own.width)));
    const int y = static_cast<int>(std::floor((scenePoint.y() - place.y()) / (place.height() / own.height)));
    return x >= 0 && y >= 0 && x < own.width && y < own.height ? QPoint(x, y) : QPoint(-1, -1);
}

std::vector<QRect> arrangePanes(QSize view, int count, int gap, Extent shape, Insets insets)
{
    count = std::clamp(count, 1, kMaxPanes);
    int best = 1;
    double bestScale = 0.0;
    const auto paneSize = [&](int columns) {
        const int rows = (count + columns - 1) / columns;
        return QSize(
            (view.width() - gap * (columns - 1)) / columns, (view.height() - gap * (rows - 1)) / rows)
            .expandedTo(QSize(1, 1));
    };
    for (int columns = count; columns >= 1; --columns) {
        if (count % columns != 0)
            continue; // a hole in the corner
        const QSize size = paneSize(columns);
        const double clear = std::max(1, size.height() - insets.top - insets.bottom);
        const double scale = std::min(
            size.width() / std::max(1.0, double(shape.width)), clear / std::max(1.0, double(shape.height)));
        if (scale > bestScale * 1.0001) {
            bestScale = scale;
            best = columns;
        }
    }
    const QSize size = paneSize(best);
    std::vector<QRect> panes;
    for (int i = 0; i < count; ++i)
        panes.emplace_back(
            QPoint((i % best) * (size.width() + gap), (i / best) * (size.height() + gap)), size);
    return panes;
}

} // namespace studio::ui
