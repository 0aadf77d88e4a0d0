#include "core/adapters/adapter_types.h"

#include "core/nn/module.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>

namespace studio::adapters {

namespace {

constexpr std::array kTypes{
    AdapterType{"LoRA", "lora_up", "weight", readLora},
    AdapterType{"LoHa", "hada_w1_a", "weight", readLoha},
    AdapterType{"LoKr", "lokr_w1", "weight", readLokr},
    AdapterType{"LoKr", "lokr_w1_a", "weight", readLokr},
    AdapterType{"OFT", "oft_blocks", "weight", readOft},
    AdapterType{"IA3", "on_input", "weight", readIa3},
    AdapterType{"OFT", "peft_oft", "weight", readPeftOft},
    AdapterType{"BOFT", "peft_boft", "weight", readPeftBoft},
    AdapterType{"IA3", "peft_ia3", "weight", readPeftIa3},
    AdapterType{"IA3", "peft_ia3", "bias", readPeftIa3Bias, /*mayLack*/ true},
    AdapterType{"difference", "diff", "weight", readDifference},
    AdapterType{"difference", "diff_b", "bias", readBiasDifference},
    AdapterType{"norm", "w_norm", "weight", readNormDifference},
    AdapterType{"norm", "b_norm", "bias", readNormBiasDifference},
};

/// So many values of a product are made at once: what is left of it stays in the caches.
constexpr std::int64_t kBlockValues = std::int64_t(1) << 19;

/// A kernel t [n, m, k, k] and a matrix b [m, in] as one matrix [n, in k k]: sum over m of t[n, m, :, :] b[m, in].
at::Tensor withKernel(
    const Pieces& pieces, std::string_view kernel, const at::Tensor& matrix, const Shape& shape)
{
    const at::Tensor& t = pieces.find(kernel)->second;
    if (shape.size() != 4 || t.dim() != 4 || t.size(1) != matrix.size(0) || t.size(2) != shape[2]
        || t.size(3) != shape[3])
        throw Misfit{std::string(kernel) + " has another shape than its layer's kernel"};
    const at::Tensor kernels = t.to(at::kFloat).permute({0, 2, 3, 1}).reshape({-1, t.size(1)});
    return at::mm(kernels, matrix.to(at::kFloat))
        .view({t.size(0), shape[2] * shape[3], matrix.size(1)})
        .transpose(1, 2)
        .reshape({t.size(0), -1});
}

/// One of the two products of LoHa.
LowRank hadamardFactor(const Pieces& pieces, const std::string& number, const Shape& shape)
{
    const std::string w = "hada_w" + number;
    const std::string kernel = "hada_t" + number;
    if (!has(pieces, kernel)) {
        at::Tensor up = matrixOf(pieces, w + "_a", rowsOf(shape), -1);
        at::Tensor down = matrixOf(pieces, w + "_b", up.size(1), columnsOf(shape));
        return {std::move(up), std::move(down)};
    }
    const at::Tensor up = matrixOf(pieces, w + "_a", -1, rowsOf(shape)).t();
    const at::Tensor down = matrixOf(pieces, w + "_b", -1, shape.at(1));
    LowRank factor{up, withKernel(pieces, kernel, down, shape)};
    if (factor.down.size(0) != up.size(1))
        throw Misfit{kernel + " has another rank than " + w + "_a"};
    return factor;
}

/// LoKr's second matrix as [o2, i2 k k], whole or as a product made when it is needed.
struct KroneckerSide {
    at::Tensor whole;
    LowRank product;
    std::int64_t rows = 0;
    std::int64_t columns = 0;

