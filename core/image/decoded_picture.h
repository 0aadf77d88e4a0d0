#pragma once

#include "core/api/picture_file.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// The most a picture may hold: a file that says more is refused before memory is asked for.
inline constexpr std::int64_t kMaxPixels = 256'000'000;

enum class ColorModel { Grey, Rgb, Cmyk };

/// What a file's pixels are before they become upright sRGB.
struct DecodedPicture {
    Extent size;
    ColorModel model = ColorModel::Rgb;
    bool alpha = false;              ///< the last value of each pixel is its opacity, not premultiplied
    int depth = 8;                   ///< bits of a value, 8 or 16; 16: two bytes each in the machine's order
    std::vector<std::uint8_t> bytes; ///< rows top to bottom without padding
    std::string profile;             ///< ICC; empty: sRGB
    int orientation = 1;             ///< EXIF, 1..8
    PictureMetadata metadata;

    int channels() const
    {
        return (model == ColorModel::Grey ? 1 : model == ColorModel::Rgb ? 3 : 4) + (alpha ? 1 : 0);
    }
    std::size_t rowBytes() const
    {
        return std::size_t(size.width) * std::size_t(channels()) * std::size_t(depth / 8);
    }

    /// Value `i` of a row, 16 bits rounded to 8.
    std::uint8_t value(const std::uint8_t* row, std::size_t i) const
    {
        if (depth == 8)
            return row[i];
        std::uint16_t wide = 0;
        std::memcpy(&wide, row + 2 * i, sizeof wide);
        return static_cast<std::uint8_t>((wide * 255u + 32767u) / 65535u);
    }
};

/// Throws Error with a sentence unless both sides are positive and at most `maxPixels` are asked for.
void refuseUnlessDecodable(Extent size, std::int64_t maxPixels);

/// Turns, flattens and converts: EXIF orientation, alpha on white, the profile's colours to sRGB, 16 bits
/// to 8. A profile that cannot be used is logged and taken for sRGB, as most programs do.
Picture8 toUprightSrgb(DecodedPicture decoded);

/// The whole way from a file's bytes, format told from them. Throws Error.
LoadedPicture decodePicture(std::string_view file, std::int64_t maxPixels = kMaxPixels);

/// The texts alone. Throws Error.
PictureMetadata decodeMetadata(std::string_view file);

} // namespace studio
