#include "core/api/picture_file.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/image/decoded_picture.h"
#include "core/image/jpeg_file.h"
#include "core/image/png_file.h"
#include "core/image/webp_file.h"

namespace studio {

namespace {

constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{2} << 30;

/// Runs `decode` over a file's bytes; a failure's sentence begins with the file's name.
template <class Decode> auto decodeFile(const std::filesystem::path& path, const Decode& decode)
{
    const std::string bytes = readFile(path, kMaxFileBytes);
    try {
        return decode(bytes);
    } catch (const Error& error) {
        throw Error(error.kind(), path.string() + ": " + error.what());
    }
}

void refuseUnlessEncodable(Extent size, std::size_t values)
{
    if (!size.isSet()
        || values != 3 * static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height))
        throw Error(ErrorKind::BadInput, "The picture's values do not fit its size.");
}

} // namespace

const char* extensionOf(PictureFormat format)
{
    switch (format) {
    case PictureFormat::Jpeg:
        return ".jpg";
    case PictureFormat::WebP:
        return ".webp";
    case PictureFormat::Png:
        break;
    }
    return ".png";
}

Outcome<LoadedPicture> loadPicture(const std::filesystem::path& path) noexcept
{
    return settle(
        [&] { return decodeFile(path, [](std::string_view file) { return decodePicture(file); }); });
}

Outcome<PictureMetadata> loadPictureMetadata(const std::filesystem::path& path) noexcept
{
    return settle([&] { return decodeFile(path, &decodeMetadata); });
}

Outcome<std::string> encodePicture(
    const Picture8& picture, const PictureMetadata& metadata, const SaveOptions& options) noexcept
{
    return settle([&] {
        refuseUnlessEncodable(picture.size, picture.values.size());
        if (options.quality < 1 || options.quality > 100)
            throw Error(ErrorKind::BadInput, "The quality of a picture file is a number from 1 to 100.");
        const PictureMetadata texts = options.metadata ? metadata : PictureMetadata{};
        switch (options.format) {
        case PictureFormat::Jpeg:
            return encodeJpeg(picture, texts, options.quality);
        case PictureFormat::WebP:
            return encodeWebP(picture, texts, options.quality);
        case PictureFormat::Png:
            break;
        }
        return encodePng(picture, texts);
    });
}

Outcome<std::string> encodePicture16(const PictureF& picture, const PictureMetadata& metadata) noexcept
{
    return settle([&] {
        refuseUnlessEncodable(picture.size, picture.values.size());
        return encodePng16(picture, metadata);
    });
}

} // namespace studio
