#pragma once

#include "core/api/picture.h"

#include <functional>

namespace studio {

/// Resampling with the Lanczos kernel, a = 3 (Duchon 1979), widened by the factor of reduction so that
/// shrinking does not alias; what is outside the picture has no weight. The arithmetic is Pillow's, so that
/// the result equals `Image.resize(size, LANCZOS)`: columns first, then rows, the picture between the two
/// passes rounded to the pictures' own type.
///
/// Float: mode 'F' on each channel, sums in double. 8 bits: mode 'RGB', weights rounded to 22 fractional
/// bits.
///
/// Throws Error(BadInput) if a side of `picture` or `size` is not positive or the values do not fit the size.
/// `checkpoint`, if not empty, is called before each band of rows, on any of the threads that share the work;
/// what it throws (Cancelled) ends the resampling and reaches the caller.
PictureF resizeLanczos(const PictureF& picture, Extent size, const std::function<void()>& checkpoint = {});
Picture8 resizeLanczos(const Picture8& picture, Extent size, const std::function<void()>& checkpoint = {});

} // namespace studio
