#include "core/sampling/sampler_functions.h"
#include "core/sampling/sampler_steps.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

// Exponential integrators beyond DPM-Solver++, in lambda = -log(sigma).

namespace studio::sampling {

namespace {

double phi1(double z)
{
    return std::expm1(z) / z;
}

double phi2(double z)
{
    return (phi1(z) - 1.0) / z;
}

enum class UniPcKernel { Bh1, Bh2 };

/// Gaussian elimination with pivots; the systems are 1x1 to 3x3.
std::vector<double> solve(std::vector<std::vector<double>> rows, std::vector<double> right)
{
    const std::size_t n = right.size();
    for (std::size_t c = 0; c < n; ++c) {
        std::size_t pivot = c;
        for (std::size_t r = c + 1; r < n; ++r)
            pivot = std::abs(rows[r][c]) > std::abs(rows[pivot][c]) ? r : pivot;
        std::swap(rows[c], rows[pivot]);
        std::swap(right[c], right[pivot]);
        for (std::size_t r = c + 1; r < n; ++r) {
            const double factor = rows[r][c] / rows[c][c];
            for (std::size_t k = c; k < n; ++k)
                rows[r][k] -= factor * rows[c][k];
            right[r] -= factor * right[c];
        }
    }
    for (std::size_t c = n; c-- > 0;) {
        for (std::size_t k = c + 1; k < n; ++k)
            right[c] -= rows[c][k] * right[k];
        right[c] /= rows[c][c];
    }
    return right;
}

/// One step's coefficients. Zhao et al. 2023 (arXiv:2302.04867), equations 6 to 9, data prediction.
class UniPcStep {
public:
    /// `ratios`: (lambda of an earlier level - lambda here) / h, nearest first.
    UniPcStep(double h, std::vector<double> ratios, UniPcKernel kernel)
        : m_ratios(std::move(ratios))
        , m_decay(std::expm1(-h))
        , m_kernel(kernel == UniPcKernel::Bh1 ? -h : m_decay)
    {
        double phi = m_decay / -h - 1.0;
        double factorial = 1.0;
        for (std::size_t i = 1; i <= m_ratios.size() + 1; ++i) {
            m_right.push_back(phi * factorial / m_kernel);
            factorial *= static_cast<double>(i + 1);
            phi = phi / -h - 1.0 / factorial;
        }
    }

    /// Without differences: exact for a prediction that stands still.
    at::Tensor base(const at::Tensor& x, const at::Tensor& denoised, double from, double to) const
    {
        return x * (to / from) - denoised * m_decay;
    }

    /// Weights of the differences D(earlier) - D(here), already over their ratios.
    std::vector<double> predictorWeights() const
    {
        if (m_ratios.size() == 1)
            return {-0.5 * m_kernel}; // the paper's choice: no equation is left for one unknown
        return scaled(solve(rows(m_ratios), {m_right.begin(), m_right.end() - 1}));
    }

    /// The same with the difference to the level reached as the last.
    std::vector<double> correctorWeights() const
    {
        if (m_ratios.empty())
            return {-0.5 * m_kernel};
        std::vector<double> ratios = m_ratios;
        ratios.push_back(1.0);
        return scaled(solve(rows(ratios), m_right));
    }

private:
    static std::vector<std::vector<double>> rows(const std::vector<double>& ratios)
    {
        std::vector<std::vector<double>> powers;
        for (std::size_t i = 0; i < ratios.size(); ++i) {
            std::vector<double> row;
            for (const double ratio : ratios)
                row.push_back(std::pow(ratio, static_cast<double>(i)));
            powers.push_back(std::move(row));
        }
        return powers;
    }

    std::vector<double> scaled(std::vector<double> weights) const
    {
        for (double& weight : weights)
            weight *= -m_kernel;
        return weights;
    }

