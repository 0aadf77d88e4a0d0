#include "ui/compare/frame_renderer.h"

#include "ui/compare/colour_difference.h"

#include <QRegion>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace studio::ui {

namespace {

QRect whole(const Surface& surface)
{
    return {0, 0, surface.width, surface.height};
}

void fill(const Surface& surface, const QRect& area, std::uint32_t colour)
{
    for (int y = area.top(); y <= area.bottom(); ++y)
        std::fill_n(surface.row(y) + area.left(), area.width(), colour);
}

/// Everything of `clip` outside `covered`.
void fillAround(const Surface& surface, const QRect& covered, const QRect& clip, std::uint32_t colour)
{
    const QRect inner = covered.intersected(clip);
    if (inner.isEmpty())
        return fill(surface, clip, colour);
    fill(surface, QRect(clip.topLeft(), QPoint(clip.right(), inner.top() - 1)), colour);
    fill(surface, QRect(QPoint(clip.left(), inner.bottom() + 1), clip.bottomRight()), colour);
    fill(surface, QRect(QPoint(clip.left(), inner.top()), QPoint(inner.left() - 1, inner.bottom())), colour);
    fill(
        surface, QRect(QPoint(inner.right() + 1, inner.top()), QPoint(clip.right(), inner.bottom())), colour);
}

/// Moves the pixels of `area` by `distance` within it; what comes from outside keeps its old value.
void moveWithin(const Surface& surface, const QRect& area, QPoint distance)
{
    const QRect target = area.intersected(area.translated(distance));
    const auto bytes = static_cast<std::size_t>(target.width()) * sizeof(std::uint32_t);
    const auto move = [&](int y) {
        std::memmove(surface.row(y) + target.left(),
            surface.row(y - distance.y()) + target.left() - distance.x(), bytes);
    };
    // Away from the direction of the move, so that no row is overwritten before it was read.
    if (distance.y() > 0) {
        for (int y = target.bottom(); y >= target.top(); --y)
            move(y);
    } else {
        for (int y = target.top(); y <= target.bottom(); ++y)
            move(y);
    }
}

/// out = a * (256 - weight) / 256 + b * weight / 256, byte by byte, rounded.
void mixRow(const std::uint8_t* b, std::uint8_t* a, int bytes, std::uint16_t weight)
{
    const auto rest = static_cast<std::uint16_t>(256 - weight);
    for (int i = 0; i < bytes; ++i)
        a[i] = static_cast<std::uint8_t>(
            static_cast<std::uint16_t>(static_cast<std::uint16_t>(a[i] * rest) + b[i] * weight + 128) >> 8);
}

/// The largest difference of the three channels, as a colour.
void differenceRow(
    const std::uint8_t* b, std::uint8_t* a, int pixels, const std::array<std::uint32_t, 256>& colours)
{
    for (int i = 0; i < 4 * pixels; ++i)
        a[i] = static_cast<std::uint8_t>(std::max(a[i], b[i]) - std::min(a[i], b[i]));
    auto* out = reinterpret_cast<std::uint32_t*>(a);
    for (int i = 0; i < pixels; ++i)
        out[i] = colours[std::max({a[4 * i], a[4 * i + 1], a[4 * i + 2]})];
}

} // namespace

std::vector<int> paneLayers(const CompareSettings& settings, int layerCount)
{
    if (layerCount <= 0)
        return {};
    if (settings.mode != CompareMode::Side || layerCount == 1)
        return {
            settings.mode == CompareMode::Side || !settings.showSecond ? settings.first : settings.second};
    std::vector<int> layers{settings.first, settings.second};
    for (int i = 0; i < layerCount
         && static_cast<int>(layers.size()) < std::min({layerCount, settings.panes, kMaxPanes});
         ++i) {
        if (i != settings.first && i != settings.second)
            layers.push_back(i);
    }
    return layers;
}

int wipeLine(const CompareSettings& settings, const CompareScene& scene)
{
    const QRect visible = scene.visibleRect();
    return settings.wipeAxis == WipeAxis::Vertical
        ? visible.left() + static_cast<int>(std::lround(settings.wipePosition * visible.width()))
        : visible.top() + static_cast<int>(std::lround(settings.wipePosition * visible.height()));
}

