#include "core/nn/winograd.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <vector>

// The transforms are loops over neighbouring values that the compiler turns into vectors, for each kind of processor.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif

namespace studio::nn {

namespace {

constexpr std::int64_t kTile = 4;  ///< pixels of the result, each way
constexpr std::int64_t kPatch = 6; ///< pixels of the input that decide them
constexpr std::int64_t kProducts = kPatch * kPatch;

/// The polynomials' points: 0, +-3/4, +-3/2 and infinity. Exact in binary, and with half the error of the paper's
/// 0, +-1, +-2: the factors stay nearer to one (compare Barabasz et al. 2020, "Error Analysis and Improving the Accuracy
/// of Winograd Convolution for Deep Neural Networks").
constexpr float kNear = 0.75f;
constexpr float kFar = 1.5f;
constexpr float kNearSquare = kNear * kNear;
constexpr float kFarSquare = kFar * kFar;

/// With fewer channels or pixels the transforms cost more than the products they save.
constexpr std::int64_t kLeastChannels = 64;
constexpr std::int64_t kLeastPixels = 1024;

/// Transformed patches and products of one step of the loop: what the last cache holds beside the weights.
constexpr std::int64_t kBandBytes = std::int64_t(16) << 20;
/// Transformed weights are four times the weights; more than this are made for a part of the channels at a time.
constexpr std::int64_t kWeightBytes = std::int64_t(96) << 20;

/// One side of the convolution. Tiles are counted row by row, picture by picture.
struct Tiling {
    std::int64_t channels, height, width; ///< of this side's map
    std::int64_t rows, columns;           ///< of tiles in one picture, the same on both sides
};

using Row = float* __restrict;
using ConstRow = const float* __restrict;

/// B^T d of the paper for six rows of pixels: over columns when these are rows of the map, over rows when they are its
/// columns.
FOR_EACH_PROCESSOR
void transformSix(
    const std::array<const float*, kPatch>& in, const std::array<float*, kPatch>& out, std::int64_t count)
{
    ConstRow d0 = in[0], d1 = in[1], d2 = in[2], d3 = in[3], d4 = in[4], d5 = in[5];
    Row u0 = out[0], u1 = out[1], u2 = out[2], u3 = out[3], u4 = out[4], u5 = out[5];
    for (std::int64_t i = 0; i < count; ++i) {
        const float even = d4[i] - kFarSquare * d2[i], odd = kNear * (d3[i] - kFarSquare * d1[i]);
        const float farEven = d4[i] - kNearSquare * d2[i], farOdd = kFar * (d3[i] - kNearSquare * d1[i]);
        u0[i] = kNearSquare * kFarSquare * d0[i] - (kNearSquare + kFarSquare) * d2[i] + d4[i];
        u1[i] = even + odd;
        u2[i] = even - odd;
        u3[i] = farEven + farOdd;
        u4[i] = farEven - farOdd;
        u5[i] = kNearSquare * kFarSquare * d1[i] - (kNearSquare + kFarSquare) * d3[i] + d5[i];
    }
}

/// A^T m of the paper: six rows of products to four rows of the result.
FOR_EACH_PROCESSOR
void transformBack(const std::array<const float*, kPatch>& in, const std::array<float*, kTile>& out,
    float bias, std::int64_t count)
{
    ConstRow m0 = in[0], m1 = in[1], m2 = in[2], m3 = in[3], m4 = in[4], m5 = in[5];
    Row y0 = out[0], y1 = out[1], y2 = out[2], y3 = out[3];
    for (std::int64_t i = 0; i < count; ++i) {
        const float sum = m1[i] + m2[i], difference = m1[i] - m2[i];
        const float farSum = m3[i] + m4[i], farDifference = m3[i] - m4[i];
        y0[i] = m0[i] + sum + farSum + bias;
        y1[i] = kNear * difference + kFar * farDifference + bias;
        y2[i] = kNearSquare * sum + kFarSquare * farSum + bias;
        y3[i] = kNear * kNearSquare * difference + kFar * kFarSquare * farDifference + m5[i] + bias;
    }
}

/// Every fourth value of `in`, from each of the first four on.
FOR_EACH_PROCESSOR
void separate(ConstRow in, const std::array<float*, kTile>& out, std::int64_t count)
{
    Row p0 = out[0], p1 = out[1], p2 = out[2], p3 = out[3];
    for (std::int64_t i = 0; i < count; ++i) {
        p0[i] = in[4 * i];
        p1[i] = in[4 * i + 1];
        p2[i] = in[4 * i + 2];
        p3[i] = in[4 * i + 3];
    }
}

FOR_EACH_PROCESSOR
void interleave(const std::array<float*, kTile>& in, Row out, std::int64_t count)
{
    ConstRow p0 = in[0], p1 = in[1], p2 = in[2], p3 = in[3];
    for (std::int64_t i = 0; i < count; ++i) {
        out[4 * i] = p0[i];
        out[4 * i + 1] = p1[i];
        out[4 * i + 2] = p2[i];
        out[4 * i + 3] = p3[i];
    }
}

/// The patches of one row of tiles of one channel, transformed. Keeps its buffers from row to row.
class PatchRow {
public:
    explicit PatchRow(const Tiling& tiling)
        : m_tiling(tiling)
        , m_length(kTile * tiling.columns + kTile)
        , m_padded(static_cast<std::size_t>(kPatch * m_length))
        , m_mixed(static_cast<std::size_t>(kPatch * m_length))
        , m_phases(static_cast<std::size_t>(kTile * (tiling.columns + 1)))
    { }

