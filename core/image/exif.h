#pragma once

#include "core/api/picture_file.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace studio {

/// The EXIF 2.3 tags the program knows.
struct Exif {
    int orientation = 1;          ///< 1..8
    std::string userComment;      ///< UTF-8; A1111 keeps its infotext here
    std::string imageDescription; ///< UTF-8; the request as JSON
    /// Make, Model, Software, MakerNote where there is text in them: other programs keep their settings there.
    std::vector<std::pair<std::string, std::string>> others;
};

/// What a JPEG or WebP says: its EXIF, and its XMP packet under the name it has in a PNG.
PictureMetadata metadataFrom(Exif exif, std::string xmp);

/// Reads a TIFF block, with or without "Exif\0\0" before it. Whatever is damaged or absent is left at its
/// default: a picture with broken EXIF is still a picture.
Exif readExif(std::string_view block);

/// A big-endian TIFF block after "Exif\0\0": UserComment as "UNICODE\0" and UTF-16BE (the bytes piexif, and
/// through it A1111, write), ImageDescription as UTF-8.
std::string writeExif(const PictureMetadata& metadata);

} // namespace studio
