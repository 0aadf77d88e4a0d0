#include "core/sampling/beta_distribution.h"

#include <cmath>

namespace studio::sampling {

namespace {

/// The regularized incomplete beta function by its hypergeometric series (DLMF 8.17.8), which falls off at least as
/// 2^-n over the half of the range it is used for.
double cumulative(double x, double a, double b)
{
    if (x > 0.5)
        return 1.0 - cumulative(1.0 - x, b, a);
    if (x <= 0.0)
        return 0.0;
    double term = 1.0;
    double sum = 1.0;
    for (int n = 0; term > 1e-17 * sum; ++n) {
        term *= x * (a + b + n) / (a + 1.0 + n);
        sum += term;
    }
    return sum * std::exp(a * std::log(x) + b * std::log1p(-x)) / (a * std::beta(a, b));
}

} // namespace

double betaQuantile(double probability, double a, double b)
{
    if (probability <= 0.0 || probability >= 1.0)
        return probability <= 0.0 ? 0.0 : 1.0;
    double low = 0.0;
    double high = 1.0;
    for (int halving = 0; halving < 100; ++halving) {
        const double middle = 0.5 * (low + high);
        (cumulative(middle, a, b) < probability ? low : high) = middle;
    }
    return high;
}

} // namespace studio::sampling
