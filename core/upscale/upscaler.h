#pragma once

#include "core/api/picture.h"

#include <c10/core/Device.h>

#include <filesystem>
#include <functional>

namespace studio::upscale {

/// Where the work is done, and what is called between its parts; that may throw Cancelled.
struct Workplace {
    at::Device device = at::kCPU;
    std::function<void()> checkpoint;
};

/// A way to enlarge a decoded picture: a row of the table, or a network from a file. Both forms give exactly `target`.
/// One call at a time.
class Upscaler {
public:
    virtual ~Upscaler() = default;

    virtual PictureF enlarge(const PictureF& picture, Extent target, const Workplace& workplace) = 0;
    virtual Picture8 enlarge8(const Picture8& picture, Extent target, const Workplace& workplace) = 0;

    /// Floating-point operations of enlarging, roughly: what a plan reckons with before anything has run.
    virtual double operations(const Extent& /*source*/, const Extent& target) const
    {
        constexpr double kPerPixel = 200.0; // two directions, a dozen taps, three colours
        return kPerPixel * target.width * target.height;
    }

    /// The network's file; empty for rows of the table.
    virtual std::filesystem::path file() const { return {}; }
};

} // namespace studio::upscale
