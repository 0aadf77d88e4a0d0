#pragma once

#include <cstdint>
#include <span>

namespace studio::sampling {

/// Fills `values` with normal random numbers as CUDA's `randn` would for a small tensor: element i comes from the
/// Philox4x32-10 block (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011) with key `seed` and
/// counter {call, 0, i, 0}; the first two words make one number by Box and Muller's transform (its sine half).
/// `call` counts the draws made with this seed. Independent of the card, unlike CUDA itself on large tensors.
void fillPhiloxNormal(std::span<float> values, std::uint64_t seed, std::uint32_t call);

} // namespace studio::sampling
