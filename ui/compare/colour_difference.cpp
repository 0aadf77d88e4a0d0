#include "ui/compare/colour_difference.h"

#include "ui/compare/srgb.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace studio::ui {

namespace {

constexpr double kDegree = std::numbers::pi / 180.0;

double hueAngle(double a, double b)
{
    if (a == 0.0 && b == 0.0)
        return 0.0;
    const double angle = std::atan2(b, a) / kDegree;
    return angle < 0.0 ? angle + 360.0 : angle;
}

std::uint8_t encode(double linear)
{
    return static_cast<std::uint8_t>(
        std::lround(std::clamp(linearToSrgb(std::max(0.0, linear)), 0.0, 1.0) * 255.0));
}

/// OKLCh to sRGB, clipped channel by channel. Ottosson 2020, "A perceptual color space for image processing".
std::uint32_t fromOklch(double lightness, double chroma, double hueDegrees)
{
    const double a = chroma * std::cos(hueDegrees * kDegree);
    const double b = chroma * std::sin(hueDegrees * kDegree);
    const double l = std::pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3.0);
    const double m = std::pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3.0);
    const double s = std::pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3.0);
    const std::uint32_t red = encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
    const std::uint32_t green = encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
    const std::uint32_t blue = encode(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);
    return 0xff000000U | red << 16 | green << 8 | blue;
}

} // namespace

Lab labFromLinear(double red, double green, double blue)
{
    const auto f
        = [](double t) { return t > 216.0 / 24389.0 ? std::cbrt(t) : (24389.0 / 27.0 * t + 16.0) / 116.0; };
    const double x = f((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047);
    const double y = f(0.2126729 * red + 0.7151522 * green + 0.0721750 * blue);
    const double z = f((0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883);
    return {116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)};
}

Lab labFromSrgb(std::uint8_t red, std::uint8_t green, std::uint8_t blue)
{
    const auto& linear = srgbTables().toLinear;
    return labFromLinear(linear[red], linear[green], linear[blue]);
}

double ciede2000(const Lab& first, const Lab& second)
{
    constexpr double kPow25 = 6103515625.0; // 25^7
    const double chromaMean = (std::hypot(first.a, first.b) + std::hypot(second.a, second.b)) / 2.0;
    const double chroma7 = std::pow(chromaMean, 7.0);
    const double g = 0.5 * (1.0 - std::sqrt(chroma7 / (chroma7 + kPow25)));
    const double a1 = (1.0 + g) * first.a;
    const double a2 = (1.0 + g) * second.a;
    const double c1 = std::hypot(a1, first.b);
    const double c2 = std::hypot(a2, second.b);
    const double h1 = hueAngle(a1, first.b);
    const double h2 = hueAngle(a2, second.b);

    const bool grey = c1 * c2 == 0.0;
    double turn = grey ? 0.0 : h2 - h1;
    if (turn > 180.0)
        turn -= 360.0;
    else if (turn < -180.0)
        turn += 360.0;
    const double deltaL = second.lightness - first.lightness;
    const double deltaC = c2 - c1;
    const double deltaH = 2.0 * std::sqrt(c1 * c2) * std::sin(turn / 2.0 * kDegree);

    const double lMean = (first.lightness + second.lightness) / 2.0;
    const double cMean = (c1 + c2) / 2.0;
    double hMean = h1 + h2;
    if (!grey) {
        if (std::abs(h1 - h2) > 180.0)
            hMean += hMean < 360.0 ? 360.0 : -360.0;
        hMean /= 2.0;
    }
    const double t = 1.0 - 0.17 * std::cos((hMean - 30.0) * kDegree) + 0.24 * std::cos(2.0 * hMean * kDegree)
        + 0.32 * std::cos((3.0 * hMean + 6.0) * kDegree) - 0.20 * std::cos((4.0 * hMean - 63.0) * kDegree);
    const double spread = 30.0 * std::exp(-std::pow((hMean - 275.0) / 25.0, 2.0));
    const double cMean7 = std::pow(cMean, 7.0);
    const double rotation = -2.0 * std::sqrt(cMean7 / (cMean7 + kPow25)) * std::sin(2.0 * spread * kDegree);
    const double lOffset = std::pow(lMean - 50.0, 2.0);
    const double l = deltaL / (1.0 + 0.015 * lOffset / std::sqrt(20.0 + lOffset));
    const double c = deltaC / (1.0 + 0.045 * cMean);
    const double h = deltaH / (1.0 + 0.015 * cMean * t);
    return std::sqrt(l * l + c * c + h * h + rotation * c * h);
}

const std::array<std::uint32_t, 256>& heatMap()
{
    static const std::array<std::uint32_t, 256> kMap = [] {
        std::array<std::uint32_t, 256> map{};
        for (std::size_t i = 0; i < map.size(); ++i) {
            const double t = static_cast<double>(i) / 255.0;
            const double lightness = 0.97 * std::pow(t, 0.75);
            const double chroma = 0.19 * std::sin(std::numbers::pi * std::pow(t, 0.8)) + 0.03 * t;
            const double hue = 290.0 + 175.0 * std::pow(t, 0.8); // violet 290, red 20, yellow 105
            map[i] = fromOklch(lightness, chroma, hue);
        }
        return map;
    }();
    return kMap;
}

std::array<std::uint32_t, 256> amplifiedHeatMap(int gain)
{
    std::array<std::uint32_t, 256> map{};
    for (int i = 0; i < 256; ++i)
        map[static_cast<std::size_t>(i)] = heatMap()[static_cast<std::size_t>(std::min(255, i * gain))];
    return map;
}

} // namespace studio::ui
