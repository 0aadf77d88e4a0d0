#pragma once

#include "tests/tools/checkpoint_spec.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace studio::testing {

/// The values of one tensor by the weight rule of tests/oracle/README.md: a pure function of seed, name and index.
class RandomValues {
public:
    RandomValues(std::uint64_t seed, const SpecTensor& tensor);

    /// The value at a row-major index of the diffusers shape.
    float at(std::int64_t index) const;

    /// Values begin, begin + 1, ... as `type` (F32, F16, BF16, F8E4M3 or F8E5M2), rounded to nearest, ties to even.
    void fill(std::int64_t begin, std::int64_t count, StoredType type, std::byte* out) const;

private:
    bool isOnDiagonal(std::int64_t index) const;

    const SpecTensor& m_tensor;
    std::uint64_t m_start;
    std::int64_t m_kernel = 1; ///< values per (output, input) pair
    std::int64_t m_kernelCentre = 0;
};

/// Rounds to nearest, ties to even; what is too large becomes the type's infinity or, where it has none, NaN.
std::uint16_t toHalf(float value);
std::uint16_t toBfloat16(float value);
std::uint8_t toFloat8E4M3(float value);
std::uint8_t toFloat8E5M2(float value);

} // namespace studio::testing
