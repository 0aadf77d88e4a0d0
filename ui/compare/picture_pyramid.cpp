#include "ui/compare/picture_pyramid.h"

#include "ui/compare/srgb.h"

#include <algorithm>
#include <cmath>

namespace studio::ui {

namespace {

/// A level in linear light, 16 bits a channel, three channels a pixel.
struct LinearLevel {
    int width = 0;
    int height = 0;
    std::vector<std::uint16_t> values;
};

PicturePyramid::Level makeLevel(int width, int height)
{
    PicturePyramid::Level level{width, height, width + PicturePyramid::kPadding, {}};
    level.pixels.resize(static_cast<std::size_t>(level.stride) * height);
    return level;
}

void padRows(PicturePyramid::Level& level)
{
    for (int y = 0; y < level.height; ++y) {
        std::uint32_t* row = level.pixels.data() + static_cast<std::size_t>(y) * level.stride;
        std::fill(row + level.width, row + level.stride, row[level.width - 1]);
    }
}

std::uint32_t pack(std::uint8_t red, std::uint8_t green, std::uint8_t blue)
{
    return 0xff000000U | static_cast<std::uint32_t>(red) << 16 | static_cast<std::uint32_t>(green) << 8
        | blue;
}

PicturePyramid::Level firstLevel(const Picture8& picture)
{
    PicturePyramid::Level level = makeLevel(picture.size.width, picture.size.height);
    const std::uint8_t* in = picture.values.data();
    for (int y = 0; y < level.height; ++y) {
        std::uint32_t* out = level.pixels.data() + static_cast<std::size_t>(y) * level.stride;
        for (int x = 0; x < level.width; ++x, in += 3)
            out[x] = pack(in[0], in[1], in[2]);
    }
    padRows(level);
    return level;
}

LinearLevel toLinear(const Picture8& picture)
{
    LinearLevel level{picture.size.width, picture.size.height, {}};
    level.values.resize(picture.values.size());
    const SrgbTables& tables = srgbTables();
    std::transform(picture.values.begin(), picture.values.end(), level.values.begin(),
        [&tables](std::uint8_t value) { return tables.toLinear16[value]; });
    return level;
}

LinearLevel halve(const LinearLevel& in)
{
    LinearLevel out{(in.width + 1) / 2, (in.height + 1) / 2, {}};
    out.values.resize(static_cast<std::size_t>(out.width) * out.height * 3);
    for (int y = 0; y < out.height; ++y) {
        // At an odd edge the same row or column counts twice: the mean of what is there.
        const std::size_t upper = static_cast<std::size_t>(2 * y) * in.width * 3;
        const std::size_t lower = static_cast<std::size_t>(std::min(2 * y + 1, in.height - 1)) * in.width * 3;
        std::uint16_t* target = out.values.data() + static_cast<std::size_t>(y) * out.width * 3;
        for (int x = 0; x < out.width; ++x) {
            const std::size_t left = static_cast<std::size_t>(2 * x) * 3;
            const std::size_t right = static_cast<std::size_t>(std::min(2 * x + 1, in.width - 1)) * 3;
            for (std::size_t c = 0; c < 3; ++c) {
                const std::uint32_t sum = static_cast<std::uint32_t>(in.values[upper + left + c])
                    + in.values[upper + right + c] + in.values[lower + left + c]
                    + in.values[lower + right + c];
                *target++ = static_cast<std::uint16_t>((sum + 2) / 4);
            }
        }
    }
    return out;
}

PicturePyramid::Level encode(const LinearLevel& linear)
{
    const SrgbTables& tables = srgbTables();
    PicturePyramid::Level level = makeLevel(linear.width, linear.height);
    const std::uint16_t* in = linear.values.data();
    for (int y = 0; y < level.height; ++y) {
        std::uint32_t* out = level.pixels.data() + static_cast<std::size_t>(y) * level.stride;
        for (int x = 0; x < level.width; ++x, in += 3)
            out[x] = pack(tables.toSrgb8[in[0]], tables.toSrgb8[in[1]], tables.toSrgb8[in[2]]);
    }
    padRows(level);
    return level;
}

} // namespace

std::shared_ptr<const PicturePyramid> PicturePyramid::build(const Picture8& picture)
{
    auto pyramid = std::make_shared<PicturePyramid>();
    pyramid->m_levels.push_back(firstLevel(picture));
    LinearLevel linear = toLinear(picture);
    while (linear.width > 1 && linear.height > 1) {
        linear = halve(linear);
        pyramid->m_levels.push_back(encode(linear));
    }
    return pyramid;
}

std::size_t PicturePyramid::bytes() const
{
    std::size_t sum = 0;
    for (const Level& level : m_levels)
        sum += level.pixels.size() * sizeof(std::uint32_t);
    return sum;
}

int PicturePyramid::levelFor(double scale) const
{
    if (scale >= 1.0)
        return 0;
    // By exponent, not by logarithm: scales that are exact doubles of one another choose levels that are
    // exact neighbours.
    int exponent = 0;
    const double mantissa = std::frexp(scale, &exponent); // scale = mantissa * 2^exponent, mantissa 0.5..1
    const int wanted = mantissa == 0.5 ? 1 - exponent : -exponent;
    return std::clamp(wanted, 0, static_cast<int>(m_levels.size()) - 1);
}

} // namespace studio::ui
