#pragma once

#include "core/api/picture.h"

#include <vector>

namespace studio::upscale {

/// A rectangle in pixels.
struct Rectangle {
    int left = 0;
    int top = 0;
    Extent size;

    bool operator==(const Rectangle&) const = default;
};

struct Tile {
    Rectangle
        seen; ///< what the network reads: the tile's own part and `overlap` pixels of its neighbours or a few more
    Rectangle kept; ///< its own part of the picture

    bool operator==(const Tile&) const = default;
};

/// Tiles of nearly equal sizes, none with a side above `side`, whose kept parts cover the picture once, row by row.
/// `side` > 0, `overlap` >= 0. What is seen begins at multiples of `step`, and ends there unless the picture ends
/// before: a network that reads squares of pixels then sees the same squares in every tile.
std::vector<Tile> tilesOf(const Extent& picture, int side, int overlap, int step = 1);

} // namespace studio::upscale
