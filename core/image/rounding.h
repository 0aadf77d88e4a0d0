#pragma once

#include "core/api/picture.h"

namespace studio {

/// Clamps to 0..1, times 255, rounded half to even in float32: what diffusers' VaeImageProcessor writes
/// (`(x * 255).round().astype("uint8")` in numpy). A value that is no number becomes 0.
Picture8 toEightBit(const PictureF& picture);

/// v / 255 in float32, as VaeImageProcessor reads a picture.
PictureF toFloat(const Picture8& picture);

} // namespace studio
