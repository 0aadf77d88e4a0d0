#pragma once

#include "core/image/decoded_picture.h"

#include <cstdint>
#include <memory>
#include <string>

namespace studio {

/// Turns rows of a file's values into sRGB of 8 bits.
class RowConverter {
public:
    virtual ~RowConverter() = default;

    /// `row`: `pixels` pixels as DecodedPicture describes them. `rgb`: 3 * pixels values. Alpha is left out.
    virtual void convert(const std::uint8_t* row, std::uint8_t* rgb, int pixels) = 0;
};

/// `decoded` must outlive the converter. Through the picture's ICC profile (Little CMS, perceptual intent) if it has one that fits its colour model
/// and says anything but sRGB; else the values as they stand, grey repeated, ink subtracted, 16 bits rounded
/// to 8.
std::unique_ptr<RowConverter> makeRowConverter(const DecodedPicture& decoded);

} // namespace studio