    /// `map`: the channel's first pixel. `top`: the first row of the patches, from -1 on. out + k * stride: product k.
    void transform(const float* map, std::int64_t top, float* out, std::int64_t stride)
    {
        std::array<const float*, kPatch> rows{};
        std::array<float*, kPatch> mixed{};
        for (std::int64_t k = 0; k < kPatch; ++k) {
            float* padded = m_padded.data() + k * m_length;
            const std::int64_t y = top + k;
            // A column of zeros before; behind the map everything is zero already.
            if (y >= 0 && y < m_tiling.height)
                std::copy_n(map + y * m_tiling.width, m_tiling.width, padded + 1);
            else
                std::fill_n(padded + 1, m_tiling.width, 0.0f);
            rows[static_cast<std::size_t>(k)] = padded;
            mixed[static_cast<std::size_t>(k)] = m_mixed.data() + k * m_length;
        }
        transformSix(rows, mixed, m_length);
        const std::int64_t columns = m_tiling.columns;
        std::array<float*, kTile> phase{};
        for (std::size_t k = 0; k < kTile; ++k)
            phase[k] = m_phases.data() + static_cast<std::int64_t>(k) * (columns + 1);
        for (std::int64_t k = 0; k < kPatch; ++k) {
            separate(mixed[static_cast<std::size_t>(k)], phase, columns + 1);
            std::array<float*, kPatch> products{};
            for (std::int64_t j = 0; j < kPatch; ++j)
                products[static_cast<std::size_t>(j)] = out + (k * kPatch + j) * stride;
            transformSix(
                {phase[0], phase[1], phase[2], phase[3], phase[0] + 1, phase[1] + 1}, products, columns);
        }
    }

private:
    Tiling m_tiling;
    std::int64_t m_length;
    std::vector<float> m_padded, m_mixed, m_phases;
};

/// One row of tiles of one channel of the result. Keeps its buffers from row to row.
class ResultRow {
public:
    explicit ResultRow(const Tiling& tiling)
        : m_tiling(tiling)
        , m_length(kTile * tiling.columns)
        , m_sums(static_cast<std::size_t>(kPatch * m_length))
        , m_mixed(static_cast<std::size_t>(kTile * m_length))
        , m_row(static_cast<std::size_t>(m_length))
    { }

