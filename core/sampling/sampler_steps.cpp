#include "core/sampling/sampler_steps.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace studio::sampling {

AncestralStep ancestralStep(double from, double to, double eta)
{
    if (eta == 0.0)
        return {to, 0.0};
    const double up = std::min(to, eta * std::sqrt(to * to * (from * from - to * to)) / from);
    return {std::sqrt(to * to - up * up), up};
}

at::Tensor drawLike(const at::Tensor& x, SamplerContext& context)
{
    return context.noise.draw(x.sizes()).to(x.options()) * context.options.noiseScale;
}

double etaOr(const SamplerContext& context, double standard)
{
    return context.options.eta.value_or(standard);
}

Churned churn(at::Tensor x, double sigma, std::size_t steps, SamplerContext& context)
{
    const SamplerOptions& options = context.options;
    if (!(options.churn > 0.0))
        return {std::move(x), sigma};
    // Drawn at every level, as k-diffusion does, so that the range does not shift the numbers.
    const at::Tensor noise = drawLike(x, context);
    if (sigma < options.churnFrom || sigma > options.churnTo)
        return {std::move(x), sigma};
    const double gamma = std::min(options.churn / static_cast<double>(steps), std::numbers::sqrt2 - 1.0);
    const double raised = sigma * (1.0 + gamma);
    return {x + noise * std::sqrt(raised * raised - sigma * sigma), raised};
}

} // namespace studio::sampling
