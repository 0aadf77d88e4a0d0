#include "ui/compare/layer_sampler.h"

#include "ui/compare/row_pool.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace studio::ui {

namespace {

using Level = PicturePyramid::Level;

/// Up to three neighbouring source pixels and their weights, which sum to 256.
struct Taps {
    int first = 0;
    std::array<std::uint16_t, 3> weights{256, 0, 0};
};

/// One axis of a mapping, at one mip level.
struct Axis {
    double origin = 0.0; ///< device pixels
    double scale = 1.0; ///< device pixels for a source pixel of the level
    int count = 0; ///< source pixels

    double at(double device) const { return (device - origin) / scale; }
};

int nearestIndex(const Axis& axis, int device)
{
    return std::clamp(static_cast<int>(std::floor(axis.at(device + 0.5))), 0, axis.count - 1);
}

Taps bilinearTaps(const Axis& axis, int device)
{
    const double place = std::clamp(axis.at(device + 0.5) - 0.5, 0.0, axis.count - 1.0);
    const int first = static_cast<int>(place);
    const auto second = static_cast<std::uint16_t>(std::lround((place - first) * 256.0));
    return {first, {static_cast<std::uint16_t>(256 - second), second, 0}};
}

/// The share of each source pixel in the device pixel's interval, which is at least one and less than two
/// source pixels long.
Taps areaTaps(const Axis& axis, int device)
{
    const double begin = std::clamp(axis.at(device), 0.0, static_cast<double>(axis.count));
    const double end = std::clamp(axis.at(device + 1.0), 0.0, static_cast<double>(axis.count));
    const int first = std::clamp(static_cast<int>(std::floor(begin)), 0, axis.count - 1);
    const double length = end - begin;
    if (length <= 0.0)
        return {first, {256, 0, 0}};
    Taps taps{first, {0, 0, 0}};
    int left = 256;
    for (int i = 0; i < 2; ++i) {
        const double share
            = std::clamp(std::min(end, first + i + 1.0) - std::max(begin, first + double(i)), 0.0, 1.0);
        const int weight = std::min(left, static_cast<int>(std::lround(share / length * 256.0)));
        taps.weights[static_cast<std::size_t>(i)] = static_cast<std::uint16_t>(weight);
        left -= weight;
    }
    taps.weights[2] = static_cast<std::uint16_t>(left);
    return taps;
}

std::vector<Taps> makeTaps(const Axis& axis, int begin, int end)
{
    std::vector<Taps> taps;
    taps.reserve(static_cast<std::size_t>(std::max(0, end - begin)));
    for (int device = begin; device < end; ++device)
        taps.push_back(axis.scale >= 1.0 ? bilinearTaps(axis, device) : areaTaps(axis, device));
    return taps;
}

void filterRow(const std::uint32_t* source, const std::vector<Taps>& columns, std::uint32_t* out)
{
    constexpr std::uint32_t kOdd = 0x00ff00ffU; // two channels of a pixel with room to multiply them
    constexpr std::uint32_t kHalf = 0x00800080U;
    for (const Taps& taps : columns) {
        const std::uint32_t* pixel = source + taps.first;
        const std::uint32_t w0 = taps.weights[0];
        const std::uint32_t w1 = taps.weights[1];
        const std::uint32_t w2 = taps.weights[2];
        const std::uint32_t redBlue
            = (pixel[0] & kOdd) * w0 + (pixel[1] & kOdd) * w1 + (pixel[2] & kOdd) * w2 + kHalf;
        const std::uint32_t green = (pixel[0] >> 8 & 0xffU) * w0 + (pixel[1] >> 8 & 0xffU) * w1
            + (pixel[2] >> 8 & 0xffU) * w2 + 0x80U;
        *out++ = 0xff000000U | (redBlue >> 8 & kOdd) | (green & 0xff00U);
    }
}

/// Weighted sum of up to three rows, byte by byte; the compiler turns the loop into vector code.
void blendRows(const std::array<const std::uint8_t*, 3>& rows, const Taps& taps, std::uint8_t* out, int bytes)
{
    const std::uint16_t w0 = taps.weights[0];
    const std::uint16_t w1 = taps.weights[1];
    const std::uint16_t w2 = taps.weights[2];
    if (w0 == 256) {
        std::memcpy(out, rows[0], static_cast<std::size_t>(bytes));
    } else if (w2 == 0) {
        for (int i = 0; i < bytes; ++i)
            out[i] = static_cast<std::uint8_t>(
                static_cast<std::uint16_t>(
                    static_cast<std::uint16_t>(rows[0][i] * w0) + rows[1][i] * w1 + 128)
                >> 8);
    } else {
        for (int i = 0; i < bytes; ++i)
            out[i] = static_cast<std::uint8_t>(
                static_cast<std::uint16_t>(static_cast<std::uint16_t>(rows[0][i] * w0)
                    + static_cast<std::uint16_t>(rows[1][i] * w1) + rows[2][i] * w2 + 128)
                >> 8);
    }
}

/// Rows of the source already filtered along x, kept while the next output rows still need them.
class FilteredRows {
public:
    FilteredRows(const Level& level, const std::vector<Taps>& columns)
        : m_level(level)
        , m_columns(columns)
    {
        for (Slot& slot : m_slots)
            slot.pixels.resize(columns.size());
    }

