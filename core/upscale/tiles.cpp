#include "core/upscale/tiles.h"

#include <algorithm>

namespace studio::upscale {

namespace {

struct Span {
    int seenBegin = 0;
    int seenEnd = 0;
    int begin = 0;
    int end = 0;
};

std::vector<Span> spansOf(int length, int side, int overlap, int step)
{
    const int count = (length + side - 1) / side;
    const auto border = [&](int i) { return int(std::int64_t(length) * i / count); };
    std::vector<Span> spans;
    for (int i = 0; i < count; ++i) {
        const int begin = border(i);
        const int end = border(i + 1);
        const int seenBegin = std::max(0, begin - overlap) / step * step;
        const int seenEnd = std::min(length, (end + overlap + step - 1) / step * step);
        spans.push_back({seenBegin, seenEnd, begin, end});
    }
    return spans;
}

} // namespace

std::vector<Tile> tilesOf(const Extent& picture, int side, int overlap, int step)
{
    std::vector<Tile> tiles;
    for (const Span& row : spansOf(picture.height, side, overlap, step))
        for (const Span& column : spansOf(picture.width, side, overlap, step))
            tiles.push_back({{column.seenBegin, row.seenBegin,
                                 {column.seenEnd - column.seenBegin, row.seenEnd - row.seenBegin}},
                {column.begin, row.begin, {column.end - column.begin, row.end - row.begin}}});
    return tiles;
}

} // namespace studio::upscale
