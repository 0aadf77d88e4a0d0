#include "ui/compare/frame_renderer.h"

#include "ui/compare/colour_difference.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

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

/// Everything of `surface` outside `covered`.
void fillAround(const Surface& surface, const QRect& covered, std::uint32_t colour)
{
    const QRect inner = covered.intersected(whole(surface));
    if (inner.isEmpty())
        return fill(surface, whole(surface), colour);
    fill(surface, QRect(0, 0, surface.width, inner.top()), colour);
    fill(surface, QRect(0, inner.bottom() + 1, surface.width, surface.height - inner.bottom() - 1), colour);
    fill(surface, QRect(0, inner.top(), inner.left(), inner.height()), colour);
    fill(surface, QRect(inner.right() + 1, inner.top(), surface.width - inner.right() - 1, inner.height()),
        colour);
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
    const std::uint32_t* b, std::uint32_t* a, int pixels, const std::array<std::uint32_t, 256>& colours)
{
    const auto channel
        = [](std::uint32_t pixel, int shift) { return static_cast<int>(pixel >> shift & 0xffU); };
    for (int i = 0; i < pixels; ++i) {
        const int red = std::abs(channel(a[i], 16) - channel(b[i], 16));
        const int green = std::abs(channel(a[i], 8) - channel(b[i], 8));
        const int blue = std::abs(channel(a[i], 0) - channel(b[i], 0));
        a[i] = colours[static_cast<std::size_t>(std::max({red, green, blue}))];
    }
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

void FrameRenderer::render(const FrameRequest& request, QImage& frame)
{
    const Surface surface = surfaceOf(frame);
    const std::uint32_t background = request.background.rgb();
    if (request.layers.empty())
        return fill(surface, whole(surface), background);
    switch (request.settings.mode) {
    case CompareMode::Side:
        fill(surface, whole(surface), background);
        return renderSide(request, surface);
    case CompareMode::Wipe:
        fill(surface, whole(surface), background);
        return renderWipe(request, surface);
    case CompareMode::Overlay:
    case CompareMode::Difference:
        return renderMixed(request, surface);
    case CompareMode::Blink:
    case CompareMode::Single:
    case CompareMode::Loupe:
        break;
    }
    const int shown = request.settings.showSecond ? request.settings.second : request.settings.first;
    const auto index = static_cast<std::size_t>(shown);
    fillAround(surface, coveredRect(request.scene.mapping(index), request.scene.layers()[index]), background);
    drawOne(request, shown, surface, whole(surface));
}

void FrameRenderer::renderPart(const FrameRequest& request, int layer, const LayerMapping& mapping,
    QImage& frame, const QRect& area, Sampling sampling)
{
    const Surface part = surfaceOf(frame).part(area);
    fill(part, whole(part), request.background.rgb());
    if (const auto& pyramid = request.layers.at(static_cast<std::size_t>(layer)))
        drawLayer(*pyramid, mapping, sampling, part, whole(part), m_pool);
}

void FrameRenderer::renderSide(const FrameRequest& request, const Surface& frame)
{
    const std::vector<int> shown = paneLayers(request.settings, static_cast<int>(request.layers.size()));
    for (std::size_t i = 0; i < std::min(shown.size(), request.panes.size()); ++i) {
        const Surface pane = frame.part(request.panes[i]);
        drawOne(request, shown[i], pane, whole(pane));
    }
}

void FrameRenderer::renderWipe(const FrameRequest& request, const Surface& frame)
{
    const int line = wipeLine(request.settings, request.scene);
    const bool upright = request.settings.wipeAxis == WipeAxis::Vertical;
    const QRect first = upright ? QRect(0, 0, line, frame.height) : QRect(0, 0, frame.width, line);
    const QRect second = upright ? QRect(line, 0, frame.width - line, frame.height)
                                 : QRect(0, line, frame.width, frame.height - line);
    drawOne(request, request.settings.first, frame, first);
    drawOne(request, request.settings.second, frame, second);
}

void FrameRenderer::renderMixed(const FrameRequest& request, const Surface& frame)
{
    const QRect visible = request.scene.visibleRect();
    const std::uint32_t background = request.background.rgb();
    fillAround(frame, visible, background);
    if (visible.isEmpty())
        return;
    // A layer of another shape leaves a part of the scene free; while one is still built, nothing is known of
    // it.
    fill(frame, visible, background);
    const Surface other = scratch(QSize(frame.width, frame.height));
    fill(other, visible, background);
    drawOne(request, request.settings.first, frame, visible);
    drawOne(request, request.settings.second, other, visible);
    const bool difference = request.settings.mode == CompareMode::Difference;
    const auto colours = amplifiedHeatMap(request.settings.gain);
    const auto weight
        = static_cast<std::uint16_t>(std::lround(std::clamp(request.settings.opacity, 0.0, 1.0) * 256.0));
    m_pool.run(visible.height(), [&](int begin, int end) {
        for (int y = visible.top() + begin; y < visible.top() + end; ++y) {
            std::uint32_t* a = frame.row(y) + visible.left();
            const std::uint32_t* b = other.row(y) + visible.left();
            if (difference)
                differenceRow(b, a, visible.width(), colours);
            else
                mixRow(reinterpret_cast<const std::uint8_t*>(b), reinterpret_cast<std::uint8_t*>(a),
                    visible.width() * 4, weight);
        }
    });
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