    at::Tensor like(const at::Tensor& weight) const
    {
        if (whole.defined())
            return nn::convertedLike(whole, weight);
        return at::mm(nn::convertedLike(product.up, weight), nn::convertedLike(product.down, weight));
    }
};

KroneckerSide kroneckerSide(const Pieces& pieces, const std::string& name, const Shape& shape)
{
    KroneckerSide side;
    if (has(pieces, name)) {
        side.whole = matrixOf(pieces, name, -1, -1);
        side.rows = side.whole.size(0);
        side.columns = side.whole.size(1);
        return side;
    }
    if (name == "lokr_w2" && has(pieces, "lokr_t2")) {
        side.product.up = matrixOf(pieces, "lokr_w2_a", -1, -1).t();
        side.product.down = withKernel(pieces, "lokr_t2", matrixOf(pieces, "lokr_w2_b", -1, -1), shape);
        if (side.product.down.size(0) != side.product.up.size(1))
            throw Misfit{"lokr_t2 has another rank than lokr_w2_a"};
    } else {
        side.product.up = matrixOf(pieces, name + "_a", -1, -1);
        side.product.down = matrixOf(pieces, name + "_b", side.product.up.size(1), -1);
    }
    side.rows = side.product.up.size(0);
    side.columns = side.product.down.size(1);
    return side;
}

double kroneckerScale(const Pieces& pieces, const KroneckerSide& first, const KroneckerSide& second)
{
    if (!first.whole.defined())
        return scaleOf(pieces, first.product.down.size(0));
    return second.whole.defined() ? 1.0 : scaleOf(pieces, second.product.up.size(1));
}

Change difference(const Pieces& pieces, std::string_view piece, const Shape& shape)
{
    const at::Tensor values = valuesOf(pieces, piece, rowsOf(shape) * columnsOf(shape)).reshape(shape);
    return {[values](at::Tensor& weight, double strength) {
                weight.add_(nn::convertedLike(values, weight), strength);
            },
        {}};
}

} // namespace

std::span<const AdapterType> adapterTypes()
{
    return kTypes;
}

Change readLora(const Pieces& pieces, const Shape& shape)
{
    LowRank factors;
    factors.up = matrixOf(pieces, "lora_up", rowsOf(shape), -1);
    if (has(pieces, "lora_mid"))
        factors.down = withKernel(pieces, "lora_mid", matrixOf(pieces, "lora_down", -1, shape.at(1)), shape);
    else
        factors.down = matrixOf(pieces, "lora_down", -1, columnsOf(shape));
    if (factors.down.size(0) != factors.up.size(1))
        throw Misfit{"lora_up and lora_down have different ranks"};
    factors.scale = scaleOf(pieces, factors.up.size(1));
    return withMagnitude(lowRankChange(std::move(factors)), pieces, shape);
}

Change readLoha(const Pieces& pieces, const Shape& shape)
{
    const LowRank first = hadamardFactor(pieces, "1", shape);
    const LowRank second = hadamardFactor(pieces, "2", shape);
    const double scale = scaleOf(pieces, first.down.size(0));
    Change change;
    change.apply = [first, second, scale](at::Tensor& weight, double strength) {
        const at::Tensor up1 = nn::convertedLike(first.up, weight);
        const at::Tensor down1 = nn::convertedLike(first.down, weight);
        const at::Tensor up2 = nn::convertedLike(second.up, weight);
        const at::Tensor down2 = nn::convertedLike(second.down, weight);
        const at::Tensor matrix = asMatrix(weight);
        const std::int64_t step = std::max<std::int64_t>(1, kBlockValues / matrix.size(1));
        for (std::int64_t row = 0; row < matrix.size(0); row += step) {
            const std::int64_t count = std::min(step, matrix.size(0) - row);
            matrix.narrow(0, row, count)
                .addcmul_(at::mm(up1.narrow(0, row, count), down1), at::mm(up2.narrow(0, row, count), down2),
                    strength * scale);
        }
    };
    return withMagnitude(std::move(change), pieces, shape);
}

Change readLokr(const Pieces& pieces, const Shape& shape)
{
    const KroneckerSide first = kroneckerSide(pieces, "lokr_w1", shape);
    const KroneckerSide second = kroneckerSide(pieces, "lokr_w2", shape);
    if (first.rows * second.rows != rowsOf(shape) || first.columns * second.columns != columnsOf(shape))
        throw Misfit{"lokr_w1 and lokr_w2 make a weight of another shape"};
    const double scale = kroneckerScale(pieces, first, second);
    Change change;
    change.apply = [first, second, scale](at::Tensor& weight, double strength) {
        const at::Tensor w1 = first.like(weight).view({first.rows, 1, first.columns, 1});
        const at::Tensor w2 = second.like(weight).view({1, second.rows, 1, second.columns});
        weight.view({first.rows, second.rows, first.columns, second.columns})
            .addcmul_(w1, w2, strength * scale);
    };
    return withMagnitude(std::move(change), pieces, shape);
}

Change readDifference(const Pieces& pieces, const Shape& shape)
{
    return withMagnitude(difference(pieces, "diff", shape), pieces, shape);
}

Change readBiasDifference(const Pieces& pieces, const Shape& shape)
{
    return difference(pieces, "diff_b", shape);
}

Change readNormDifference(const Pieces& pieces, const Shape& shape)
{
    return difference(pieces, "w_norm", shape);
}

Change readNormBiasDifference(const Pieces& pieces, const Shape& shape)
{
    return difference(pieces, "b_norm", shape);
}

} // namespace studio::adapters