FrameRenderer::FrameRenderer(int helpers)
    : m_pool(helpers)
{ }

std::vector<FrameRenderer::Cell> FrameRenderer::cells(const FrameRequest& request, QSize frame)
{
    const CompareSettings& settings = request.settings;
    const QRect all(QPoint(0, 0), frame);
    std::vector<Cell> result;
    switch (settings.mode) {
    case CompareMode::Side: {
        const std::vector<int> shown = paneLayers(settings, static_cast<int>(request.layers.size()));
        for (std::size_t i = 0; i < std::min(shown.size(), request.panes.size()); ++i)
            result.push_back({request.panes[i], request.panes[i].topLeft(), shown[i]});
        break;
    }
    case CompareMode::Wipe: {
        const bool upright = settings.wipeAxis == WipeAxis::Vertical;
        const int line
            = std::clamp(wipeLine(settings, request.scene), 0, upright ? all.width() : all.height());
        QRect first = all;
        QRect second = all;
        upright ? first.setWidth(line) : first.setHeight(line);
        upright ? second.setLeft(line) : second.setTop(line);
        result = {{first, {}, settings.first}, {second, {}, settings.second}};
        break;
    }
    case CompareMode::Overlay:
    case CompareMode::Difference:
        result = {{all, {}, settings.first, settings.second}};
        break;
    case CompareMode::Blink:
    case CompareMode::Single:
    case CompareMode::Loupe:
        result = {{all, {}, settings.showSecond ? settings.second : settings.first}};
        break;
    }
    std::erase_if(result, [](const Cell& cell) { return cell.area.isEmpty(); });
    return result;
}

void FrameRenderer::render(const FrameRequest& request, QImage& frame)
{
    const Surface surface = surfaceOf(frame);
    if (request.layers.empty()) {
        m_drawnBits = nullptr;
        return fill(surface, whole(surface), request.background.rgb());
    }
    std::vector<Cell> wanted = cells(request, frame.size());
    const bool done = canReuse(request, frame)
        && (moveLine(request, wanted, surface) || scroll(request, wanted, surface));
    if (!done) {
        if (request.settings.mode == CompareMode::Side)
            fill(surface, whole(surface), request.background.rgb()); // gaps between panes belong to no cell
        for (const Cell& cell : wanted)
            renderCell(request, cell, cell.area, surface);
    }
    m_drawn = request;
    m_drawnCells = std::move(wanted);
    m_drawnBits = frame.constBits();
}

bool FrameRenderer::canReuse(const FrameRequest& request, const QImage& frame) const
{
    CompareSettings settings = request.settings;
    settings.wipePosition = m_drawn.settings.wipePosition;
    return frame.constBits() == m_drawnBits && settings == m_drawn.settings
        && request.layers == m_drawn.layers && request.panes == m_drawn.panes
        && request.background == m_drawn.background && request.scene.differsOnlyInPlace(m_drawn.scene);
}

bool FrameRenderer::moveLine(
    const FrameRequest& request, const std::vector<Cell>& wanted, const Surface& frame)
{
    if (request.settings.mode != CompareMode::Wipe || request.scene.origin() != m_drawn.scene.origin())
        return false;
    for (const Cell& cell : wanted) {
        QRegion fresh(cell.area);
        for (const Cell& old : m_drawnCells) {
            if (old.first == cell.first)
                fresh -= old.area;
        }
        for (const QRect& strip : fresh)
            renderCell(request, cell, strip, frame);
    }
    return true;
}

