#include "core/adapters/adapter_types.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numeric>

// Adapters as PEFT's own modules have them: they turn or scale what a layer reads.

namespace studio::adapters {

namespace {

/// So many values of a weight are turned at once.
constexpr std::int64_t kBlockValues = std::int64_t(1) << 19;
constexpr std::int64_t kMostStages = 32;

double numberIn(const Pieces& pieces, std::string_view name, double absent)
{
    const auto found = pieces.find(name);
    return found == pieces.end() ? absent : found->second.to(at::kDouble).item<double>();
}

/// [n, b (b - 1) / 2], the upper triangles by rows -> skew-symmetric matrices [n, b, b].
at::Tensor skewFrom(const at::Tensor& values, std::int64_t size)
{
    const at::Tensor places = at::triu_indices(size, size, 1, values.options().dtype(at::kLong));
    at::Tensor skew = at::zeros({values.size(0), size, size}, values.options());
    skew.index_put_({at::indexing::Slice(), places[0], places[1]}, values);
    return skew - skew.transpose(1, 2);
}

/// (1 - Q)(1 + Q)^-1, Cayley's map.
at::Tensor cayley(const at::Tensor& q)
{
    const at::Tensor one = at::eye(q.size(-1), q.options());
    return std::get<0>(at::linalg_solve_ex(one + q, one - q, /*left=*/false));
}

/// Neumann's series of (1 + Q)(1 - Q)^-1, cut after `terms`: 1 + 2 Q + 2 Q^2 + ... + Q^(terms - 1). Of 3 terms PEFT makes
/// 4.
at::Tensor cayleySeries(const at::Tensor& q, int terms)
{
    terms = terms == 3 ? 4 : terms;
    at::Tensor sum = at::eye(q.size(-1), q.options()).expand(q.sizes()).clone();
    at::Tensor power = q;
    for (int i = 1; i < terms; ++i) {
        // The last counts once where there are many.
        const bool isLast = i == terms - 1 && i > 2;
        sum.add_(power, isLast ? 1.0 : 2.0);
        power = at::bmm(power, q);
    }
    return sum;
}

/// |Q| of each block is at most the bound, shared out over the blocks.
at::Tensor bounded(const at::Tensor& q, double bound)
{
    const double most = bound / std::sqrt(double(q.size(0)));
    const at::Tensor norms = q.flatten(1).norm(2, at::IntArrayRef({1}), /*keepdim=*/true).unsqueeze(-1);
    return at::where(norms <= most, q, q * (most / norms));
}

/// Matrices [stages, n, b, b] that turn the inputs of a layer, stage after stage.
using Stages = at::Tensor;

/// Where each input goes before a stage of a butterfly of several, as PEFT lays it out: within blocks of 2^stage b, the
/// even halves of blocks come first.
at::Tensor butterflyOrder(std::int64_t inputs, std::int64_t size, std::int64_t stage)
{
    const std::int64_t half = size / 2;
    const std::int64_t pairs = std::int64_t(1) << stage;
    const at::Tensor order = at::arange(inputs, at::kLong).view({-1, pairs, 2, half});
    return order.transpose(1, 2).reshape({-1});
}

/// W M^T for rows of W, with M the product of the stages.
at::Tensor turned(const at::Tensor& rows, const Stages& stages)
{
    const std::int64_t count = stages.size(0), blocks = stages.size(1), size = stages.size(2);
    at::Tensor out = rows;
    for (std::int64_t stage = 0; stage < count; ++stage) {
        const at::Tensor order
            = count > 1 ? butterflyOrder(rows.size(1), size, stage).to(rows.device()) : at::Tensor();
        if (order.defined())
            out = out.index_select(1, at::argsort(order));
        const at::Tensor parts = out.reshape({rows.size(0), blocks, size}).transpose(0, 1);
        out = at::bmm(parts, stages[stage].transpose(1, 2)).transpose(0, 1).reshape(rows.sizes());
        if (order.defined())
            out = out.index_select(1, order);
    }
    return out;
}

/// `scale` [out, 1] may be undefined.
Change turnInputs(const Stages& stages, const at::Tensor& scale)
{
    return {[stages, scale](at::Tensor& weight, double strength) {
                const at::Tensor matrix = asMatrix(weight);
                const at::Tensor turns = stages.to(matrix.options());
                const std::int64_t step = std::max<std::int64_t>(1, kBlockValues / matrix.size(1));
                for (std::int64_t row = 0; row < matrix.size(0); row += step) {
                    const std::int64_t count = std::min(step, matrix.size(0) - row);
                    const at::Tensor part = matrix.narrow(0, row, count);
                    at::Tensor now = turned(part, turns);
                    if (scale.defined())
                        now = now * scale.narrow(0, row, count).to(now.options());
                    part.lerp_(now, strength);
                }
            },
        {}};
}

/// Which way round a scaling is. A layer's two sides may be equal; then its settings tell.
bool scalesInputs(const Pieces& pieces, const Shape& shape)
{
    const at::Tensor& values = pieces.find("peft_ia3")->second;
    const bool isLinear = shape.size() == 2;
    if (shape.size() < 2)
        return false;
    if (isLinear && values.dim() == 2) // [1, in] or [out, 1]
        return values.size(0) == 1 && (values.size(1) == shape[1] && shape[1] != 1);
    if (shape[0] != shape[1])
        return values.numel() == shape[1];
    return numberIn(pieces, "feedforward", 0.0) != 0.0;
}

} // namespace

Change readPeftOft(const Pieces& pieces, const Shape& shape)
{
    const at::Tensor& values = pieces.find("peft_oft")->second;
    const std::int64_t triangle = values.dim() == 2 ? values.size(1) : 0;
    const auto size = std::int64_t(std::lround((1.0 + std::sqrt(1.0 + 8.0 * double(triangle))) / 2.0));
    const bool isTriangle = triangle > 0 && size * (size - 1) / 2 == triangle;
    const std::int64_t blocks = isTriangle ? columnsOf(shape) / size : 0;
    const bool fits = isTriangle && blocks * size == columnsOf(shape)
        && (values.size(0) == blocks || values.size(0) == 1) && at::isFloatingType(values.scalar_type());
    if (!fits)
        throw Misfit{"oft_R are no triangles of blocks of the layer's " + std::to_string(columnsOf(shape))
            + " inputs"};
    at::Tensor q = skewFrom(values.to(at::kDouble), size);
    if (const double bound = numberIn(pieces, "bound", 0.0); bound > 0.0)
        q = bounded(q, bound);
    const int terms = int(numberIn(pieces, "cayley_terms", 0.0));
    const at::Tensor turns = (terms > 0 ? cayleySeries(q, terms) : cayley(q)).to(at::kFloat);
    return turnInputs(turns.expand({blocks, size, size}).unsqueeze(0), {});
}

Change readPeftBoft(const Pieces& pieces, const Shape& shape)
{
    const at::Tensor& values = pieces.find("peft_boft")->second;
    const std::int64_t stages = values.dim() == 4 ? values.size(0) : 0;
    const std::int64_t size = stages > 0 ? values.size(3) : 0;
    const bool isSquare = stages > 0 && stages < kMostStages && values.size(2) == size && size > 0
        && values.size(1) * size == columnsOf(shape) && at::isFloatingType(values.scalar_type());
    const bool fits
        = isSquare && (stages == 1 || (size % 2 == 0 && columnsOf(shape) % (size << (stages - 1)) == 0));
    if (!fits)
        throw Misfit{
            "boft_R are no square blocks of the layer's " + std::to_string(columnsOf(shape)) + " inputs"};
    const at::Tensor b = values.to(at::kDouble);
    const at::Tensor q = 0.5 * (b - b.transpose(-1, -2));
    const at::Tensor scale = has(pieces, "peft_boft_s")
        ? valuesOf(pieces, "peft_boft_s", rowsOf(shape)).reshape({-1, 1})
        : at::Tensor();
    return turnInputs(cayley(q).to(at::kFloat), scale);
}

Change readPeftIa3Bias(const Pieces& pieces, const Shape& shape)
{
    const at::Tensor& given = pieces.find("peft_ia3")->second;
    const bool isOfInputs = given.dim() == 2
        ? given.size(0) == 1 && given.size(1) != 1
        : given.numel() != rowsOf(shape) || numberIn(pieces, "feedforward", 0.0) != 0.0;
    if (isOfInputs)
        return {[](at::Tensor&, double) {}, {}};
    const at::Tensor values = valuesOf(pieces, "peft_ia3", rowsOf(shape)).reshape({-1});
    return {[values](at::Tensor& bias, double strength) {
                bias.mul_(values.to(bias.options()).sub(1.0).mul(strength).add(1.0));
            },
        {}};
}

Change readPeftIa3(const Pieces& pieces, const Shape& shape)
{
    const bool inputs = scalesInputs(pieces, shape);
    const at::Tensor values = valuesOf(pieces, "peft_ia3", inputs ? shape[1] : rowsOf(shape)).reshape({-1});
    return {[values, inputs](at::Tensor& weight, double strength) {
                std::vector<std::int64_t> broadcast(static_cast<std::size_t>(weight.dim()), 1);
                broadcast[inputs ? 1 : 0] = -1;
                weight.mul_(values.to(weight.options()).sub(1.0).mul(strength).add(1.0).view(broadcast));
            },
        {}};
}

} // namespace studio::adapters
