#include "ui/compare/picture_metrics.h"

#include "ui/compare/srgb.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace studio::ui {

namespace {

constexpr int kWindow = 11;

std::array<double, kWindow> gaussianWindow()
{
    std::array<double, kWindow> weights{};
    double sum = 0.0;
    for (int i = 0; i < kWindow; ++i)
        sum += weights[static_cast<std::size_t>(i)]
            = std::exp(-std::pow(i - kWindow / 2, 2.0) / (2.0 * 1.5 * 1.5));
    for (double& weight : weights)
        weight /= sum;
    return weights;
}

/// The window's mean around every pixel it fits on: the result is kWindow - 1 smaller on both axes. Summed in double:
/// variances are small differences of large squares.
Plane windowed(const Plane& in)
{
    const std::array<double, kWindow> weights = gaussianWindow();
    Plane out{in.width - kWindow + 1, in.height - kWindow + 1, {}};
    out.values.reserve(static_cast<std::size_t>(out.width) * out.height);
    std::vector<double> column(static_cast<std::size_t>(in.width)); // means over kWindow rows
    for (int y = 0; y < out.height; ++y) {
        std::fill(column.begin(), column.end(), 0.0);
        for (std::size_t k = 0; k < weights.size(); ++k) {
            const float* row = in.values.data() + (static_cast<std::size_t>(y) + k) * in.width;
            for (std::size_t x = 0; x < column.size(); ++x)
                column[x] += weights[k] * row[x];
        }
        for (std::size_t x = 0; x < static_cast<std::size_t>(out.width); ++x) {
            double sum = 0.0;
            for (std::size_t k = 0; k < weights.size(); ++k)
                sum += weights[k] * column[x + k];
            out.values.push_back(static_cast<float>(sum));
        }
    }
    return out;
}

Plane product(const Plane& first, const Plane& second)
{
    Plane result{first.width, first.height, first.values};
    std::transform(first.values.begin(), first.values.end(), second.values.begin(), result.values.begin(),
        [](float a, float b) { return a * b; });
    return result;
}

struct AxisSpan {
    int from = 0;
    int to = 0;
};

/// out[i] = weighted mean of the inputs under output i. Lines are `lanes` floats apart.
void resizeAxis(const std::vector<float>& in, std::vector<float>& out, AxisSpan span, std::size_t lanes)
{
    out.assign(static_cast<std::size_t>(span.to) * lanes, 0.0F);
    const double step = static_cast<double>(span.from) / span.to;
    const auto add = [&](int target, int source, double weight) {
        const float* from = in.data() + static_cast<std::size_t>(source) * lanes;
        float* to = out.data() + static_cast<std::size_t>(target) * lanes;
        const auto factor = static_cast<float>(weight);
        for (std::size_t i = 0; i < lanes; ++i)
            to[i] += factor * from[i];
    };
    for (int i = 0; i < span.to; ++i) {
        if (span.to > span.from) { // bilinear
            const double place = std::clamp((i + 0.5) * step - 0.5, 0.0, span.from - 1.0);
            const int left = std::min(static_cast<int>(place), span.from - 1);
            add(i, left, 1.0 - (place - left));
            if (left + 1 < span.from)
                add(i, left + 1, place - left);
            continue;
        }
        const double begin = i * step;
        const double end = (i + 1) * step;
        for (int s = static_cast<int>(begin); s < span.from && s < end; ++s)
            add(i, s, (std::min(end, s + 1.0) - std::max(begin, double(s))) / step);
    }
}

std::vector<float> transposed(const std::vector<float>& in, int width, int height)
{
    std::vector<float> out(in.size());
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const std::size_t from = (static_cast<std::size_t>(y) * width + x) * 3;
            const std::size_t to = (static_cast<std::size_t>(x) * height + y) * 3;
            std::copy_n(in.data() + from, 3, out.data() + to);
        }
    }
    return out;
}

} // namespace

Plane lumaOf(const Picture8& picture)
{
    Plane plane{picture.size.width, picture.size.height, {}};
    plane.values.resize(picture.values.size() / 3);
    const std::uint8_t* in = picture.values.data();
    for (float& value : plane.values) {
        value = 0.299F * in[0] + 0.587F * in[1] + 0.114F * in[2];
        in += 3;
    }
    return plane;
}

Picture8 resized(const Picture8& picture, Extent size)
{
    if (picture.size == size)
        return picture;
    const bool smaller = size.width < picture.size.width || size.height < picture.size.height;
    const SrgbTables& tables = srgbTables();
    std::vector<float> values(picture.values.size());
    std::transform(picture.values.begin(), picture.values.end(), values.begin(),
        [&](std::uint8_t v) { return smaller ? tables.toLinear[v] : v / 255.0F; });
    std::vector<float> down;
    resizeAxis(
        values, down, {picture.size.height, size.height}, static_cast<std::size_t>(picture.size.width) * 3);
    const std::vector<float> turned = transposed(down, picture.size.width, size.height);
    resizeAxis(turned, down, {picture.size.width, size.width}, static_cast<std::size_t>(size.height) * 3);
    values = transposed(down, size.height, size.width);
    Picture8 result{size, {}};
    result.values.resize(values.size());
    std::transform(values.begin(), values.end(), result.values.begin(), [&](float v) {
        if (!smaller)
            return static_cast<std::uint8_t>(std::lround(std::clamp(v, 0.0F, 1.0F) * 255.0F));
        return tables.toSrgb8[static_cast<std::size_t>(std::lround(std::clamp(v, 0.0F, 1.0F) * 65535.0F))];
    });
    return result;
}