    std::vector<double> m_ratios;
    double m_decay;
    double m_kernel; // B(h)
    std::vector<double> m_right;
};

/// What was predicted at the levels passed, latest first.
struct Passed {
    std::vector<at::Tensor> denoised;
    std::vector<double> sigmas;
};

std::vector<double> ratiosOf(const Passed& passed, std::size_t order, double h)
{
    std::vector<double> ratios;
    for (std::size_t k = 1; k < order; ++k)
        ratios.push_back(std::log(passed.sigmas[0] / passed.sigmas[k]) / h);
    return ratios;
}

at::Tensor withDifferences(
    at::Tensor x, const Passed& passed, const std::vector<double>& ratios, const std::vector<double>& weights)
{
    for (std::size_t k = 0; k < ratios.size(); ++k)
        x = x + (passed.denoised[k + 1] - passed.denoised[0]) * (weights[k] / ratios[k]);
    return x;
}

/// UniPC-3: each step is predicted, and corrected by the evaluation that the next step needs anyway. The order falls
/// towards the end, the last step is of order 1 and not corrected.
at::Tensor uniPc(const Denoiser& denoise, at::Tensor x, Levels sigmas, UniPcKernel kernel)
{
    constexpr std::size_t kOrder = 3;
    Passed passed;
    at::Tensor before;     // x at the level passed last
    std::size_t order = 0; // of the step that led here
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const at::Tensor denoised = denoise(x, sigmas[i]);
        if (order > 0) {
            const double h = std::log(sigmas[i - 1] / sigmas[i]);
            const std::vector<double> ratios = ratiosOf(passed, order, h);
            const UniPcStep step(h, ratios, kernel);
            const std::vector<double> weights = step.correctorWeights();
            x = withDifferences(
                step.base(before, passed.denoised[0], sigmas[i - 1], sigmas[i]), passed, ratios, weights);
            x = x + (denoised - passed.denoised[0]) * weights.back();
        }
        if (sigmas[i + 1] == 0.0)
            return denoised;
        passed.denoised.insert(passed.denoised.begin(), denoised);
        passed.sigmas.insert(passed.sigmas.begin(), sigmas[i]);
        if (passed.denoised.size() > kOrder) {
            passed.denoised.pop_back();
            passed.sigmas.pop_back();
        }
        order = std::min({kOrder, passed.denoised.size(), sigmas.size() - 1 - i});

        const double h = std::log(sigmas[i] / sigmas[i + 1]);
        const std::vector<double> ratios = ratiosOf(passed, order, h);
        const UniPcStep step(h, ratios, kernel);
        before = x;
        x = step.base(x, denoised, sigmas[i], sigmas[i + 1]);
        if (!ratios.empty())
            x = withDifferences(x, passed, ratios, step.predictorWeights());
    }
    return x;
}

} // namespace

at::Tensor sampleUniPcBh1(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext&)
{
    return uniPc(denoise, std::move(x), sigmas, UniPcKernel::Bh1);
}

at::Tensor sampleUniPcBh2(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext&)
{
    return uniPc(denoise, std::move(x), sigmas, UniPcKernel::Bh2);
}

/// The second-order multistep method with corrected order conditions: Zhang et al. 2023 (arXiv:2308.02157),
/// section 3.
at::Tensor sampleResMultistep(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext&)
{
    at::Tensor previous;
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const at::Tensor denoised = denoise(x, sigmas[i]);
        if (sigmas[i + 1] == 0.0)
            return denoised;
        const double h = std::log(sigmas[i] / sigmas[i + 1]);
        at::Tensor mean = denoised * phi1(-h);
        if (previous.defined()) {
            const double c2 = -std::log(sigmas[i - 1] / sigmas[i]) / h;
            mean = mean + (previous - denoised) * (phi2(-h) / c2);
        }
        x = x * std::exp(-h) + mean * h;
        previous = denoised;
    }
    return x;
}

namespace {

/// The paper's noise scale function, its fifth: x (exp(x^0.3) + 10).
double erScale(double lambda)
{
    return lambda * (std::exp(std::pow(lambda, 0.3)) + 10.0);
}

/// Integrals over [low, high] of 1 / scale and (lambda - high) / scale, by 200 left rectangles as the authors take
/// them.
std::pair<double, double> erIntegrals(double low, double high)
{
    constexpr int kRectangles = 200;
    const double width = (high - low) / kRectangles;
    double plain = 0.0;
    double moment = 0.0;
    for (int k = 0; k < kRectangles; ++k) {
        const double lambda = low + k * width;
        plain += width / erScale(lambda);
        moment += width * (lambda - high) / erScale(lambda);
    }
    return {plain, moment};
}

} // namespace

/// ER-SDE-Solver-3, Cui et al. 2023 (arXiv:2309.06169), Algorithm 3 in variance-exploding form.
at::Tensor sampleErSde(const Denoiser& denoise, at::Tensor x, Levels sigmas, SamplerContext& context)
{
    at::Tensor previous;      // D one step earlier
    at::Tensor previousSlope; // its derivative in sigma there
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
        const double from = sigmas[i];
        const double to = sigmas[i + 1];
        const at::Tensor denoised = denoise(x, from);
        if (to == 0.0)
            return denoised;
        const double r = erScale(to) / erScale(from);
        x = x * r + denoised * (1.0 - r);
        if (previous.defined()) {
            const double step = to - from;
            const auto [plain, moment] = erIntegrals(to, from);
            const at::Tensor slope = (denoised - previous) / (from - sigmas[i - 1]);
            x = x + slope * (step + plain * erScale(to));
            if (previousSlope.defined()) {
                const at::Tensor bend = (slope - previousSlope) / (0.5 * (from - sigmas[i - 2]));
                x = x + bend * (0.5 * step * step + moment * erScale(to));
            }
            previousSlope = slope;
        }
        x = x + drawLike(x, context) * std::sqrt(std::max(0.0, to * to - from * from * r * r));
        previous = denoised;
    }
    return x;
}

} // namespace studio::sampling
