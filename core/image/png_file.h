#pragma once

#include "core/image/decoded_picture.h"

#include <string>
#include <string_view>

namespace studio {

/// PNG (ISO/IEC 15948) by libpng. Palette and fewer than 8 bits are expanded, transparency becomes alpha.
/// Throws Error(FileCorrupt) for damage of any kind, a wrong check sum included.
DecodedPicture decodePng(std::string_view file, std::int64_t maxPixels = kMaxPixels);

/// The text chunks without the pixels, wherever in the file they are.
PictureMetadata decodePngMetadata(std::string_view file);

/// "parameters" as Pillow writes it: tEXt if the text is Latin-1, else iTXt. The request as iTXt
/// "hires-studio", further texts like the first.
std::string encodePng(const Picture8& picture, const PictureMetadata& metadata);

/// 16 bits a value: the float clamped to 0..1, times 65535, rounded.
std::string encodePng16(const PictureF& picture, const PictureMetadata& metadata);

} // namespace studio
