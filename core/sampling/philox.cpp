#include "core/sampling/philox.h"

#include <array>
#include <cmath>

namespace studio::sampling {

namespace {

using Block = std::array<std::uint32_t, 4>;
using Key = std::array<std::uint32_t, 2>;

// Table 2 of the paper: the multipliers of the rounds and the Weyl increments of the key.
constexpr std::array<std::uint32_t, 2> kMultipliers{0xD2511F53, 0xCD9E8D57};
constexpr std::array<std::uint32_t, 2> kWeyl{0x9E3779B9, 0xBB67AE85};
constexpr int kRounds = 10;

Block philox(Block counter, Key key)
{
    for (int round = 0; round < kRounds; ++round) {
        const std::uint64_t even = std::uint64_t{kMultipliers[0]} * counter[0];
        const std::uint64_t odd = std::uint64_t{kMultipliers[1]} * counter[2];
        counter = {static_cast<std::uint32_t>(odd >> 32) ^ counter[1] ^ key[0],
            static_cast<std::uint32_t>(odd), static_cast<std::uint32_t>(even >> 32) ^ counter[3] ^ key[1],
            static_cast<std::uint32_t>(even)};
        key = {key[0] + kWeyl[0], key[1] + kWeyl[1]};
    }
    return counter;
}

// cuRAND scales its words by 2^-32 and by 2 pi 2^-32, both rounded to float32, and adds half a unit so that the
// logarithm never sees zero.
constexpr double kUnit = static_cast<double>(2.3283064e-10f);
constexpr double kTurn = static_cast<double>(static_cast<float>(2.3283064e-10 * 6.2831855));

float boxMuller(std::uint32_t radius, std::uint32_t angle)
{
    const double u = radius * kUnit + kUnit / 2;
    const double v = angle * kTurn + kTurn / 2;
    return static_cast<float>(std::sqrt(-2.0 * std::log(u)) * std::sin(v));
}

} // namespace

void fillPhiloxNormal(std::span<float> values, std::uint64_t seed, std::uint32_t call)
{
    const Key key{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Block words = philox({call, 0, static_cast<std::uint32_t>(i), 0}, key);
        values[i] = boxMuller(words[0], words[1]);
    }
}

} // namespace studio::sampling
