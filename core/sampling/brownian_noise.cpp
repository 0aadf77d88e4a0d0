#include "core/sampling/brownian_noise.h"

#include "core/sampling/seed_sequence.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace studio::sampling {

namespace {

constexpr std::size_t kPoolSize = 24;

/// To six decimals, the resolution of the path, as Python's round does: exactly, through the decimal form.
double rounded(double time)
{
    std::array<char, 400> text{};
    const auto written
        = std::to_chars(text.data(), text.data() + text.size(), time, std::chars_format::fixed, 6);
    double value = time;
    std::from_chars(text.data(), written.ptr, value);
    return value;
}

at::Tensor normal(const std::vector<std::int64_t>& shape, std::uint64_t seed)
{
    return at::randn(shape, at::detail::createCPUGenerator(seed), at::TensorOptions().dtype(at::kFloat));
}

std::vector<double> range(std::span<const double> sigmas, const SamplerContext& context)
{
    if (context.brownianMax > 0.0)
        return {context.brownianMin, context.brownianMax};
    double low = sigmas.empty() ? 1.0 : sigmas.front();
    for (const double sigma : sigmas)
        low = sigma > 0.0 ? std::min(low, sigma) : low;
    return {low, sigmas.empty() ? 1.0 : sigmas.front()};
}

/// k-diffusion keeps levels in float32, and the path feels the sixth decimal.
double asFloat(double sigma)
{
    return static_cast<double>(static_cast<float>(sigma));
}

} // namespace

BrownianPath::BrownianPath(double begin, double end, std::vector<std::int64_t> shape, std::uint64_t seed)
    : m_shape(std::move(shape))
    , m_seed(seed)
    , m_whole{rounded(begin), rounded(end), 0, 0}
    , m_increment(normal(m_shape, spawnSeeds(seed, {}, kPoolSize, 1).front()) * std::sqrt(end - begin))
{ }

at::Tensor BrownianPath::increment(double from, double to)
{
    from = std::clamp(rounded(from), m_whole.begin, m_whole.end);
    to = std::clamp(rounded(to), m_whole.begin, m_whole.end);
    at::Tensor sum;
    if (from < to)
        collect(m_whole, m_increment, from, to, sum);
    m_recent = std::exchange(m_current, {});
    return sum.defined() ? sum : at::zeros(m_shape, at::kFloat);
}

/// Adds up the largest intervals that make up [from, to], from left to right.
void BrownianPath::collect(
    const Interval& interval, const at::Tensor& increment, double from, double to, at::Tensor& sum)
{
    if (from == interval.begin && to == interval.end) {
        sum = sum.defined() ? sum + increment : increment;
        return;
    }
    const double middle = rounded(0.5 * (interval.end + interval.begin));
    const at::Tensor left = leftHalf(interval, increment, middle);
    if (from < middle) {
        collect({interval.begin, middle, 2 * interval.index, interval.depth + 1}, left, from,
            std::min(to, middle), sum);
    }
    if (to > middle) {
        collect({middle, interval.end, 2 * interval.index + 1, interval.depth + 1}, increment - left,
            std::max(from, middle), to, sum);
    }
}

/// The bridge over an interval, given its increment, at the middle.
at::Tensor BrownianPath::leftHalf(const Interval& interval, const at::Tensor& increment, double middle)
{
    const std::pair key(interval.depth, interval.index);
    at::Tensor& half = m_current[key];
    if (const auto known = m_recent.find(key); known != m_recent.end()) {
        half = known->second;
        return half;
    }
    const double perLength = 1.0 / (interval.end - interval.begin);
    const double left = middle - interval.begin;
    const double right = interval.end - middle;
    const std::array<std::uint64_t, 2> spawnKey{interval.index, interval.depth};
    const std::uint32_t seed = spawnSeeds(m_seed, spawnKey, kPoolSize, 1).front();
    half = increment * left * perLength + normal(m_shape, seed) * std::sqrt(left * right * perLength);
    return half;
}

BrownianNoise::BrownianNoise(const at::Tensor& x, std::span<const double> sigmas, SamplerContext& context)
    : m_path(asFloat(range(sigmas, context)[0]), asFloat(range(sigmas, context)[1]), x.sizes().vec(),
        context.brownianSeed.value_or(context.noise.seed()))
    , m_options(x.options())
    , m_scale(context.options.noiseScale)
{ }

at::Tensor BrownianNoise::operator()(double from, double to)
{
    const double high = asFloat(from);
    const double low = asFloat(to);
    // Downwards in sigma is backwards along the path.
    return m_path.increment(low, high).to(m_options) * (-m_scale / std::sqrt(high - low));
}

} // namespace studio::sampling