std::optional<double> structuralSimilarity(const Plane& first, const Plane& second)
{
    if (first.width != second.width || first.height != second.height || first.width < kWindow
        || first.height < kWindow)
        return std::nullopt;
    const double c1 = std::pow(0.01 * 255.0, 2.0);
    const double c2 = std::pow(0.03 * 255.0, 2.0);
    const Plane meanFirst = windowed(first);
    const Plane meanSecond = windowed(second);
    const Plane squareFirst = windowed(product(first, first));
    const Plane squareSecond = windowed(product(second, second));
    const Plane cross = windowed(product(first, second));
    double sum = 0.0;
    for (std::size_t i = 0; i < cross.values.size(); ++i) {
        const double a = meanFirst.values[i];
        const double b = meanSecond.values[i];
        const double varianceFirst = squareFirst.values[i] - a * a;
        const double varianceSecond = squareSecond.values[i] - b * b;
        const double covariance = cross.values[i] - a * b;
        sum += (2.0 * a * b + c1) * (2.0 * covariance + c2)
            / ((a * a + b * b + c1) * (varianceFirst + varianceSecond + c2));
    }
    return sum / static_cast<double>(cross.values.size());
}

double laplacianEnergy(const Plane& luma)
{
    if (luma.width < 3 || luma.height < 3)
        return 0.0;
    double sum = 0.0;
    const auto width = static_cast<std::size_t>(luma.width);
    for (int y = 1; y + 1 < luma.height; ++y) {
        const float* row = luma.values.data() + static_cast<std::size_t>(y) * width;
        float line = 0.0F;
        for (std::size_t x = 1; x + 1 < width; ++x) {
            const float value = row[x - 1] + row[x + 1] + *(row + x - width) + row[x + width] - 4.0F * row[x];
            line += value * value;
        }
        sum += line;
    }
    return sum / (static_cast<double>(luma.width - 2) * (luma.height - 2));
}

Lab meanColour(const Picture8& picture)
{
    std::array<double, 3> sum{};
    const auto& linear = srgbTables().toLinear;
    for (std::size_t i = 0; i + 2 < picture.values.size(); i += 3) {
        for (std::size_t c = 0; c < 3; ++c)
            sum[c] += linear[picture.values[i + c]];
    }
    const double count = std::max(1.0, static_cast<double>(picture.values.size()) / 3.0);
    return labFromLinear(sum[0] / count, sum[1] / count, sum[2] / count);
}

PictureDifference difference(const Picture8& first, const Picture8& second)
{
    PictureDifference result;
    std::int64_t sum = 0;
    const std::size_t count = std::min(first.values.size(), second.values.size());
    for (std::size_t i = 0; i < count; ++i) {
        const int apart = std::abs(static_cast<int>(first.values[i]) - second.values[i]);
        result.largest = std::max(result.largest, apart);
        sum += apart;
    }
    result.mean = count ? static_cast<double>(sum) / static_cast<double>(count) : 0.0;
    return result;
}

std::optional<CompareMetrics> measure(const Picture8& first, const Picture8& second, std::stop_token stop)
{
    if (!first.size.isSet() || !second.size.isSet())
        return std::nullopt;
    const auto area = [](Extent size) { return static_cast<std::int64_t>(size.width) * size.height; };
    CompareMetrics metrics;
    const bool firstIsSmaller = area(first.size) <= area(second.size);
    metrics.compositionSize = firstIsSmaller ? first.size : second.size;
    metrics.outputSize = firstIsSmaller ? second.size : first.size;

    const Lab firstMean = meanColour(first);
    const Lab secondMean = meanColour(second);
    metrics.colourShift = {
        secondMean.lightness - firstMean.lightness, secondMean.a - firstMean.a, secondMean.b - firstMean.b};
    metrics.colourDistance = ciede2000(firstMean, secondMean);
    if (stop.stop_requested())
        return std::nullopt;
    {
        const Picture8 firstLarge = resized(first, metrics.outputSize);
        const Picture8 secondLarge = resized(second, metrics.outputSize);
        metrics.firstSharpness = laplacianEnergy(lumaOf(firstLarge));
        metrics.secondSharpness = laplacianEnergy(lumaOf(secondLarge));
        metrics.difference = difference(firstLarge, secondLarge);
    }
    if (stop.stop_requested())
        return std::nullopt;
    const Plane firstSmall = lumaOf(resized(first, metrics.compositionSize));
    const Plane secondSmall = lumaOf(resized(second, metrics.compositionSize));
    if (stop.stop_requested())
        return std::nullopt;
    metrics.similarity = structuralSimilarity(firstSmall, secondSmall);
    return metrics;
}

} // namespace studio::ui