    const std::uint8_t* row(int y)
    {
        y = std::min(y, m_level.height - 1);
        Slot& slot = m_slots[static_cast<std::size_t>(y) % m_slots.size()];
        if (slot.row != y) {
            filterRow(m_level.row(y), m_columns, slot.pixels.data());
            slot.row = y;
        }
        return reinterpret_cast<const std::uint8_t*>(slot.pixels.data());
    }

private:
    struct Slot {
        int row = -1;
        std::vector<std::uint32_t> pixels;
    };
    const Level& m_level;
    const std::vector<Taps>& m_columns;
    std::array<Slot, 3> m_slots;
};

void drawSmooth(const Level& level, const Axis& across, const Axis& down, const Surface& target,
    const QRect& area, RowPool& pool)
{
    const std::vector<Taps> columns = makeTaps(across, area.left(), area.right() + 1);
    const std::vector<Taps> rows = makeTaps(down, area.top(), area.bottom() + 1);
    pool.run(area.height(), [&](int begin, int end) {
        FilteredRows filtered(level, columns);
        for (int i = begin; i < end; ++i) {
            const Taps& taps = rows[static_cast<std::size_t>(i)];
            std::array<const std::uint8_t*, 3> sources{filtered.row(taps.first), nullptr, nullptr};
            if (taps.weights[0] != 256) {
                sources[1] = filtered.row(taps.first + 1);
                if (taps.weights[2] != 0)
                    sources[2] = filtered.row(taps.first + 2);
            }
            blendRows(sources, taps,
                reinterpret_cast<std::uint8_t*>(target.row(area.top() + i) + area.left()), area.width() * 4);
        }
    });
}

void drawNearest(const Level& level, const Axis& across, const Axis& down, const Surface& target,
    const QRect& area, RowPool& pool)
{
    std::vector<int> columns;
    columns.reserve(static_cast<std::size_t>(area.width()));
    for (int x = area.left(); x <= area.right(); ++x)
        columns.push_back(nearestIndex(across, x));
    pool.run(area.height(), [&](int begin, int end) {
        int drawn = -1;
        const std::uint32_t* above = nullptr;
        for (int i = begin; i < end; ++i) {
            const int source = nearestIndex(down, area.top() + i);
            std::uint32_t* out = target.row(area.top() + i) + area.left();
            if (source == drawn) {
                std::memcpy(out, above, columns.size() * sizeof(std::uint32_t));
            } else {
                const std::uint32_t* in = level.row(source);
                for (std::size_t x = 0; x < columns.size(); ++x)
                    out[x] = in[columns[x]];
            }
            drawn = source;
            above = out;
        }
    });
}

} // namespace

Surface Surface::part(const QRect& area) const
{
    return {row(area.top()) + area.left(), stride, area.width(), area.height()};
}

Surface surfaceOf(QImage& image)
{
    return {reinterpret_cast<std::uint32_t*>(image.bits()), static_cast<int>(image.bytesPerLine() / 4),
        image.width(), image.height()};
}

QRect coveredRect(const LayerMapping& mapping, Extent size)
{
    const int left = static_cast<int>(std::ceil(mapping.originX - 0.5));
    const int top = static_cast<int>(std::ceil(mapping.originY - 0.5));
    const int right = static_cast<int>(std::ceil(mapping.originX + size.width * mapping.scaleX - 0.5));
    const int bottom = static_cast<int>(std::ceil(mapping.originY + size.height * mapping.scaleY - 0.5));
    return {QPoint(left, top), QPoint(right - 1, bottom - 1)};
}

void drawLayer(const PicturePyramid& pyramid, const LayerMapping& mapping, Sampling sampling,
    const Surface& target, const QRect& clip, RowPool& pool)
{
    const QRect area = coveredRect(mapping, pyramid.size())
                           .intersected(clip)
                           .intersected(QRect(0, 0, target.width, target.height));
    if (area.isEmpty())
        return;
    const int chosen = pyramid.levelFor(std::min(mapping.scaleX, mapping.scaleY));
    const Level& level = pyramid.levels()[static_cast<std::size_t>(chosen)];
    const double grown = std::ldexp(1.0, chosen);
    const Axis across{mapping.originX, mapping.scaleX * grown, level.width};
    const Axis down{mapping.originY, mapping.scaleY * grown, level.height};
    if (sampling == Sampling::Nearest)
        drawNearest(level, across, down, target, area, pool);
    else
        drawSmooth(level, across, down, target, area, pool);
}

} // namespace studio::ui
