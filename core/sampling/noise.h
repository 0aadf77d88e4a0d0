#pragma once

#include "core/api/request.h"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>

namespace studio::sampling {

/// The random numbers of one picture. One stream a seed, float32, drawn on the CPU, so that a seed names the same
/// noise on every machine and beside any other picture. Not for use by two threads at once.
///
/// NoiseSource::Torch: equal to the bit to torch.randn with torch.Generator("cpu").manual_seed(seed).
/// NoiseSource::Philox: see philox.h; every draw advances the counter by one.
class NoiseStream {
public:
    NoiseStream(NoiseSource source, std::uint64_t seed);

    /// The next numbers: a contiguous float32 CPU tensor of unit variance. Move it to the device where it is used.
    at::Tensor draw(at::IntArrayRef shape);

    /// A stream that goes on from here with the same numbers.
    NoiseStream copy() const;

    std::uint64_t seed() const { return m_seed; }

private:
    NoiseSource m_source;
    std::uint64_t m_seed;
    std::uint32_t m_calls = 0;
    at::Generator m_generator;
};

} // namespace studio::sampling
