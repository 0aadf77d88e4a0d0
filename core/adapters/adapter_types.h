#pragma once

#include "core/adapters/change.h"

#include <span>
#include <string_view>

namespace studio::adapters {

/// A way to change a layer: what shows it in a file, and the function that reads it. One row each; where a layer's
/// pieces show several (a LoRA with a new bias), all apply.
struct AdapterType {
    std::string_view name;      ///< for people
    std::string_view shownBy;   ///< the piece that shows it
    std::string_view parameter; ///< what is changed: "weight" or "bias"
    /// `shape`: of the weight that is changed. Throws Misfit.
    Change (*read)(const Pieces& pieces, const Shape& shape);
    bool mayLack = false; ///< the layer need not have the parameter
};

std::span<const AdapterType> adapterTypes();

// The functions. W is the weight as a matrix [out, in k k], r a rank; alpha / r is written s.

/// Hu et al. 2021 (arXiv:2106.09685): W + s up down. Conventions of kohya-ss/sd-scripts; PEFT's lora_A is down.
/// lora_up [out, r]   lora_down [r, in] or [r, in, k, k]
/// LoCon's CP decomposition adds lora_mid [r, r, k, k] between up and down [r, in].
Change readLora(const Pieces& pieces, const Shape& shape);

/// Hyeon-Woo et al. 2021 (arXiv:2108.06098, FedPara) as in LyCORIS: W + s (w1_a w1_b) * (w2_a w2_b), element by element.
/// hada_w1_a, hada_w2_a [out, r]   hada_w1_b, hada_w2_b [r, in k k]
/// With Tucker kernels hada_t1, hada_t2 [r, r, k, k]: w_a [r, out], w_b [r, in].
Change readLoha(const Pieces& pieces, const Shape& shape);

/// Edalati et al. 2022 (arXiv:2212.10650) as in LyCORIS: W + s w1 (x) w2, Kronecker's product.
/// lokr_w1 [o1, i1] or lokr_w1_a [o1, r], lokr_w1_b [r, i1]
/// lokr_w2 [o2, i2, k, k] or lokr_w2_a [o2, r], lokr_w2_b [r, i2 k k], or with lokr_t2 [r, r, k, k]: w2_a [r, o2],
/// w2_b [r, i2].   o1 o2 = out, i1 i2 = in. If neither is a product, alpha counts for nothing.
Change readLokr(const Pieces& pieces, const Shape& shape);

/// W + diff, and the same of biases (diff_b) and of normalisation layers (w_norm, b_norm): as in LyCORIS.
Change readDifference(const Pieces& pieces, const Shape& shape);
Change readBiasDifference(const Pieces& pieces, const Shape& shape);
Change readNormDifference(const Pieces& pieces, const Shape& shape);
Change readNormBiasDifference(const Pieces& pieces, const Shape& shape);

/// Liu et al. 2022 (arXiv:2205.05638) as in LyCORIS: each row of W times 1 + w, or each of its input channels if
/// on_input is true.   ia3 [out] or [in], in any shape
Change readIa3(const Pieces& pieces, const Shape& shape);

/// Qiu et al. 2023 (arXiv:2306.07280): the rows of W, in n blocks of b, are turned by orthogonal matrices:
/// R^T W with R = (1 + Q)(1 - Q)^-1 (Cayley) and Q = B - B^T. Conventions of sd-scripts and LyCORIS: alpha * out is the
/// most that |Q| may be (0: no bound); rescale [out] multiplies the rows afterwards.
/// oft_blocks [n, b, b]
/// BOFT (Liu et al. 2023, arXiv:2311.06243) turns m times, with the rows in another order each time (a butterfly):
/// oft_blocks [m, n, b, b]; here each stage is R W.
/// Strength goes straight from W to the turned weight, as in A1111.
Change readOft(const Pieces& pieces, const Shape& shape);

/// OFT, BOFT and IA3 as PEFT has them. The rotations act on the inputs, W M^T, a convolution's being in k k of them. What
/// its settings say stands in further pieces of one number.
/// peft_oft [n or 1, b (b - 1) / 2]: the upper triangles of skew-symmetric Q, the same for all blocks if it is one.
/// cayley_terms: of Neumann's series in the place of Cayley's map, 0: none. bound: COFT's, of |Q| over all blocks.
/// peft_boft [m, n, b, b] with Q = (B - B^T) / 2, and peft_boft_s [out], which multiplies the rows afterwards.
/// peft_ia3 [1, in] or [out, 1], of a convolution [1, in or out, 1, 1]: the factors themselves; of outputs, the bias has
/// them, too. feedforward: not 0, of inputs, where both sides are equal.
Change readPeftOft(const Pieces& pieces, const Shape& shape);
Change readPeftBoft(const Pieces& pieces, const Shape& shape);
Change readPeftIa3(const Pieces& pieces, const Shape& shape);
Change readPeftIa3Bias(const Pieces& pieces, const Shape& shape);

/// Liu et al. 2024 (arXiv:2402.09353): the changed weight's rows (or input channels) get trained lengths:
/// m (W + dW) / |W + dW|. `additive` makes W + dW. A strength below 1 goes straight from W to that, as in A1111 and
/// ComfyUI.
/// dora_scale [out, 1] or [1, in] (with one or three trailing ones); PEFT's magnitude [out], or [1, out, 1, 1]
Change withMagnitude(Change additive, const Pieces& pieces, const Shape& shape);

} // namespace studio::adapters
