#include "tests/support/picture_statistics.h"

#include <QtGlobal>

#include <algorithm>
#include <cstddef>

namespace studio::testing {

namespace {

struct Colour {
    double red, green, blue;

    double grey() const { return (red + green + blue) / 3; }
    double strongest() const { return std::max({red, green, blue}); }
    double weakest() const { return std::min({red, green, blue}); }
};

Colour at(const Picture8& picture, int x, int y)
{
    const std::uint8_t* value
        = &picture.values[3 * (std::size_t(y) * std::size_t(picture.size.width) + std::size_t(x))];
    return {value[0] / 255.0, value[1] / 255.0, value[2] / 255.0};
}

template <class Value> double mean(const Picture8& picture, Part part, Value value)
{
    const int height = picture.size.height;
    const int first = part == Part::Lower ? int(0.64 * height) : 0;
    const int last = part == Part::Upper ? int(0.42 * height) : height;
    double sum = 0;
    for (int y = first; y < last; ++y)
        for (int x = 0; x < picture.size.width; ++x)
            sum += double(value(at(picture, x, y)));
    return sum / (double(last - first) * picture.size.width);
}

/// Structural similarity of one window whose upper left pixel is (left, top).
double windowSimilarity(const Picture8& a, const Picture8& b, int left, int top)
{
    constexpr int kEdge = 8;
    constexpr double kLuminance = 0.01 * 0.01;
    constexpr double kContrast = 0.03 * 0.03;
    double sumA = 0, sumB = 0, squareA = 0, squareB = 0, product = 0;
    for (int y = top; y < top + kEdge; ++y)
        for (int x = left; x < left + kEdge; ++x) {
            const double p = at(a, x, y).grey();
            const double q = at(b, x, y).grey();
            sumA += p, sumB += q, squareA += p * p, squareB += q * q, product += p * q;
        }
    constexpr double kCount = kEdge * kEdge;
    const double meanA = sumA / kCount, meanB = sumB / kCount;
    const double varianceA = squareA / kCount - meanA * meanA;
    const double varianceB = squareB / kCount - meanB * meanB;
    const double covariance = product / kCount - meanA * meanB;
    return (2 * meanA * meanB + kLuminance) * (2 * covariance + kContrast)
        / ((meanA * meanA + meanB * meanB + kLuminance) * (varianceA + varianceB + kContrast));
}

} // namespace

double brightness(const Picture8& picture, Part part)
{
    return mean(picture, part, [](const Colour& c) { return c.grey(); });
}

double warmth(const Picture8& picture, Part part)
{
    return mean(picture, part, [](const Colour& c) { return c.red - c.blue; });
}

double greenness(const Picture8& picture, Part part)
{
    return mean(picture, part, [](const Colour& c) { return c.green - (c.red + c.blue) / 2; });
}

double whiteness(const Picture8& picture, Part part)
{
    return mean(picture, part, [](const Colour& c) { return c.weakest(); });
}

double saturation(const Picture8& picture, Part part)
{
    return mean(picture, part, [](const Colour& c) { return c.strongest() - c.weakest(); });
}

double redShare(const Picture8& picture, Part part)
{
    return mean(picture, part,
        [](const Colour& c) { return c.red > 1.5 * c.green && c.red > 1.3 * c.blue && c.red > 0.25; });
}

double purpleShare(const Picture8& picture, Part part)
{
    return mean(
        picture, part, [](const Colour& c) { return c.blue > 1.15 * c.green && c.red > 1.05 * c.green; });
}

double laplacianEnergy(const Picture8& picture)
{
    double sum = 0;
    for (int y = 1; y + 1 < picture.size.height; ++y)
        for (int x = 1; x + 1 < picture.size.width; ++x) {
            const double value = 4 * at(picture, x, y).grey() - at(picture, x - 1, y).grey()
                - at(picture, x + 1, y).grey() - at(picture, x, y - 1).grey() - at(picture, x, y + 1).grey();
            sum += value * value;
        }
    return sum / (double(picture.size.width - 2) * (picture.size.height - 2));
}

double similarity(const Picture8& a, const Picture8& b)
{
    Q_ASSERT(a.size == b.size);
    constexpr int kStep = 4;
    double sum = 0;
    int windows = 0;
    for (int top = 0; top + 8 <= a.size.height; top += kStep)
        for (int left = 0; left + 8 <= a.size.width; left += kStep, ++windows)
            sum += windowSimilarity(a, b, left, top);
    return sum / windows;
}

Picture8 halved(const Picture8& picture)
{
    Picture8 out;
    out.size = {picture.size.width / 2, picture.size.height / 2};
    const auto stride = 3 * std::size_t(picture.size.width);
    for (int y = 0; y < out.size.height; ++y)
        for (int x = 0; x < out.size.width; ++x)
            for (std::size_t channel = 0; channel < 3; ++channel) {
                const std::size_t first = 2 * std::size_t(y) * stride + 6 * std::size_t(x) + channel;
                const int sum = picture.values[first] + picture.values[first + 3]
                    + picture.values[first + stride] + picture.values[first + stride + 3];
                out.values.push_back(std::uint8_t((sum + 2) / 4));
            }
    return out;
}

} // namespace studio::testing
