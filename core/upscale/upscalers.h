#pragma once

#include "core/api/picture.h"

#include <functional>
#include <span>

namespace studio::upscale {

/// A way to enlarge a decoded picture. Both forms give exactly `target`; `checkpoint` is called between bands or
/// tiles and may throw Cancelled.
struct UpscalerInfo {
    const char* id;
    const char* label;
    const char* description;
    PictureF (*enlarge)(const PictureF& picture, Extent target, const std::function<void()>& checkpoint);
    Picture8 (*enlarge8)(const Picture8& picture, Extent target, const std::function<void()>& checkpoint);
};

/// Every upscaler there is. To add one: a function pair and a row.
std::span<const UpscalerInfo> upscalers();

} // namespace studio::upscale
