#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace studio::sampling {

/// Many independent seeds out of one: O'Neill's seed_seq_fe as NumPy's SeedSequence has it (entropy, spawn_key and
/// pool_size are its parameters). Answers its generate_state(words).
std::vector<std::uint32_t> spawnSeeds(
    std::uint64_t entropy, std::span<const std::uint64_t> spawnKey, std::size_t poolSize, std::size_t words);

} // namespace studio::sampling
