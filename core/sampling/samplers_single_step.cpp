#include "core/sampling/sampler_functions.h"
#include "core/sampling/sampler_steps.h"

#include <algorithm>
#include <cmath>
#include <vector>

// Methods that look at one step alone.

namespace studio::sampling {

namespace {

at::Tensor heunStep(const Denoiser& denoise, const at::Tensor& x, double from, double to)
{
    const at::Tensor first = slopeOf(x, denoise(x, from), from);
    const at::Tensor euler = x + first * (to - from);
    if (to == 0.0)
        return euler;
    const at::Tensor second = slopeOf(euler, denoise(euler, to), to);
    return x + (first + second) * (0.5 * (to - from));
}

/// The slope at the geometric mean of both levels carries the whole step.
at::Tensor midpointStep(const Denoiser& denoise, const at::Tensor& x, double from, double to)
{
    const at::Tensor first = slopeOf(x, denoise(x, from), from);
    if (to == 0.0)
        return x + first * (to - from);
    const double middle = std::sqrt(from * to);
    const at::Tensor between = x + first * (middle - from);
    return x + slopeOf(between, denoise(between, middle), middle) * (to - from);
}

} // namespace

/// Euler's method. Karras et al. 2022, Algorithm 2 without its correction.
at::Tensor sampleEuler(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context)
{
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const auto [noisy, sigma] = churn(x, sigmas[i], sigmas.size() - 1, context);
        x = noisy + slopeOf(noisy, denoise(noisy, sigma), sigma) * (sigmas[i + 1] - sigma);
    }
    return x;
}

/// Euler's method to the ancestral level, then noise.
at::Tensor sampleEulerAncestral(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context)
{
    const double eta = etaOr(context, 1.0);
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const at::Tensor denoised = denoise(x, sigmas[i]);
        const auto [down, up] = ancestralStep(sigmas[i], sigmas[i + 1], eta);
        x = down == 0.0 ? denoised : x + slopeOf(x, denoised, sigmas[i]) * (down - sigmas[i]);
        if (sigmas[i + 1] > 0.0)
            x = x + drawLike(x, context) * up;
    }
    return x;
}

/// Heun's method. Karras et al. 2022, Algorithm 2.
at::Tensor sampleHeun(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context)
{
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const auto [noisy, sigma] = churn(x, sigmas[i], sigmas.size() - 1, context);
        x = heunStep(denoise, noisy, sigma, sigmas[i + 1]);
    }
    return x;
}

/// DPM-Solver-2 (Lu et al. 2022, arXiv:2206.00927, Algorithm 1) within Karras et al.'s Algorithm 2.
at::Tensor sampleDpm2(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context)
{
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const auto [noisy, sigma] = churn(x, sigmas[i], sigmas.size() - 1, context);
        x = midpointStep(denoise, noisy, sigma, sigmas[i + 1]);
    }
    return x;
}

/// The same to the ancestral level, then noise.
at::Tensor sampleDpm2Ancestral(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context)
{
    const double eta = etaOr(context, 1.0);
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const auto [down, up] = ancestralStep(sigmas[i], sigmas[i + 1], eta);
        x = midpointStep(denoise, x, sigmas[i], down);
        if (sigmas[i + 1] > 0.0)
            x = x + drawLike(x, context) * up;
    }
    return x;
}

namespace {

std::vector<double> karrasBetween(double high, double low, int count)
{
    constexpr double kRho = 7.0;
    std::vector<double> levels;
    for (int i = 0; i < count; ++i) {
        const double part = count > 1 ? static_cast<double>(i) / (count - 1) : 0.0;
        const double root
            = std::pow(high, 1 / kRho) + part * (std::pow(low, 1 / kRho) - std::pow(high, 1 / kRho));
        levels.push_back(std::pow(root, kRho));
    }
    return levels;
}

std::size_t nearest(const std::vector<double>& levels, double wanted)
{
    const auto closer = [wanted](double a, double b) { return std::abs(a - wanted) < std::abs(b - wanted); };
    return static_cast<std::size_t>(std::ranges::min_element(levels, closer) - levels.begin());
}

/// Where the walk through the levels goes back up: A1111's choice for Stable Diffusion, of the same cost as the
/// steps asked for. Below 20 steps it does not.
std::vector<double> restartWalk(Levels sigmas)
{
    constexpr double kRestartMin = 0.1;
    constexpr double kRestartMax = 2.0;
    const int steps = static_cast<int>(sigmas.size()) - 1;
    if (steps < 20)
        return {sigmas.begin(), sigmas.end()};
    const int times = steps >= 36 ? 2 : 1;
    const int extra = steps >= 36 ? steps / 4 : 9;

    std::vector<double> walk
        = karrasBetween(sigmas.front(), sigmas[sigmas.size() - 2], steps - extra * times);
    walk.push_back(0.0);
    const std::size_t low = nearest(walk, kRestartMin);
    const std::size_t high = nearest(walk, kRestartMax);
    if (high >= low || walk[low] == 0.0)
        return walk;
    const std::vector<double> again = karrasBetween(walk[high], walk[low], extra + 1);
    for (int i = 0; i < times; ++i)
        walk.insert(walk.begin() + static_cast<std::ptrdiff_t>(low) + 1, again.begin(), again.end());
    return walk;
}

} // namespace

/// Heun's steps, with noise that takes the walk back up once or twice. Xu et al. 2023 (arXiv:2306.14878),
/// Algorithm 1.
at::Tensor sampleRestart(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context)
{
    if (sigmas.size() < 2)
        return x;
    const std::vector<double> walk = restartWalk(sigmas);
    for (std::size_t i = 0; i + 1 < walk.size(); ++i) {
        if (walk[i + 1] > walk[i])
            x = x + drawLike(x, context) * std::sqrt(walk[i + 1] * walk[i + 1] - walk[i] * walk[i]);
        else if (walk[i + 1] < walk[i])
            x = heunStep(denoise, x, walk[i], walk[i + 1]);
    }
    return x;
}

} // namespace studio::sampling
