#pragma once

namespace studio::sampling {

/// The value below which a Beta(a, b) variable falls with this probability. probability: 0..1, a and b above 0.
double betaQuantile(double probability, double a, double b);

} // namespace studio::sampling
