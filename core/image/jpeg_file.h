#pragma once

#include "core/image/decoded_picture.h"

#include <string>
#include <string_view>

namespace studio {

/// JPEG by libjpeg: grey, YCbCr, CMYK, baseline and progressive. Throws Error(FileCorrupt) for a file that
/// ends early or whose pixels are damaged.
DecodedPicture decodeJpeg(std::string_view file, std::int64_t maxPixels = kMaxPixels);

/// EXIF's texts, read from the file's head.
PictureMetadata decodeJpegMetadata(std::string_view file);

/// Colours are kept at full resolution from quality 90 up. `quality`: 1..100.
std::string encodeJpeg(const Picture8& picture, const PictureMetadata& metadata, int quality);

} // namespace studio
