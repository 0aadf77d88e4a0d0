#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace studio::ui {

/// sRGB's transfer function, IEC 61966-2-1. Arguments and results 0..1.
double srgbToLinear(double encoded);
double linearToSrgb(double linear);

/// The same as tables. 16 bits hold every 8-bit value apart: toSrgb8[toLinear16[v]] == v.
struct SrgbTables {
    std::array<std::uint16_t, 256> toLinear16{};
    std::array<float, 256> toLinear{};
    std::vector<std::uint8_t> toSrgb8; ///< 65536 entries
};

/// Built on first use; safe from any thread.
const SrgbTables& srgbTables();

} // namespace studio::ui
