#include "core/image/lanczos.h"

#include "core/base/error.h"
#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

namespace studio {

namespace {

constexpr double kRadius = 3.0;
constexpr int kFractionBits = 22; ///< of the 8-bit weights: 32 less 8 for the pixel and 2 for the overshoot
constexpr int kLanes = 8;         ///< rows that the horizontal pass filters together
constexpr int kBandRows = 32;     ///< rows between two calls of the checkpoint

double sinc(double x)
{
    if (x == 0.0)
        return 1.0;
    x *= std::numbers::pi;
    return std::sin(x) / x;
}

double lanczos(double x)
{
    return -kRadius <= x && x < kRadius ? sinc(x) * sinc(x / kRadius) : 0.0;
}

/// The weights of one axis: output i is the sum of weights[i * stride + k] * input[first[i] + k], k <
/// count[i].
template <class Weight> struct Filter {
    std::vector<int> first;
    std::vector<int> count;
    std::vector<Weight> weights;
    int stride = 0;

    const Weight* of(int i) const
    {
        return weights.data() + static_cast<std::size_t>(i) * static_cast<std::size_t>(stride);
    }
};

Filter<double> makeFilter(int inSize, int outSize)
{
    const double scale = static_cast<double>(inSize) / outSize;
    const double widening = std::max(scale, 1.0);
    const double support = kRadius * widening;
    Filter<double> filter;
    filter.stride = static_cast<int>(std::ceil(support)) * 2 + 1;
    filter.weights.resize(static_cast<std::size_t>(filter.stride) * static_cast<std::size_t>(outSize));
    for (int i = 0; i < outSize; ++i) {
        const double center = (i + 0.5) * scale;
        const int first = std::max(0, static_cast<int>(center - support + 0.5));
        const int count = std::min(inSize, static_cast<int>(center + support + 0.5)) - first;
        double* weights
            = filter.weights.data() + static_cast<std::size_t>(i) * static_cast<std::size_t>(filter.stride);
        double sum = 0.0;
        for (int k = 0; k < count; ++k) {
            weights[k] = lanczos((k + first - center + 0.5) * (1.0 / widening));
            sum += weights[k];
        }
        for (int k = 0; k < count && sum != 0.0; ++k)
            weights[k] /= sum;
        filter.first.push_back(first);
        filter.count.push_back(count);
    }
    return filter;
}

/// How a kind of pixel is weighted, summed and rounded.
template <class Pixel> struct Arithmetic;

template <> struct Arithmetic<float> {
    using Number = double;
    static constexpr double kStart = 0.0;
    static float finish(double sum) { return static_cast<float>(sum); }
    static double weight(double exact) { return exact; }
};

template <> struct Arithmetic<std::uint8_t> {
    using Number = std::int32_t;
    static constexpr std::int32_t kStart = 1 << (kFractionBits - 1);
    static std::uint8_t finish(std::int32_t sum)
    {
        return static_cast<std::uint8_t>(std::clamp(sum >> kFractionBits, 0, 255));
    }
    static std::int32_t weight(double exact)
    {
        return static_cast<std::int32_t>((exact < 0.0 ? -0.5 : 0.5) + exact * (1 << kFractionBits));
    }
};

template <class Pixel> using Number = typename Arithmetic<Pixel>::Number;

template <class Pixel> Filter<Number<Pixel>> filterFor(int inSize, int outSize)
{
    const Filter<double> exact = makeFilter(inSize, outSize);
    Filter<Number<Pixel>> filter{exact.first, exact.count, {}, exact.stride};
    filter.weights.reserve(exact.weights.size());
    for (const double weight : exact.weights)
        filter.weights.push_back(Arithmetic<Pixel>::weight(weight));
    return filter;
}

/// Pixels in memory: `rows` rows of `width` pixels, each of `channels` interleaved values. A planar picture
/// is one channel with its planes' rows below each other.
template <class Pixel> struct Raster {
    int rows = 0;
    int width = 0;
    int channels = 1;
    std::vector<Pixel> values;

    std::size_t rowValues() const
    {
        return static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
    }
    const Pixel* row(int y) const { return values.data() + static_cast<std::size_t>(y) * rowValues(); }
    Pixel* row(int y) { return values.data() + static_cast<std::size_t>(y) * rowValues(); }
};

template <class Work> void forBands(int rows, const std::function<void()>& checkpoint, const Work& work)
{
    parallelFor((rows + kBandRows - 1) / kBandRows, [&](int band) {
        if (checkpoint)
            checkpoint();
        work(band * kBandRows, std::min(rows, (band + 1) * kBandRows));
    });
}

/// Filters rows y .. y + kLanes - 1 together: with the rows side by side in memory every inner loop runs over
/// neighbours, whatever the weights' positions are. Rows past the end repeat the last one and are dropped.
template <class Pixel>
void resizeLanes(const Raster<Pixel>& in, int y, int end, const Filter<Number<Pixel>>& filter,
    std::vector<Number<Pixel>>& columns, Raster<Pixel>& out)
{
    const std::size_t lanes = static_cast<std::size_t>(kLanes);
    columns.resize(in.rowValues() * lanes);
    for (int lane = 0; lane < kLanes; ++lane) {
        const Pixel* row = in.row(std::min(y + lane, end - 1));
        for (std::size_t i = 0; i < in.rowValues(); ++i)
            columns[i * lanes + static_cast<std::size_t>(lane)] = row[i];
    }
    const auto channels = static_cast<std::size_t>(in.channels);
    const int filled = std::min(kLanes, end - y);
    for (int x = 0; x < out.width; ++x) {
        const Number<Pixel>* weights = filter.of(x);
        for (std::size_t c = 0; c < channels; ++c) {
            Number<Pixel> sums[kLanes];
            std::fill_n(sums, kLanes, Arithmetic<Pixel>::kStart);
            const Number<Pixel>* column = columns.data()
                + (static_cast<std::size_t>(filter.first[static_cast<std::size_t>(x)]) * channels + c)
                    * lanes;
            for (int k = 0; k < filter.count[static_cast<std::size_t>(x)]; ++k, column += channels * lanes)
                for (int lane = 0; lane < kLanes; ++lane)
                    sums[lane] += column[lane] * weights[k];
            for (int lane = 0; lane < filled; ++lane)
                out.row(y + lane)[static_cast<std::size_t>(x) * channels + c]
                    = Arithmetic<Pixel>::finish(sums[lane]);
        }
    }
}

template <class Pixel>
Raster<Pixel> resizeWidth(const Raster<Pixel>& in, int width, const std::function<void()>& checkpoint)
{
    const auto filter = filterFor<Pixel>(in.width, width);
    Raster<Pixel> out{in.rows, width, in.channels, {}};
    out.values.resize(static_cast<std::size_t>(out.rows) * out.rowValues());
    forBands(in.rows, checkpoint, [&](int begin, int end) {
        std::vector<Number<Pixel>> columns;
        for (int y = begin; y < end; y += kLanes)
            resizeLanes(in, y, end, filter, columns, out);
    });
    return out;
}

template <class Pixel>
Raster<Pixel> resizeHeight(
    const Raster<Pixel>& in, int planes, int height, const std::function<void()>& checkpoint)
{
    const int inHeight = in.rows / planes;
    const auto filter = filterFor<Pixel>(inHeight, height);
    Raster<Pixel> out{height * planes, in.width, in.channels, {}};
    out.values.resize(static_cast<std::size_t>(out.rows) * out.rowValues());
    forBands(out.rows, checkpoint, [&](int begin, int end) {
        std::vector<Number<Pixel>> sums(out.rowValues());
        for (int row = begin; row < end; ++row) {
            const int plane = row / height;
            const int y = row % height;
            std::fill(sums.begin(), sums.end(), Arithmetic<Pixel>::kStart);
            for (int k = 0; k < filter.count[static_cast<std::size_t>(y)]; ++k) {
                const Number<Pixel> weight = filter.of(y)[k];
                const Pixel* from = in.row(plane * inHeight + filter.first[static_cast<std::size_t>(y)] + k);
                for (std::size_t i = 0; i < sums.size(); ++i)
                    sums[i] += from[i] * weight;
            }
            std::transform(sums.begin(), sums.end(), out.row(row), &Arithmetic<Pixel>::finish);
        }
    });
    return out;
}

void refuseNonsense(Extent from, std::size_t values, Extent to)
{
    if (!from.isSet() || !to.isSet())
        throw Error(ErrorKind::BadInput,
            "A picture of " + std::to_string(from.width) + "x" + std::to_string(from.height)
                + " cannot be resized to " + std::to_string(to.width) + "x" + std::to_string(to.height)
                + ": every side must be at least 1.");
    if (values != 3 * static_cast<std::size_t>(from.width) * static_cast<std::size_t>(from.height))
        throw Error(ErrorKind::BadInput, "The picture's values do not fit its size.");
}

template <class Pixel>
std::vector<Pixel> resize(
    Raster<Pixel> raster, int planes, Extent from, Extent to, const std::function<void()>& checkpoint)
{
    if (to.width != from.width)
        raster = resizeWidth(raster, to.width, checkpoint);
    if (to.height != from.height)
        raster = resizeHeight(raster, planes, to.height, checkpoint);
    return std::move(raster.values);
}

} // namespace

PictureF resizeLanczos(const PictureF& picture, Extent size, const std::function<void()>& checkpoint)
{
    refuseNonsense(picture.size, picture.values.size(), size);
    Raster<float> raster{3 * picture.size.height, picture.size.width, 1, picture.values};
    return {size, resize(std::move(raster), 3, picture.size, size, checkpoint)};
}

Picture8 resizeLanczos(const Picture8& picture, Extent size, const std::function<void()>& checkpoint)
{
    refuseNonsense(picture.size, picture.values.size(), size);
    Raster<std::uint8_t> raster{picture.size.height, picture.size.width, 3, picture.values};
    return {size, resize(std::move(raster), 1, picture.size, size, checkpoint)};
}

} // namespace studio