    /// products + k * stride: product k of the row's tiles. `map`: the channel's first pixel of the result.
    void transform(const float* products, std::int64_t stride, float bias, float* map, std::int64_t top)
    {
        std::array<const float*, kPatch> sums{};
        for (std::int64_t k = 0; k < kPatch; ++k) {
            std::array<const float*, kPatch> in{};
            for (std::int64_t j = 0; j < kPatch; ++j)
                in[static_cast<std::size_t>(j)] = products + (k * kPatch + j) * stride;
            float* sum = m_sums.data() + k * m_length;
            transformBack(in, quarters(sum, m_tiling.columns), 0.0f, m_tiling.columns);
            sums[static_cast<std::size_t>(k)] = sum;
        }
        transformBack(sums, quarters(m_mixed.data(), m_length), bias, m_length);
        const std::int64_t rows = std::min(kTile, m_tiling.height - top);
        for (std::int64_t y = 0; y < rows; ++y) {
            interleave(
                quarters(m_mixed.data() + y * m_length, m_tiling.columns), m_row.data(), m_tiling.columns);
            std::copy_n(m_row.data(), m_tiling.width, map + (top + y) * m_tiling.width);
        }
    }

private:
    /// Where the four parts of `first` begin: rows of a block of four, or every fourth pixel of one row.
    static std::array<float*, kTile> quarters(float* first, std::int64_t length)
    {
        return {first, first + length, first + 2 * length, first + 3 * length};
    }

    Tiling m_tiling;
    std::int64_t m_length;
    std::vector<float> m_sums, m_mixed, m_row;
};

/// The 36 factors G x G of the paper that turn a 3x3 kernel into a 6x6 one.   [36, 9]
at::Tensor kernelTransform()
{
    std::vector<double> g;
    const auto row = [&g](double point, double divisor) {
        g.insert(g.end(), {1 / divisor, point / divisor, point * point / divisor});
    };
    const double near = kNearSquare, far = kFarSquare;
    row(0, near * far);
    row(kNear, 2 * near * (near - far));
    row(-kNear, 2 * near * (near - far));
    row(kFar, 2 * far * (far - near));
    row(-kFar, 2 * far * (far - near));
    g.insert(g.end(), {0, 0, 1});
    const at::Tensor matrix = at::tensor(g, at::kDouble).view({kPatch, 3});
    return at::kron(matrix, matrix).to(at::kFloat);
}

/// One convolution: its maps, and the loops over bands of tiles and parts of the channels.
class Winograd {
public:
    Winograd(const at::Tensor& x, const at::Tensor& out)
        : m_in(tilingOf(x, out))
        , m_out(tilingOf(out, out))
        , m_x(x)
        , m_result(out)
        , m_rowPadding((out.size(2) - x.size(2) + 2) / 2)
        , m_allRows(out.size(0) * m_out.rows)
    { }

    void run(const at::Tensor& weight, const at::Tensor& bias)
    {
        const std::int64_t bytes = kProducts * m_in.channels * std::int64_t(sizeof(float));
        const std::int64_t part = std::clamp<std::int64_t>(kWeightBytes / bytes, 1, m_out.channels);
        for (std::int64_t first = 0; first < m_out.channels; first += part) {
            const std::int64_t count = std::min(part, m_out.channels - first);
            const at::Tensor kernels
                = at::mm(m_kernelTransform, weight.narrow(0, first, count).reshape({-1, 9}).t())
                      .view({kProducts, count, m_in.channels});
            runPart(kernels, bias.narrow(0, first, count), first);
        }
    }

private:
    static Tiling tilingOf(const at::Tensor& map, const at::Tensor& out)
    {
        return {map.size(1), map.size(2), map.size(3), (out.size(2) + kTile - 1) / kTile,
            (out.size(3) + kTile - 1) / kTile};
    }

