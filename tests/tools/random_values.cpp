#include "tests/tools/random_values.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string_view>

namespace studio::testing {

namespace {

constexpr std::uint64_t kGoldenGamma = 0x9E3779B97F4A7C15;

std::uint64_t mix(std::uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

std::uint64_t fnv1a64(std::string_view text)
{
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const char letter : text)
        hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3;
    return hash;
}

/// A small binary floating-point format with `mantissa` stored bits and a bias, from a finite float: the number of
/// ulps at the value's exponent (or at the smallest normal one, which gives the subnormals) rounded to an integer.
std::uint32_t toSmallFloat(float value, int mantissa, int bias)
{
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value) & 0x7FFFFFFF;
    const int exponent = static_cast<int>(bits >> 23) - 127;
    const int least = 1 - bias;
    const int shift = 23 - mantissa + std::max(least - exponent, 0);
    if (shift > 24)
        return 0; // less than half of the smallest subnormal; float32's own subnormals are all here
    const std::uint32_t significand = (bits & 0x7FFFFF) | 0x800000;
    const std::uint32_t half = (1u << (shift - 1)) - 1 + ((significand >> shift) & 1);
    // Rounding up to the next power of two carries into the exponent by itself.
    return ((significand + half) >> shift)
        + (static_cast<std::uint32_t>(std::max(exponent, least) - least) << mantissa);
}

} // namespace

std::uint16_t toHalf(float value)
{
    const std::uint16_t sign = std::signbit(value) ? 0x8000 : 0;
    if (std::isnan(value))
        return static_cast<std::uint16_t>(sign | 0x7E00);
    const std::uint32_t bits = std::isinf(value) ? 0x7C00 : std::min(toSmallFloat(value, 10, 15), 0x7C00u);
    return static_cast<std::uint16_t>(sign | bits);
}

std::uint16_t toBfloat16(float value)
{
    if (std::isnan(value))
        return 0x7FC0;
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return static_cast<std::uint16_t>((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

std::uint8_t toFloat8E4M3(float value)
{
    const std::uint8_t sign = std::signbit(value) ? 0x80 : 0;
    const std::uint32_t bits = std::isfinite(value) ? std::min(toSmallFloat(value, 3, 7), 0x7Fu) : 0x7F;
    return static_cast<std::uint8_t>(sign | bits);
}

std::uint8_t toFloat8E5M2(float value)
{
    const std::uint8_t sign = std::signbit(value) ? 0x80 : 0;
    if (std::isnan(value))
        return static_cast<std::uint8_t>(sign | 0x7F);
    const std::uint32_t bits = std::isinf(value) ? 0x7C : std::min(toSmallFloat(value, 2, 15), 0x7Cu);
    return static_cast<std::uint8_t>(sign | bits);
}

RandomValues::RandomValues(std::uint64_t seed, const SpecTensor& tensor)
    : m_tensor(tensor)
    , m_start(fnv1a64(tensor.component + "/" + tensor.key) ^ mix(seed + kGoldenGamma))
{
    for (std::size_t i = 2; i < tensor.shape.size(); ++i) {
        m_kernel *= tensor.shape[i];
        m_kernelCentre = m_kernelCentre * tensor.shape[i] + tensor.shape[i] / 2;
    }
}

bool RandomValues::isOnDiagonal(std::int64_t index) const
{
    const std::int64_t pair = index / m_kernel;
    const std::int64_t inputs = m_tensor.shape[1];
    return index % m_kernel == m_kernelCentre && pair / inputs % 4 == pair % inputs % 4;
}

float RandomValues::at(std::int64_t index) const
{
    const std::uint64_t z = mix(m_start + (static_cast<std::uint64_t>(index) + 1) * kGoldenGamma);
    const double unit = static_cast<double>(z >> 40) / static_cast<double>(1 << 23) - 1.0;
    const double diagonal = m_tensor.diagonal != 0.0 && isOnDiagonal(index) ? m_tensor.diagonal : 0.0;
    return static_cast<float>((m_tensor.offset + diagonal) + m_tensor.scale * unit);
}

void RandomValues::fill(std::int64_t begin, std::int64_t count, StoredType type, std::byte* out) const
{
    const auto each = [&](auto convert) {
        for (std::int64_t i = 0; i < count; ++i) {
            const auto value = convert(at(begin + i));
            std::memcpy(out + static_cast<std::size_t>(i) * sizeof(value), &value, sizeof(value));
        }
    };
    switch (type) {
    case StoredType::F32:
        return each([](float value) { return value; });
    case StoredType::F16:
        return each(&toHalf);
    case StoredType::BF16:
        return each(&toBfloat16);
    case StoredType::F8E4M3:
        return each(&toFloat8E4M3);
    case StoredType::F8E5M2:
        return each(&toFloat8E5M2);
    default:
        throw std::invalid_argument("Weights are stored as floating-point numbers.");
    }
}

} // namespace studio::testing
