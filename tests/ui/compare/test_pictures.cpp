#include "test_pictures.h"

#include <algorithm>
#include <cmath>

namespace studio::test {

namespace {

using Colour = std::array<double, 3>;

std::uint32_t hash(std::uint32_t x, std::uint32_t y, std::uint32_t seed)
{
    std::uint32_t h = x * 0x9E3779B1u ^ y * 0x85EBCA77u ^ seed * 0xC2B2AE3Du;
    h = (h ^ h >> 15) * 0x2C1B3C6Du;
    h = (h ^ h >> 12) * 0x297A2D39u;
    return h ^ h >> 15;
}

/// Smooth noise -1..1 on a grid of unit cells.
double valueNoise(double x, double y, std::uint32_t seed)
{
    const double cellX = std::floor(x);
    const double cellY = std::floor(y);
    const auto at = [&](int dx, int dy) {
        return hash(static_cast<std::uint32_t>(static_cast<std::int64_t>(cellX) + dx),
                   static_cast<std::uint32_t>(static_cast<std::int64_t>(cellY) + dy), seed)
            / 2147483647.5
            - 1.0;
    };
    const auto ease = [](double t) { return t * t * (3.0 - 2.0 * t); };
    const double u = ease(x - cellX);
    const double v = ease(y - cellY);
    return std::lerp(std::lerp(at(0, 0), at(1, 0), u), std::lerp(at(0, 1), at(1, 1), u), v);
}

double fractal(double x, double y, int octaves, double roughness, std::uint32_t seed)
{
    double sum = 0.0;
    double weight = 1.0;
    for (int i = 0; i < octaves; ++i) {
        sum += weight * valueNoise(x, y, seed + static_cast<std::uint32_t>(i));
        x *= 2.03;
        y *= 2.03;
        weight *= roughness;
    }
    return sum;
}

Colour mix(const Colour& a, const Colour& b, double t)
{
    t = std::clamp(t, 0.0, 1.0);
    return {std::lerp(a[0], b[0], t), std::lerp(a[1], b[1], t), std::lerp(a[2], b[2], t)};
}

Colour sky(double x, double y, int octaves)
{
    Colour colour = mix({0.24, 0.36, 0.58}, {0.97, 0.74, 0.52}, std::pow(y / 0.52, 1.4));
    const double sun = std::hypot(x - 0.68, (y - 0.38) * 1.1);
    colour = mix(colour, {1.0, 0.93, 0.76}, std::exp(-sun * 9.0) + (sun < 0.035 ? 1.0 : 0.0));
    const double cloud = fractal(x * 3.0, y * 11.0, octaves, 0.55, 7) + 0.1;
    return mix(colour, {0.98, 0.86, 0.78}, cloud * 0.7 * (1.0 - y));
}

/// Height of a ridge, from the top of the picture.
double ridge(double x, double base, double height, int octaves, std::uint32_t seed)
{
    return base - height * (0.5 + 0.5 * fractal(x * 3.2, 0.5, octaves, 0.52, seed));
}

Colour land(double x, double y, int octaves)
{
    const double far = ridge(x, 0.52, 0.26, octaves, 21);
    const double middle = ridge(x, 0.57, 0.15, octaves, 33);
    // Firs along the near shore: saw teeth of many widths.
    const double firs = 0.605
        - 0.035 * std::abs(std::fmod(x * 61.0 + 3.0 * valueNoise(x * 17.0, 0.0, 5), 1.0) - 0.5)
        - 0.02 * fractal(x * 24.0, 2.0, octaves, 0.6, 44);
    if (y < std::min(far, std::min(middle, firs)))
        return sky(x, y, octaves);
    if (y < std::min(middle, firs)) {
        const double light = 0.5 + 0.8 * fractal(x * 14.0 + y * 9.0, y * 22.0, octaves, 0.6, 50);
        const Colour rock = mix({0.30, 0.30, 0.42}, {0.72, 0.58, 0.56}, light);
        return mix(
            rock, {0.95, 0.90, 0.90}, (0.40 - y) * 6.0 + 1.2 * fractal(x * 30.0, y * 40.0, octaves, 0.6, 51));
    }
    if (y < firs) {
        const double light = 0.45 + 0.7 * fractal(x * 20.0, y * 34.0, octaves, 0.62, 61);
        return mix({0.13, 0.20, 0.24}, {0.42, 0.40, 0.34}, light);
    }
    const double leaf = 0.5 + 0.6 * fractal(x * 90.0, y * 70.0, octaves, 0.7, 71);
    return mix({0.05, 0.09, 0.08}, {0.17, 0.25, 0.14}, leaf);
}

Colour pictureAt(double x, double y, int octaves)
{
    constexpr double kShore = 0.63;
    if (y < kShore)
        return land(x, y, octaves);
    // The lake mirrors what is above it, bent by ripples that grow towards the viewer.
    const double depth = (y - kShore) / (1.0 - kShore);
    const double ripple = fractal(x * (40.0 - 22.0 * depth), y * 160.0 - 90.0 * depth, octaves, 0.6, 81);
    const Colour mirrored
        = land(x + 0.006 * ripple, kShore - (y - kShore) * 1.35 + 0.015 * ripple * depth, octaves);
    Colour water = mix(mirrored, {0.12, 0.20, 0.29}, 0.3 + 0.25 * depth);
    water = mix(water, {0.98, 0.85, 0.68}, std::max(0.0, ripple - 0.55) * 0.8);
    const double grass
        = 0.9 + 0.07 * fractal(x * 50.0, 1.0, octaves, 0.75, 91) + 0.03 * fractal(x * 6.0, 3.0, 3, 0.5, 92);
    if (y > grass) {
        const double blade = 0.5 + 0.7 * fractal(x * 220.0 + y * 30.0, y * 26.0, octaves, 0.7, 95);
        return mix({0.05, 0.08, 0.04}, {0.42, 0.44, 0.18}, blade * (0.4 + (1.0 - y) * 5.0));
    }
    return water;
}

} // namespace

Picture8 noise(Extent size, std::uint32_t seed)
{
    Picture8 picture{size, {}};
    picture.values.resize(static_cast<std::size_t>(size.width) * size.height * 3);
    for (std::size_t i = 0; i < picture.values.size(); ++i)
        picture.values[i] = static_cast<std::uint8_t>(hash(static_cast<std::uint32_t>(i), 1, seed) >> 24);
    return picture;
}

Picture8 flat(Extent size, std::array<std::uint8_t, 3> colour)
{
    Picture8 picture{size, {}};
    for (int i = 0; i < size.width * size.height; ++i)
        picture.values.insert(picture.values.end(), colour.begin(), colour.end());
    return picture;
}

Picture8 doubled(const Picture8& picture)
{
    const int width = picture.size.width;
    Picture8 result{{2 * width, 2 * picture.size.height}, {}};
    result.values.reserve(picture.values.size() * 4);
    for (int y = 0; y < 2 * picture.size.height; ++y) {
        for (int x = 0; x < 2 * width; ++x) {
            const auto* pixel = picture.values.data() + 3 * (static_cast<std::size_t>(y / 2) * width + x / 2);
            result.values.insert(result.values.end(), pixel, pixel + 3);
        }
    }
    return result;
}

Picture8 landscape(Extent size, int octaves)
{
    Picture8 picture{size, {}};
    picture.values.reserve(static_cast<std::size_t>(size.width) * size.height * 3);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const Colour colour = pictureAt((x + 0.5) / size.width, (y + 0.5) / size.height, octaves);
            for (const double channel : colour)
                picture.values.push_back(
                    static_cast<std::uint8_t>(std::lround(std::clamp(channel, 0.0, 1.0) * 255.0)));
        }
    }
    return picture;
}

} // namespace studio::test