    void runPart(const at::Tensor& kernels, const at::Tensor& bias, std::int64_t firstChannel)
    {
        const std::int64_t count = kernels.size(1);
        const std::int64_t bytesPerRow
            = kProducts * m_in.columns * (m_in.channels + count) * std::int64_t(sizeof(float));
        const std::int64_t rowsPerBand = std::clamp<std::int64_t>(kBandBytes / bytesPerRow, 1, m_allRows);
        for (std::int64_t row = 0; row < m_allRows; row += rowsPerBand) {
            const std::int64_t rows = std::min(rowsPerBand, m_allRows - row);
            const at::Tensor products = at::bmm(kernels, patches(row, rows));
            results(products, bias, firstChannel, row, rows);
        }
    }

    /// The patches of some rows of tiles, transformed.   -> [36, in, rows * columns]
    at::Tensor patches(std::int64_t firstRow, std::int64_t rows) const
    {
        const std::int64_t tiles = rows * m_in.columns;
        at::Tensor out = at::empty({kProducts, m_in.channels, tiles}, m_x.options());
        const float* source = m_x.const_data_ptr<float>();
        float* target = out.mutable_data_ptr<float>();
        at::parallel_for(0, m_in.channels, 1, [&](std::int64_t begin, std::int64_t end) {
            PatchRow patchRow(m_in);
            for (std::int64_t channel = begin; channel < end; ++channel)
                for (std::int64_t k = 0; k < rows; ++k) {
                    const std::int64_t picture = (firstRow + k) / m_in.rows, row = (firstRow + k) % m_in.rows;
                    const std::int64_t map = picture * m_in.channels + channel;
                    patchRow.transform(source + map * m_in.height * m_in.width, kTile * row - m_rowPadding,
                        target + channel * tiles + k * m_in.columns, m_in.channels * tiles);
                }
        });
        return out;
    }

    /// products: [36, count, rows * columns]
    void results(const at::Tensor& products, const at::Tensor& bias, std::int64_t firstChannel,
        std::int64_t firstRow, std::int64_t rows)
    {
        const std::int64_t count = products.size(1), tiles = products.size(2);
        const float* source = products.const_data_ptr<float>();
        const float* offsets = bias.const_data_ptr<float>();
        float* target = m_result.mutable_data_ptr<float>();
        at::parallel_for(0, count, 1, [&](std::int64_t begin, std::int64_t end) {
            ResultRow resultRow(m_out);
            for (std::int64_t channel = begin; channel < end; ++channel)
                for (std::int64_t k = 0; k < rows; ++k) {
                    const std::int64_t picture = (firstRow + k) / m_out.rows,
                                       row = (firstRow + k) % m_out.rows;
                    const std::int64_t map = picture * m_out.channels + firstChannel + channel;
                    resultRow.transform(source + channel * tiles + k * m_out.columns, count * tiles,
                        offsets[channel], target + map * m_out.height * m_out.width, kTile * row);
                }
        });
    }

    Tiling m_in, m_out;
    const at::Tensor& m_x;
    const at::Tensor& m_result;
    std::int64_t m_rowPadding;
    std::int64_t m_allRows; ///< rows of tiles of all pictures
    at::Tensor m_kernelTransform = kernelTransform();
};

} // namespace

bool winogradPays(const at::Tensor& x, const at::Tensor& weight)
{
    return x.is_cpu() && x.scalar_type() == at::kFloat && weight.size(2) == 3 && weight.size(3) == 3
        && weight.size(0) >= kLeastChannels && weight.size(1) >= kLeastChannels
        && x.size(0) * x.size(2) * x.size(3) >= kLeastPixels;
}

at::Tensor winogradConvolve(
    const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, std::int64_t rowPadding)
{
    const at::Tensor map = x.contiguous();
    at::Tensor out
        = at::empty({x.size(0), weight.size(0), x.size(2) + 2 * rowPadding - 2, x.size(3)}, map.options());
    Winograd(map, out).run(weight, bias);
    return out;
}

at::Tensor convolve3x3(
    const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, std::int64_t rowPadding)
{
    if (winogradPays(x, weight))
        return winogradConvolve(x, weight, bias, rowPadding);
    return at::conv2d(x, weight, bias, at::IntArrayRef({1, 1}), at::IntArrayRef({rowPadding, 1}));
}

} // namespace studio::nn
