#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio::adapters {

/// The tensors that an adapter file holds for one layer, by LyCORIS's names of the pieces (AdapterKey::piece). They are
/// the mapped file itself: in its dtype, and not to be written to.
using Pieces = std::map<std::string, at::Tensor, std::less<>>;

/// Of the weight that is changed: [out, in], [out, in, k, k] or [channels].
using Shape = std::vector<std::int64_t>;

/// scale * up down, the weight seen as a matrix.
struct LowRank {
    at::Tensor up;   ///< [out, r]
    at::Tensor down; ///< [r, in] or [r, in k k]
    double scale = 1.0;
};

/// What one adapter does to one weight.
struct Change {
    /// Changes `weight` in place. It has the Shape the change was made for, any floating dtype, and is contiguous. A
    /// strength of 0 leaves it as it is, 1 applies the change as it was trained.
    std::function<void(at::Tensor& weight, double strength)> apply;

    /// Set if the change is W + strength * scale * up down and nothing else.
    std::optional<LowRank> lowRank;
};

/// A file's tensors do not fit the layer they are for; the text says what is wrong: "lora_down is [4, 320] ...".
struct Misfit {
    std::string what;
};

/// The weight as a matrix [out, everything else].
at::Tensor asMatrix(const at::Tensor& weight);
std::int64_t rowsOf(const Shape& shape);    ///< out
std::int64_t columnsOf(const Shape& shape); ///< in, or in k k

/// A piece that must be there, as a matrix of `rows` x `columns` (-1: any number); [r, in, 1, 1] is one, too.
/// Throws Misfit.
at::Tensor matrixOf(const Pieces& pieces, std::string_view name, std::int64_t rows, std::int64_t columns);

/// A piece that must be there, with `count` values in any shape. Throws Misfit.
at::Tensor valuesOf(const Pieces& pieces, std::string_view name, std::int64_t count);

bool has(const Pieces& pieces, std::string_view name);

/// alpha / rank, or 1 where the file gives no alpha. Throws Misfit if alpha is no finite number.
double scaleOf(const Pieces& pieces, std::int64_t rank);

/// scale * up down as a change of its own.
Change lowRankChange(LowRank factors);

} // namespace studio::adapters
