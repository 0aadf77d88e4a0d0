#pragma once

#include "core/api/outcome.h"
#include "core/api/picture.h"
#include "core/api/take.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace studio {

/// What a picture file says beside its pixels.
struct PictureMetadata {
    std::string parameters;  ///< A1111's infotext: PNG tEXt "parameters", EXIF UserComment elsewhere
    std::string requestJson; ///< the full request: PNG iTXt "hires-studio", EXIF ImageDescription elsewhere
    /// Further texts as found: those of a PNG by their keys; of EXIF "Make", "Model", "Software", "MakerNote",
    /// "ImageDescription"; an XMP packet as "XML:com.adobe.xmp".
    std::vector<std::pair<std::string, std::string>> other;

    bool operator==(const PictureMetadata&) const = default;
};

struct LoadedPicture {
    Picture8 picture; ///< upright (EXIF orientation applied), alpha flattened on white, converted to sRGB
    PictureMetadata metadata;
    int sourceBitDepth = 8;
};

enum class PictureFormat { Png, Jpeg, WebP };
const char* extensionOf(PictureFormat format); ///< with its dot

struct SaveOptions {
    PictureFormat format = PictureFormat::Png;
    int quality = 92;     ///< 1..100, JPEG and WebP; WebP at 100 is lossless
    bool metadata = true; ///< false: nothing but pixels is written
};

/// PNG (8 and 16 bit, grey, palette, alpha), JPEG and WebP, told from the bytes. Refuses more than 256 megapixels.
Outcome<LoadedPicture> loadPicture(const std::filesystem::path& path) noexcept;

/// The text alone, without decoding the pixels.
Outcome<PictureMetadata> loadPictureMetadata(const std::filesystem::path& path) noexcept;

/// The bytes of a file. Deterministic: the same picture and text give the same bytes.
Outcome<std::string> encodePicture(
    const Picture8& picture, const PictureMetadata& metadata, const SaveOptions& options = {}) noexcept;

/// 16-bit PNG from the float picture (values clamped to 0..1).
Outcome<std::string> encodePicture16(const PictureF& picture, const PictureMetadata& metadata) noexcept;

/// Writes a temporary file beside `path`, flushes it to the disk, and renames it: either the whole file or nothing.
/// Never overwrites: if `path` exists, "-1", "-2", ... is put before the extension. Answers the path written.
Outcome<std::filesystem::path> writeNewFile(
    const std::filesystem::path& path, const std::string& bytes) noexcept;

/// Both texts of one layer of a take.
PictureMetadata metadataFor(const Take& take, const Layer& layer);

/// Standard base64 (RFC 4648, with padding).
std::string base64(std::string_view bytes);

} // namespace studio
