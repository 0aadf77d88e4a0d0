#include "ui/compare/srgb.h"

#include <cmath>

namespace studio::ui {

double srgbToLinear(double encoded)
{
    return encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
}

double linearToSrgb(double linear)
{
    return linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1.0 / 2.4) - 0.055;
}

const SrgbTables& srgbTables()
{
    static const SrgbTables kTables = [] {
        SrgbTables tables;
        for (int v = 0; v < 256; ++v) {
            const double linear = srgbToLinear(v / 255.0);
            tables.toLinear16[static_cast<std::size_t>(v)]
                = static_cast<std::uint16_t>(std::lround(linear * 65535.0));
            tables.toLinear[static_cast<std::size_t>(v)] = static_cast<float>(linear);
        }
        tables.toSrgb8.resize(65536);
        for (std::size_t v = 0; v < tables.toSrgb8.size(); ++v)
            tables.toSrgb8[v] = static_cast<std::uint8_t>(
                std::lround(linearToSrgb(static_cast<double>(v) / 65535.0) * 255.0));
        return tables;
    }();
    return kTables;
}

} // namespace studio::ui
