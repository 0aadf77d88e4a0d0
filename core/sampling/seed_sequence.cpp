#include "core/sampling/seed_sequence.h"

namespace studio::sampling {

namespace {

// M. O'Neill, "Developing a seed_seq Alternative" (2015): multipliers of her 32-bit hash and mix.
constexpr std::uint32_t kFirstIn = 0x43B0D7E5;
constexpr std::uint32_t kStepIn = 0x931E8875;
constexpr std::uint32_t kFirstOut = 0x8B51F9DD;
constexpr std::uint32_t kStepOut = 0x58F38DED;
constexpr std::uint32_t kMixLeft = 0xCA01F9DD;
constexpr std::uint32_t kMixRight = 0x4973F715;
constexpr int kShift = 16;

/// Hashes with a constant that changes with every call.
class Hash {
public:
    Hash(std::uint32_t first, std::uint32_t step)
        : m_constant(first)
        , m_step(step)
    { }
    std::uint32_t operator()(std::uint32_t value)
    {
        value ^= m_constant;
        m_constant *= m_step;
        value *= m_constant;
        return value ^ (value >> kShift);
    }

private:
    std::uint32_t m_constant;
    std::uint32_t m_step;
};

std::uint32_t mix(std::uint32_t x, std::uint32_t y)
{
    const std::uint32_t result = kMixLeft * x - kMixRight * y;
    return result ^ (result >> kShift);
}

/// Low word first; as many words as the number needs, at least one.
void appendWords(std::vector<std::uint32_t>& words, std::uint64_t number)
{
    do {
        words.push_back(static_cast<std::uint32_t>(number));
        number >>= 32;
    } while (number != 0);
}

} // namespace

std::vector<std::uint32_t> spawnSeeds(
    std::uint64_t entropy, std::span<const std::uint64_t> spawnKey, std::size_t poolSize, std::size_t words)
{
    std::vector<std::uint32_t> input;
    appendWords(input, entropy);
    if (!spawnKey.empty() && input.size() < poolSize)
        input.resize(poolSize); // so that a spawned sequence never equals one with longer entropy
    for (const std::uint64_t key : spawnKey)
        appendWords(input, key);

    std::vector<std::uint32_t> pool(poolSize);
    Hash in(kFirstIn, kStepIn);
    for (std::size_t i = 0; i < poolSize; ++i)
        pool[i] = in(i < input.size() ? input[i] : 0);
    for (std::size_t from = 0; from < poolSize; ++from) {
        for (std::size_t to = 0; to < poolSize; ++to) {
            if (from != to)
                pool[to] = mix(pool[to], in(pool[from]));
        }
    }
    for (std::size_t from = poolSize; from < input.size(); ++from) {
        for (std::uint32_t& word : pool)
            word = mix(word, in(input[from]));
    }

    std::vector<std::uint32_t> seeds(words);
    Hash out(kFirstOut, kStepOut);
    for (std::size_t i = 0; i < words; ++i)
        seeds[i] = out(pool[i % poolSize]);
    return seeds;
}

} // namespace studio::sampling
