#include "ui/compare/layer_sampler.h"

#include "ui/compare/row_pool.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace studio::ui {

namespace {

using Level = PicturePyramid::Level;

// Eight lanes of 16 bits: gcc and clang turn these into the vector instructions of the machine at hand.
using Lanes = std::uint16_t __attribute__((vector_size(16)));
using Bytes = std::uint8_t __attribute__((vector_size(8)));

/// Up to three neighbouring source pixels and their weights, which sum to 256.
struct Taps {
    int first = 0;
    std::array<std::uint16_t, 3> weights{256, 0, 0};
};

/// The same for a column, spread over the channels of the pixels: two pixels in each vector.
struct ColumnTaps {
    Lanes firstTwo;
    Lanes third;
    int first = 0;
};

/// One axis of a mapping, at one mip level.
struct Axis {
    int corner = 0;      ///< device pixels
    double offset = 0.0; ///< device pixels
    double scale = 1.0;  ///< device pixels for a source pixel of the level
    int count = 0;       ///< source pixels

    double at(int device, double within) const { return ((device - corner) + within - offset) / scale; }
};

int nearestIndex(const Axis& axis, int device)
{
    return std::clamp(static_cast<int>(std::floor(axis.at(device, 0.5))), 0, axis.count - 1);
}

Taps bilinearTaps(const Axis& axis, int device)
{
    const double place = std::clamp(axis.at(device, 0.5) - 0.5, 0.0, axis.count - 1.0);
    const int first = static_cast<int>(place);
    const auto second = static_cast<std::uint16_t>(std::lround((place - first) * 256.0));
    return {first, {static_cast<std::uint16_t>(256 - second), second, 0}};
}

/// The share of each source pixel in the device pixel's interval, which is at least one and less than two source pixels
/// long.
Taps areaTaps(const Axis& axis, int device)
{
    const double begin = std::clamp(axis.at(device, 0.0), 0.0, static_cast<double>(axis.count));
    const double end = std::clamp(axis.at(device, 1.0), 0.0, static_cast<double>(axis.count));
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

Taps tapsFor(const Axis& axis, int device)
{
    return axis.scale >= 1.0 ? bilinearTaps(axis, device) : areaTaps(axis, device);
}

std::vector<ColumnTaps> makeColumns(const Axis& axis, int begin, int end)
{
    std::vector<ColumnTaps> columns;
    // Written in pairs: an odd one is followed by a copy of itself.
    columns.reserve(static_cast<std::size_t>(end - begin) + 1);
    for (int device = begin; device < end; ++device) {
        const Taps taps = tapsFor(axis, device);
        const std::uint16_t a = taps.weights[0];
        const std::uint16_t b = taps.weights[1];
        const std::uint16_t c = taps.weights[2];
        columns.push_back({Lanes{a, a, a, a, b, b, b, b}, Lanes{c, c, c, c, 0, 0, 0, 0}, taps.first});
    }
    if (columns.size() % 2 != 0)
        columns.push_back(columns.back());
    return columns;
}

Lanes widen(const std::uint32_t* twoPixels)
{
    Bytes bytes;
    std::memcpy(&bytes, twoPixels, sizeof bytes);
    return __builtin_convertvector(bytes, Lanes);
}

/// Weighted sums of a pixel's channels, in two halves that are still to be added.
template <bool kThreeTaps> Lanes weigh(const std::uint32_t* source, const ColumnTaps& taps)
{
    const Lanes sum = widen(source + taps.first) * taps.firstTwo;
    if constexpr (kThreeTaps)
        return sum + widen(source + taps.first + 2) * taps.third;
    else
        return sum;
}

/// `columns` holds an even number; `out` has room for it.
template <bool kThreeTaps>
void filterRow(const std::uint32_t* source, const std::vector<ColumnTaps>& columns, std::uint32_t* out)
{
    for (std::size_t i = 0; i < columns.size(); i += 2) {
        const Lanes one = weigh<kThreeTaps>(source, columns[i]);
        const Lanes two = weigh<kThreeTaps>(source, columns[i + 1]);
        const Lanes sum = __builtin_shufflevector(one, two, 0, 1, 2, 3, 8, 9, 10, 11)
            + __builtin_shufflevector(one, two, 4, 5, 6, 7, 12, 13, 14, 15);
        const Bytes rounded = __builtin_convertvector((sum + 128) >> 8, Bytes);
        std::memcpy(out + i, &rounded, sizeof rounded);
    }
}

/// Weighted sum of up to three rows, byte by byte. The sums fit 16 bits: 255 * 256 + 128.
void blendRows(
    const std::array<const std::uint32_t*, 3>& rows, const Taps& taps, std::uint32_t* out, int pixels)
{
    const std::uint16_t first = taps.weights[0];
    const std::uint16_t second = taps.weights[1];
    const std::uint16_t third = taps.weights[2];
    if (first == 256) {
        std::memcpy(out, rows[0], static_cast<std::size_t>(pixels) * sizeof *out);
        return;
    }
    // Rows have room for an even number of pixels; the frame's row has not.
    const auto blend = [&](int x) {
        Lanes sum = widen(rows[0] + x) * first + widen(rows[1] + x) * second + 128;
        if (third != 0)
            sum += widen(rows[2] + x) * third;
        return __builtin_convertvector(sum >> 8, Bytes);
    };
    int x = 0;
    for (; x + 1 < pixels; x += 2) {
        const Bytes rounded = blend(x);
        std::memcpy(out + x, &rounded, sizeof rounded);
    }
    if (x < pixels) {
        const Bytes rounded = blend(x);
        std::memcpy(out + x, &rounded, sizeof *out);
    }
}

/// Rows of the source already filtered along x, kept while the next output rows still need them.
class FilteredRows {
public:
    FilteredRows(const Level& level, const std::vector<ColumnTaps>& columns, bool threeTaps)
        : m_level(level)
        , m_columns(columns)
        , m_threeTaps(threeTaps)
    {
        for (Slot& slot : m_slots)
            slot.pixels.resize(columns.size());
    }

    const std::uint32_t* row(int y)
    {
        y = std::min(y, m_level.height - 1);
        Slot& slot = m_slots[static_cast<std::size_t>(y) % m_slots.size()];
        if (slot.row != y) {
            if (m_threeTaps)
                filterRow<true>(m_level.row(y), m_columns, slot.pixels.data());
            else
                filterRow<false>(m_level.row(y), m_columns, slot.pixels.data());
            slot.row = y;
        }
        return slot.pixels.data();
    }

private:
    struct Slot {
        int row = -1;
        std::vector<std::uint32_t> pixels;
    };
    const Level& m_level;
    const std::vector<ColumnTaps>& m_columns;
    bool m_threeTaps;
    std::array<Slot, 3> m_slots;
};

void drawSmooth(const Level& level, const Axis& across, const Axis& down, const Surface& target,
    const QRect& area, RowPool& pool)
{
    const std::vector<ColumnTaps> columns = makeColumns(across, area.left(), area.right() + 1);
    pool.run(area.height(), area.width(), [&](int begin, int end) {
        FilteredRows filtered(level, columns, across.scale < 1.0);
        for (int y = area.top() + begin; y < area.top() + end; ++y) {
            const Taps taps = tapsFor(down, y);
            std::array<const std::uint32_t*, 3> sources{filtered.row(taps.first), nullptr, nullptr};
            if (taps.weights[0] != 256) {
                sources[1] = filtered.row(taps.first + 1);
                if (taps.weights[2] != 0)
                    sources[2] = filtered.row(taps.first + 2);
            }
            blendRows(sources, taps, target.row(y) + area.left(), area.width());
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
    pool.run(area.height(), area.width(), [&](int begin, int end) {
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
    // A pixel belongs to the layer if its middle does.
    const auto edge = [](double place) { return static_cast<int>(std::ceil(place - 0.5)); };
    const int left = edge(mapping.offsetX);
    const int top = edge(mapping.offsetY);
    const int right = edge(mapping.offsetX + size.width * mapping.scaleX);
    const int bottom = edge(mapping.offsetY + size.height * mapping.scaleY);
    return QRect(left, top, right - left, bottom - top).translated(mapping.cornerX, mapping.cornerY);
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
    const Axis across{mapping.cornerX, mapping.offsetX, mapping.scaleX * grown, level.width};
    const Axis down{mapping.cornerY, mapping.offsetY, mapping.scaleY * grown, level.height};
    if (sampling == Sampling::Nearest)
        drawNearest(level, across, down, target, area, pool);
    else
        drawSmooth(level, across, down, target, area, pool);
}

} // namespace studio::ui
