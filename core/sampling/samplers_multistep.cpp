#include "core/sampling/sampler_functions.h"
#include "core/sampling/sampler_steps.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <vector>

// Adams-Bashforth methods: the slopes of earlier steps, extrapolated over the next one.

namespace studio::sampling {

namespace {

/// Latest first, at most `most`.
class Slopes {
public:
    explicit Slopes(std::size_t most)
        : m_most(most)
    { }
    void add(const at::Tensor& slope)
    {
        m_slopes.push_front(slope);
        if (m_slopes.size() > m_most)
            m_slopes.pop_back();
    }
    std::size_t size() const { return m_slopes.size(); }

    template <class Weights> at::Tensor weighted(const Weights& weights) const
    {
        at::Tensor sum = m_slopes[0] * weights[0];
        for (std::size_t k = 1; k < std::size(weights); ++k)
            sum = sum + m_slopes[k] * weights[k];
        return sum;
    }

private:
    std::size_t m_most;
    std::deque<at::Tensor> m_slopes;
};

/// The slope over the next step as if all steps were alike, by as many slopes as there are, up to four.
at::Tensor evenlySpaced(const Slopes& slopes)
{
    switch (slopes.size()) {
    case 1:
        return slopes.weighted(std::array{1.0});
    case 2:
        return slopes.weighted(std::array{3.0 / 2, -1.0 / 2});
    case 3:
        return slopes.weighted(std::array{23.0 / 12, -16.0 / 12, 5.0 / 12});
    default:
        return slopes.weighted(std::array{55.0 / 24, -59.0 / 24, 37.0 / 24, -9.0 / 24});
    }
}

/// The weight of slope j in a step: the integral over the step of the j-th Lagrange polynomial on the nodes.
/// Gauss-Legendre with five points: exact for polynomials, and to float32 for exp over any step in use.
template <class Measure>
double lagrangeIntegral(std::span<const double> nodes, std::size_t j, double from, double to, Measure measure)
{
    static const double kInner = std::sqrt(5.0 - 2.0 * std::sqrt(10.0 / 7.0)) / 3.0;
    static const double kOuter = std::sqrt(5.0 + 2.0 * std::sqrt(10.0 / 7.0)) / 3.0;
    static const double kInnerWeight = (322.0 + 13.0 * std::sqrt(70.0)) / 900.0;
    static const double kOuterWeight = (322.0 - 13.0 * std::sqrt(70.0)) / 900.0;
    static const std::array<std::array<double, 2>, 5> kPoints{{{-kOuter, kOuterWeight},
        {-kInner, kInnerWeight}, {0.0, 128.0 / 225.0}, {kInner, kInnerWeight}, {kOuter, kOuterWeight}}};
    double sum = 0.0;
    for (const auto& [place, weight] : kPoints) {
        const double at = 0.5 * (from + to) + 0.5 * (to - from) * place;
        double product = weight * measure(at);
        for (std::size_t k = 0; k < nodes.size(); ++k)
            product *= k == j ? 1.0 : (at - nodes[k]) / (nodes[j] - nodes[k]);
        sum += product;
    }
    return 0.5 * (to - from) * sum;
}

/// Levels i, i - 1, ..., as many as `count`.
std::vector<double> latestLevels(Levels sigmas, std::size_t i, std::size_t count)
{
    std::vector<double> latest;
    for (std::size_t k = 0; k < count; ++k)
        latest.push_back(sigmas[i - k]);
    return latest;
}

} // namespace

/// Linear multistep of order 4 in sigma, with weights for the levels as they lie (k-diffusion's LMS).
at::Tensor sampleLms(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext&)
{
    Slopes slopes(4);
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        slopes.add(slopeOf(x, denoise(x, sigmas[i]), sigmas[i]));
        const std::vector<double> nodes = latestLevels(sigmas, i, slopes.size());
        std::vector<double> weights;
        for (std::size_t j = 0; j < nodes.size(); ++j)
            weights.push_back(
                lagrangeIntegral(nodes, j, sigmas[i], sigmas[i + 1], [](double) { return 1.0; }));
        x = x + slopes.weighted(weights);
    }
    return x;
}

/// PNDM without its Runge-Kutta start: Liu et al. 2022 (arXiv:2202.09778), equations 11 and 12. The first step is
/// Heun's and asks twice. The weights suit levels that are even in the timestep.
at::Tensor samplePlms(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext&)
{
    Slopes slopes(4);
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const double next = sigmas[i + 1];
        const at::Tensor slope = slopeOf(x, denoise(x, sigmas[i]), sigmas[i]);
        slopes.add(slope);
        at::Tensor combined = evenlySpaced(slopes);
        if (i == 0 && next > 0.0) {
            const at::Tensor there = x + slope * (next - sigmas[i]);
            combined = 0.5 * (slope + slopeOf(there, denoise(there, next), next));
        }
        x = x + combined * (next - sigmas[i]);
    }
    return x;
}

/// iPNDM of order 4: Zhang & Chen 2023 (arXiv:2204.13902), section 3.3, with Euler's first step. The last step to 0
/// is the prediction itself.
at::Tensor sampleIpndm(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext&)
{
    Slopes slopes(4);
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const at::Tensor denoised = denoise(x, sigmas[i]);
        if (sigmas[i + 1] == 0.0)
            return denoised;
        slopes.add(slopeOf(x, denoised, sigmas[i]));
        x = x + evenlySpaced(slopes) * (sigmas[i + 1] - sigmas[i]);
    }
    return x;
}

/// DEIS of order 3, log-rho form: the slope as a polynomial in log(sigma). Zhang & Chen 2023 (arXiv:2204.13902),
/// equation 15. With fewer than 15 steps the last two are of lower order, as in diffusers; a step to 0 always is.
at::Tensor sampleDeis(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext&)
{
    constexpr std::size_t kOrder = 3;
    constexpr std::size_t kFewSteps = 15;
    Slopes slopes(kOrder);
    const std::size_t steps = sigmas.empty() ? 0 : sigmas.size() - 1;
    for (std::size_t i = 0; i < steps; ++i) {
        const at::Tensor denoised = denoise(x, sigmas[i]);
        if (sigmas[i + 1] == 0.0)
            return denoised;
        slopes.add(slopeOf(x, denoised, sigmas[i]));
        const std::size_t order = std::min(slopes.size(), steps < kFewSteps ? steps - i : kOrder);
        std::vector<double> nodes = latestLevels(sigmas, i, order);
        std::ranges::transform(nodes, nodes.begin(), [](double sigma) { return std::log(sigma); });
        std::vector<double> weights;
        for (std::size_t j = 0; j < order; ++j) {
            // In L = log(sigma), dsigma is exp(L) dL.
            weights.push_back(order == 1 ? sigmas[i + 1] - sigmas[i]
                                         : lagrangeIntegral(nodes, j, nodes[0], std::log(sigmas[i + 1]),
                                             [](double l) { return std::exp(l); }));
        }
        x = x + slopes.weighted(weights);
    }
    return x;
}

} // namespace studio::sampling
