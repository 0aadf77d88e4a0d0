#pragma once

#include "core/sampling/samplers.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace studio::sampling {

/// A Brownian path that a seed alone determines: asked in whatever order and steps, it answers the same path. It is
/// halved again and again by Brownian bridges (Gaines & Lyons 1997), each with a seed of its own; equal to torchsde's
/// BrownianTree with its standard parameters, float32 on the CPU.
class BrownianPath {
public:
    BrownianPath(double begin, double end, std::vector<std::int64_t> shape, std::uint64_t seed);

    /// W(to) - W(from), from < to; outside of the path its ends. float32, on the CPU.
    at::Tensor increment(double from, double to);

private:
    /// [begin, end], the `index`-th of the 2^depth intervals of its depth.
    struct Interval {
        double begin;
        double end;
        std::uint64_t index;
        std::uint64_t depth;
    };
    using Cache = std::map<std::pair<std::uint64_t, std::uint64_t>, at::Tensor>;

    void collect(
        const Interval& interval, const at::Tensor& increment, double from, double to, at::Tensor& sum);
    at::Tensor leftHalf(const Interval& interval, const at::Tensor& increment, double middle);

    std::vector<std::int64_t> m_shape;
    std::uint64_t m_seed;
    Interval m_whole;
    at::Tensor m_increment;
    Cache m_recent; // left halves met by the last question, which the next is likely to meet again
    Cache m_current;
};

/// The noise of SDE samplers: what a Brownian path over the levels does between two of them, at unit variance, so that
/// the same seed moves the picture alike however many steps it takes.
class BrownianNoise {
public:
    BrownianNoise(const at::Tensor& x, std::span<const double> sigmas, SamplerContext& context);

    /// Between a level and a lower one; like x, times the options' noise scale.
    at::Tensor operator()(double from, double to);

private:
    BrownianPath m_path;
    at::TensorOptions m_options;
    double m_scale;
};

} // namespace studio::sampling
