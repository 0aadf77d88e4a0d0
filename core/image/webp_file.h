#pragma once

#include "core/image/decoded_picture.h"

#include <string>
#include <string_view>

namespace studio {

/// WebP by libwebp, lossy and lossless. An animation is refused.
DecodedPicture decodeWebP(std::string_view file, std::int64_t maxPixels = kMaxPixels);

PictureMetadata decodeWebPMetadata(std::string_view file);

/// `quality`: 1..100; 100 is lossless. Throws Error(BadInput) for a side of more than 16383 pixels.
std::string encodeWebP(const Picture8& picture, const PictureMetadata& metadata, int quality);

} // namespace studio
