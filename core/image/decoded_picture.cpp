#include "core/image/decoded_picture.h"

#include "core/base/error.h"
#include "core/image/color_profile.h"
#include "core/image/jpeg_file.h"
#include "core/image/png_file.h"
#include "core/image/webp_file.h"

#include <cstring>

namespace studio {

namespace {

using namespace std::string_view_literals;

void flattenOnWhite(const DecodedPicture& decoded, const std::uint8_t* row, std::uint8_t* rgb)
{
    const auto channels = static_cast<std::size_t>(decoded.channels());
    for (std::size_t x = 0; x < static_cast<std::size_t>(decoded.size.width); ++x, rgb += 3) {
        const int alpha = decoded.value(row, x * channels + channels - 1);
        for (int c = 0; c < 3; ++c)
            rgb[c] = static_cast<std::uint8_t>((rgb[c] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
}

/// Where a pixel of the file goes: EXIF 2.3, tag 0x0112. 1: stays, 2: mirrored, 3: half a turn, 4: upside
/// down, 5: along the diagonal, 6: a quarter turn clockwise, 7: along the other diagonal, 8: a quarter turn
/// back.
Picture8 upright(Picture8 picture, int orientation)
{
    if (orientation == 1)
        return picture;
    const int width = picture.size.width;
    const int height = picture.size.height;
    const bool turned = orientation >= 5;
    const bool mirrorX = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    const bool mirrorY = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    Picture8 out{
        turned ? Extent{height, width} : picture.size, std::vector<std::uint8_t>(picture.values.size())};
    const auto outWidth = static_cast<std::size_t>(out.size.width);
    const std::uint8_t* from = picture.values.data();
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x, from += 3) {
            const auto toX = static_cast<std::size_t>(mirrorX ? width - 1 - x : x);
            const auto toY = static_cast<std::size_t>(mirrorY ? height - 1 - y : y);
            std::memcpy(
                out.values.data() + 3 * (turned ? toX * outWidth + toY : toY * outWidth + toX), from, 3);
        }
    }
    return out;
}

enum class Signature { Png, Jpeg, WebP };

Signature signatureOf(std::string_view file)
{
    if (file.starts_with("\x89PNG\r\n\x1A\n"sv))
        return Signature::Png;
    if (file.starts_with("\xFF\xD8\xFF"sv))
        return Signature::Jpeg;
    if (file.starts_with("RIFF"sv) && file.substr(0, 12).ends_with("WEBP"sv))
        return Signature::WebP;
    throw Error(ErrorKind::BadInput,
        file.empty() ? "The file is empty." : "This is no PNG, JPEG or WebP. Convert it to one of them.");
}

DecodedPicture decode(std::string_view file, std::int64_t maxPixels)
{
    switch (signatureOf(file)) {
    case Signature::Png:
        return decodePng(file, maxPixels);
    case Signature::Jpeg:
        return decodeJpeg(file, maxPixels);
    case Signature::WebP:
        break;
    }
    return decodeWebP(file, maxPixels);
}

} // namespace

void refuseUnlessDecodable(Extent size, std::int64_t maxPixels)
{
    const std::int64_t pixels = std::int64_t{size.width} * size.height;
    if (!size.isSet())
        throw Error(ErrorKind::FileCorrupt, "The picture is damaged: it says that it has no pixels.");
    if (pixels > maxPixels)
        throw Error(ErrorKind::BadInput,
            "The picture is too large (" + std::to_string(size.width) + "x" + std::to_string(size.height)
                + "). At most " + std::to_string(maxPixels / 1'000'000)
                + " megapixels can be opened; make it smaller first.");
}

Picture8 toUprightSrgb(DecodedPicture decoded)
{
    const std::unique_ptr<RowConverter> converter = makeRowConverter(decoded);
    Picture8 out{decoded.size, {}};
    const std::size_t rowValues = 3 * static_cast<std::size_t>(decoded.size.width);
    out.values.resize(rowValues * static_cast<std::size_t>(decoded.size.height));
    for (std::size_t y = 0; y < static_cast<std::size_t>(decoded.size.height); ++y) {
        const std::uint8_t* row = decoded.bytes.data() + y * decoded.rowBytes();
        converter->convert(row, out.values.data() + y * rowValues, decoded.size.width);
        if (decoded.alpha)
            flattenOnWhite(decoded, row, out.values.data() + y * rowValues);
    }
    decoded.bytes = {};
    return upright(std::move(out), decoded.orientation);
}

LoadedPicture decodePicture(std::string_view file, std::int64_t maxPixels)
{
    DecodedPicture decoded = decode(file, maxPixels);
    LoadedPicture loaded;
    loaded.metadata = std::move(decoded.metadata);
    loaded.sourceBitDepth = decoded.depth;
    loaded.picture = toUprightSrgb(std::move(decoded));
    return loaded;
}

PictureMetadata decodeMetadata(std::string_view file)
{
    switch (signatureOf(file)) {
    case Signature::Png:
        return decodePngMetadata(file);
    case Signature::Jpeg:
        return decodeJpegMetadata(file);
    case Signature::WebP:
        break;
    }
    return decodeWebPMetadata(file);
}

} // namespace studio