bool FrameRenderer::scroll(
    const FrameRequest& request, const std::vector<Cell>& wanted, const Surface& surface)
{
    const auto sameArea = [](const Cell& one, const Cell& two) { return one.area == two.area; };
    if (!std::equal(wanted.begin(), wanted.end(), m_drawnCells.begin(), m_drawnCells.end(), sameArea))
        return false;
    const QPoint distance = request.scene.origin() - m_drawn.scene.origin();
    if (distance.isNull())
        return true;
    for (const Cell& cell : wanted) {
        const QRect& area = cell.area;
        const QRect kept = area.intersected(area.translated(distance));
        if (kept.isEmpty()) {
            renderCell(request, cell, area, surface);
            continue;
        }
        moveWithin(surface, area, distance);
        const QRect above(area.topLeft(), QPoint(area.right(), kept.top() - 1));
        const QRect below(QPoint(area.left(), kept.bottom() + 1), area.bottomRight());
        const QRect left(QPoint(area.left(), kept.top()), QPoint(kept.left() - 1, kept.bottom()));
        const QRect right(QPoint(kept.right() + 1, kept.top()), QPoint(area.right(), kept.bottom()));
        for (const QRect& strip : {above, below, left, right}) {
            if (!strip.isEmpty())
                renderCell(request, cell, strip, surface);
        }
    }
    return true;
}

void FrameRenderer::renderCell(
    const FrameRequest& request, const Cell& cell, const QRect& clip, const Surface& frame)
{
    // From here on in the coordinates of the pane.
    const Surface target
        = frame.part(QRect(cell.pane, QSize(frame.width - cell.pane.x(), frame.height - cell.pane.y())));
    const QRect area = clip.translated(-cell.pane);
    const std::uint32_t background = request.background.rgb();
    if (cell.second < 0) {
        const auto index = static_cast<std::size_t>(cell.first);
        const bool ready = request.layers[index] != nullptr;
        fillAround(target,
            ready ? coveredRect(request.scene.mapping(index), request.scene.layers()[index]) : QRect(), area,
            background);
        return drawOne(request, cell.first, target, area);
    }
    const QRect visible = request.scene.visibleRect().intersected(area);
    fillAround(target, visible, area, background);
    if (visible.isEmpty())
        return;
    // A layer of another shape leaves a part of the scene free; while one is still built, nothing is known of it.
    fill(target, visible, background);
    const Surface other = scratch(QSize(frame.width, frame.height));
    fill(other, visible, background);
    drawOne(request, cell.first, target, visible);
    drawOne(request, cell.second, other, visible);
    mix(request, target, other, visible);
}

void FrameRenderer::mix(
    const FrameRequest& request, const Surface& first, const Surface& second, const QRect& area)
{
    const bool difference = request.settings.mode == CompareMode::Difference;
    const auto colours = amplifiedHeatMap(request.settings.gain);
    const auto weight
        = static_cast<std::uint16_t>(std::lround(std::clamp(request.settings.opacity, 0.0, 1.0) * 256.0));
    m_pool.run(area.height(), area.width(), [&](int begin, int end) {
        for (int y = area.top() + begin; y < area.top() + end; ++y) {
            auto* a = reinterpret_cast<std::uint8_t*>(first.row(y) + area.left());
            const auto* b = reinterpret_cast<const std::uint8_t*>(second.row(y) + area.left());
            if (difference)
                differenceRow(b, a, area.width(), colours);
            else
                mixRow(b, a, area.width() * 4, weight);
        }
    });
}

void FrameRenderer::renderPart(
    const FrameRequest& request, int layer, const LayerMapping& mapping, QImage& part)
{
    const Surface surface = surfaceOf(part);
    fill(surface, whole(surface), request.background.rgb());
    if (const auto& pyramid = request.layers.at(static_cast<std::size_t>(layer)))
        drawLayer(*pyramid, mapping, request.settings.sampling, surface, whole(surface), m_pool);
}

void FrameRenderer::drawOne(const FrameRequest& request, int layer, const Surface& target, const QRect& clip)
{
    const auto index = static_cast<std::size_t>(layer);
    if (const auto& pyramid = request.layers.at(index))
        drawLayer(*pyramid, request.scene.mapping(index), request.settings.sampling, target, clip, m_pool);
}

Surface FrameRenderer::scratch(QSize size)
{
    m_scratch.resize(static_cast<std::size_t>(size.width()) * static_cast<std::size_t>(size.height()));
    return {m_scratch.data(), size.width(), size.width(), size.height()};
}

} // namespace studio::ui
