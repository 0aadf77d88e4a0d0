#pragma once

#include "core/api/picture.h"

#include <array>
#include <cstdint>
#include <memory>

namespace studio::test {

/// Every channel random and independent; `seed` decides all.
Picture8 noise(Extent size, std::uint32_t seed);

Picture8 flat(Extent size, std::array<std::uint8_t, 3> colour);

/// Every pixel as 2 × 2.
Picture8 doubled(const Picture8& picture);

/// A lake below mountains, made of sums of value noise. The scene is the same at every size; `octaves` says
/// how much fine detail it holds, so that one with more looks like a second pass of one with fewer.
Picture8 landscape(Extent size, int octaves);

inline std::shared_ptr<const Picture8> shared(Picture8 picture)
{
    return std::make_shared<const Picture8>(std::move(picture));
}

} // namespace studio::test
