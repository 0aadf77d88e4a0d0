#include "core/adapters/change.h"

#include "core/nn/module.h"
#include "core/weights/format/sentences.h"

#include <ATen/ATen.h>

#include <cmath>
#include <numeric>

namespace studio::adapters {

namespace {

const at::Tensor& pieceOf(const Pieces& pieces, std::string_view name)
{
    const auto found = pieces.find(name);
    if (found == pieces.end())
        throw Misfit{std::string(name) + " is missing"};
    if (!at::isFloatingType(found->second.scalar_type()))
        throw Misfit{std::string(name) + " holds no floating-point numbers"};
    return found->second;
}

std::string shapeOf(const at::Tensor& tensor)
{
    return shapeText(tensor.sizes().vec());
}

} // namespace

at::Tensor asMatrix(const at::Tensor& weight)
{
    return weight.view({weight.size(0), -1});
}

std::int64_t rowsOf(const Shape& shape)
{
    return shape.front();
}

std::int64_t columnsOf(const Shape& shape)
{
    return std::accumulate(shape.begin() + 1, shape.end(), std::int64_t(1), std::multiplies<>());
}

at::Tensor matrixOf(const Pieces& pieces, std::string_view name, std::int64_t rows, std::int64_t columns)
{
    const at::Tensor& piece = pieceOf(pieces, name);
    const bool isMatrix = piece.dim() >= 2 && piece.numel() > 0;
    const std::int64_t height = isMatrix ? piece.size(0) : 0;
    const std::int64_t width = isMatrix ? piece.numel() / height : 0;
    if (!isMatrix || (rows >= 0 && rows != height) || (columns >= 0 && columns != width))
        throw Misfit{std::string(name) + " is " + shapeOf(piece) + " where "
            + (rows < 0 ? "any number of" : std::to_string(rows)) + " rows of "
            + (columns < 0 ? "any number of" : std::to_string(columns)) + " values belong"};
    return piece.reshape({height, width});
}

at::Tensor valuesOf(const Pieces& pieces, std::string_view name, std::int64_t count)
{
    const at::Tensor& piece = pieceOf(pieces, name);
    if (piece.numel() != count)
        throw Misfit{std::string(name) + " is " + shapeOf(piece) + " where " + std::to_string(count)
            + " values belong"};
    return piece;
}

bool has(const Pieces& pieces, std::string_view name)
{
    return pieces.find(name) != pieces.end();
}

double scaleOf(const Pieces& pieces, std::int64_t rank)
{
    const auto found = pieces.find("alpha");
    if (found == pieces.end())
        return 1.0;
    if (found->second.numel() != 1)
        throw Misfit{"alpha is " + shapeOf(found->second) + " where one number belongs"};
    const double alpha = found->second.to(at::kDouble).item<double>();
    if (!std::isfinite(alpha))
        throw Misfit{"alpha is no finite number"};
    return alpha / double(rank);
}

Change lowRankChange(LowRank factors)
{
    Change change;
    change.apply = [factors](at::Tensor& weight, double strength) {
        const at::Tensor up = nn::convertedLike(factors.up, weight);
        const at::Tensor down = nn::convertedLike(factors.down, weight);
        asMatrix(weight).addmm_(up, down, 1.0, strength * factors.scale);
    };
    change.lowRank = std::move(factors);
    return change;
}

} // namespace studio::adapters
