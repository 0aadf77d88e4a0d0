#pragma once

#include <array>
#include <cstdint>

namespace studio::ui {

/// CIE L*a*b*, D65, 2° observer. L 0..100.
struct Lab {
    double lightness = 0.0;
    double a = 0.0;
    double b = 0.0;
};

Lab labFromSrgb(std::uint8_t red, std::uint8_t green, std::uint8_t blue);
/// From linear sRGB, 0..1.
Lab labFromLinear(double red, double green, double blue);

/// CIEDE2000 with all weights 1. Sharma, Wu, Dalal 2005, "The CIEDE2000 color-difference formula". About 1 is
/// just noticeable side by side.
double ciede2000(const Lab& first, const Lab& second);

/// The colours of the difference view: 256 steps from black over violet, red and orange to pale yellow, whose
/// lightness rises evenly, so that the order is seen in grey and by every kind of colour vision. Made along a
/// path in OKLCh (Ottosson 2020). Entry 0 is neutral: no difference looks like nothing. Values are
/// 0xffRRGGBB.
const std::array<std::uint32_t, 256>& heatMap();

/// The heat map's entry for each difference 0..255, after `gain`.
std::array<std::uint32_t, 256> amplifiedHeatMap(int gain);

} // namespace studio::ui
