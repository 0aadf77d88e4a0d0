#include "core/adapters/adapter_types.h"

#include "core/nn/module.h"

#include <ATen/ATen.h>

#include <algorithm>

// Adapters that multiply what is there: rotations, scalings, lengths.

namespace studio::adapters {

namespace {

/// So many columns of a weight are turned at once.
constexpr std::int64_t kBlockValues = std::int64_t(1) << 19;

/// Cayley's map of B - B^T: orthogonal matrices [..., b, b]. `bound`: of |Q| over all blocks; 0: none.
at::Tensor rotations(const at::Tensor& blocks, double bound)
{
    const at::Tensor b = blocks.to(at::kDouble);
    at::Tensor q = b - b.transpose(-1, -2);
    const double norm = q.norm().item<double>();
    if (bound > 0.0 && norm > bound)
        q = q * (bound / norm);
    const at::Tensor one = at::eye(q.size(-1), q.options());
    return std::get<0>(at::linalg_solve_ex(one - q, one + q, /*left=*/false)).to(at::kFloat);
}

/// What sd-scripts and LyCORIS write as alpha: the bound of |Q| for each output channel.
double boundOf(const Pieces& pieces, const Shape& shape)
{
    return has(pieces, "alpha") ? scaleOf(pieces, 1) * double(rowsOf(shape)) : 0.0;
}

/// Turns the rows of `matrix` [out, columns], block by block, and answers the turned matrix.
using Turn = std::function<at::Tensor(const at::Tensor& matrix)>;

Turn turnBlocks(const at::Tensor& rotations)
{
    const at::Tensor transposed = rotations.transpose(1, 2).contiguous();
    return [transposed](const at::Tensor& matrix) {
        const at::Tensor blocks = matrix.view({transposed.size(0), transposed.size(1), -1});
        return at::bmm(transposed.to(matrix.options()), blocks).view(matrix.sizes());
    };
}

/// Stage i mixes rows that lie 2^i b / 2 apart.
Turn turnButterfly(const at::Tensor& rotations)
{
    return [rotations](const at::Tensor& matrix) {
        const std::int64_t blocks = rotations.size(1), size = rotations.size(2), columns = matrix.size(1);
        const at::Tensor stages = rotations.to(matrix.options());
        at::Tensor rows = matrix;
        for (std::int64_t i = 0; i < stages.size(0); ++i) {
            const std::int64_t apart = (size / 2) << i;
            rows = rows.view({-1, 2, apart, columns}).transpose(1, 2).reshape({blocks, size, columns});
            rows = at::bmm(stages[i], rows);
            rows = rows.view({-1, apart, 2, columns}).transpose(1, 2).reshape({-1, columns});
        }
        return rows;
    };
}

Turn turnOf(const Pieces& pieces, const Shape& shape)
{
    const at::Tensor& blocks = pieces.find("oft_blocks")->second;
    const bool isButterfly = blocks.dim() == 4;
    const std::int64_t size = blocks.dim() >= 3 ? blocks.size(-1) : 0;
    if ((blocks.dim() != 3 && !isButterfly) || blocks.size(-2) != size || size < 1
        || blocks.size(-3) * size != rowsOf(shape) || !at::isFloatingType(blocks.scalar_type()))
        throw Misfit{
            "oft_blocks are no square blocks of the layer's " + std::to_string(rowsOf(shape)) + " rows"};
    if (!isButterfly)
        return turnBlocks(rotations(blocks, boundOf(pieces, shape)));
    const bool fits
        = size % 2 == 0 && blocks.size(0) < 32 && rowsOf(shape) % ((size / 2) << blocks.size(0)) == 0;
    if (!fits)
        throw Misfit{"oft_blocks have more stages than the layer's rows allow"};
    return turnButterfly(rotations(blocks, boundOf(pieces, shape)));
}

} // namespace

Change readOft(const Pieces& pieces, const Shape& shape)
{
    const Turn turn = turnOf(pieces, shape);
    const at::Tensor rescale
        = has(pieces, "rescale") ? valuesOf(pieces, "rescale", rowsOf(shape)).reshape({-1, 1}) : at::Tensor();
    return {[turn, rescale](at::Tensor& weight, double strength) {
                const at::Tensor matrix = asMatrix(weight);
                const std::int64_t step = std::max<std::int64_t>(1, kBlockValues / matrix.size(0));
                for (std::int64_t column = 0; column < matrix.size(1); column += step) {
                    const std::int64_t count = std::min(step, matrix.size(1) - column);
                    const at::Tensor part = matrix.narrow(1, column, count);
                    at::Tensor turned = turn(part.contiguous());
                    if (rescale.defined())
                        turned = turned * rescale.to(turned.options());
                    part.lerp_(turned, strength);
                }
            },
        {}};
}

Change readIa3(const Pieces& pieces, const Shape& shape)
{
    const auto onInput = pieces.find("on_input");
    if (onInput->second.numel() != 1)
        throw Misfit{"on_input is more than one value"};
    const bool input = onInput->second.to(at::kDouble).item<double>() != 0.0;
    if (input && shape.size() < 2)
        throw Misfit{"on_input belongs to layers with input channels"};
    const at::Tensor values = valuesOf(pieces, "ia3", input ? shape[1] : rowsOf(shape)).reshape({-1});
    return {[values, input](at::Tensor& weight, double strength) {
                std::vector<std::int64_t> broadcast(static_cast<std::size_t>(weight.dim()), 1);
                broadcast[input ? 1 : 0] = -1;
                weight.mul_(values.to(weight.options()).mul(strength).add(1.0).view(broadcast));
            },
        {}};
}

Change withMagnitude(Change additive, const Pieces& pieces, const Shape& shape)
{
    const bool isPeft = has(pieces, "magnitude");
    if (!isPeft && !has(pieces, "dora_scale"))
        return additive;
    const at::Tensor given
        = isPeft ? valuesOf(pieces, "magnitude", rowsOf(shape)) : pieces.find("dora_scale")->second;
    // LyCORIS knows both ways; the dimension that is not 1 tells.
    const bool ofRows = isPeft || (given.dim() > 0 && given.size(0) == rowsOf(shape));
    const at::Tensor lengths
        = isPeft ? given : valuesOf(pieces, "dora_scale", ofRows ? rowsOf(shape) : shape.at(1));
    const at::Tensor target = lengths.to(at::kFloat).reshape({-1});
    Change change;
    change.apply = [additive = std::move(additive), target, ofRows](at::Tensor& weight, double strength) {
        additive.apply(weight, 1.0);
        const at::Tensor lines
            = ofRows ? asMatrix(weight) : weight.view({weight.size(0), weight.size(1), -1});
        const at::Tensor norms = ofRows ? lines.norm(2, at::IntArrayRef({1}), /*keepdim=*/true)
                                        : lines.norm(2, at::IntArrayRef({0, 2}), true);
        const at::Tensor wanted = target.to(weight.options()).view(norms.sizes());
        lines.mul_(wanted / norms * strength + (1.0 - strength));
        // (1 - t) W + t m V / |V| with V = W + dW, without a second copy of W.
        if (strength != 1.0)
            additive.apply(weight, strength - 1.0);
    };
    return change;
}

} // namespace studio::adapters
