#include "core/image/webp_file.h"

#include "core/base/error.h"
#include "core/image/exif.h"

#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include <memory>
#include <new>

namespace studio {

namespace {

constexpr int kLosslessEffort = 6; ///< of 0..9: beyond, time grows and files hardly shrink

[[noreturn]] void failAsDamaged(const std::string& why)
{
    throw Error(ErrorKind::FileCorrupt,
        "The WebP is damaged (" + why + "). Copy or export it again from where it came.");
}

WebPData dataOf(std::string_view bytes)
{
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

class Container {
public:
    explicit Container(std::string_view file)
    {
        const WebPData data = dataOf(file);
        m_demuxer.reset(WebPDemux(&data));
        if (!m_demuxer)
            failAsDamaged("it ends early or its parts do not fit");
    }
    std::string chunk(const char* name) const
    {
        WebPChunkIterator found;
        if (!WebPDemuxGetChunk(m_demuxer.get(), name, 1, &found))
            return {};
        std::string bytes(reinterpret_cast<const char*>(found.chunk.bytes), found.chunk.size);
        WebPDemuxReleaseChunkIterator(&found);
        return bytes;
    }

private:
    struct Delete {
        void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
    };
    std::unique_ptr<WebPDemuxer, Delete> m_demuxer;
};

WebPBitstreamFeatures featuresOf(std::string_view file)
{
    WebPBitstreamFeatures features;
    if (WebPGetFeatures(dataOf(file).bytes, file.size(), &features) != VP8_STATUS_OK)
        failAsDamaged("its head cannot be read");
    if (features.has_animation)
        throw Error(
            ErrorKind::BadInput, "This WebP is an animation. Save one of its pictures and open that.");
    return features;
}

} // namespace

DecodedPicture decodeWebP(std::string_view file, std::int64_t maxPixels)
{
    const WebPBitstreamFeatures features = featuresOf(file);
    DecodedPicture out;
    out.size = {features.width, features.height};
    refuseUnlessDecodable(out.size, maxPixels);
    const Container container(file);
    out.alpha = features.has_alpha != 0;
    out.profile = container.chunk("ICCP");
    Exif exif = readExif(container.chunk("EXIF"));
    out.orientation = exif.orientation;
    out.metadata = metadataFrom(std::move(exif), container.chunk("XMP "));
    out.bytes.resize(out.rowBytes() * static_cast<std::size_t>(out.size.height));
    const auto decode = out.alpha ? &WebPDecodeRGBAInto : &WebPDecodeRGBInto;
    if (!decode(dataOf(file).bytes, file.size(), out.bytes.data(), out.bytes.size(),
            static_cast<int>(out.rowBytes())))
        failAsDamaged("its pixels cannot be read");
    return out;
}

PictureMetadata decodeWebPMetadata(std::string_view file)
{
    const Container container(file);
    return metadataFrom(readExif(container.chunk("EXIF")), container.chunk("XMP "));
}

namespace {

struct FreePicture {
    void operator()(WebPPicture* picture) const { WebPPictureFree(picture); }
};
struct DeleteMux {
    void operator()(WebPMux* mux) const { WebPMuxDelete(mux); }
};

std::string encodePixels(const Picture8& picture, int quality)
{
    WebPConfig config;
    WebPPicture pixels;
    if (!WebPConfigInit(&config) || !WebPPictureInit(&pixels))
        throw Error(ErrorKind::Internal, "The WebP library does not fit this program; install it again.");
    config.quality = static_cast<float>(quality);
    if (quality == 100)
        WebPConfigLosslessPreset(&config, kLosslessEffort);
    pixels.use_argb = config.lossless;
    pixels.width = picture.size.width;
    pixels.height = picture.size.height;
    WebPMemoryWriter memory;
    WebPMemoryWriterInit(&memory);
    pixels.writer = &WebPMemoryWrite;
    pixels.custom_ptr = &memory;
    const std::unique_ptr<WebPPicture, FreePicture> pictureKeeper(&pixels);
    const std::unique_ptr<WebPMemoryWriter, decltype(&WebPMemoryWriterClear)> keeper(
        &memory, &WebPMemoryWriterClear);
    if (!WebPPictureImportRGB(&pixels, picture.values.data(), 3 * picture.size.width)
        || !WebPEncode(&config, &pixels))
        throw Error(
            pixels.error_code == VP8_ENC_ERROR_OUT_OF_MEMORY ? ErrorKind::OutOfMemory : ErrorKind::Internal,
            "The WebP could not be written (error " + std::to_string(pixels.error_code)
                + " of its library).");
    return {reinterpret_cast<const char*>(memory.mem), memory.size};
}

std::string withExif(const std::string& file, const std::string& exif)
{
    const std::unique_ptr<WebPMux, DeleteMux> mux(WebPMuxNew());
    if (!mux)
        throw std::bad_alloc();
    const WebPData image = dataOf(file);
    // A WebP holds the TIFF block alone, without JPEG's "Exif\0\0".
    const WebPData text = dataOf(std::string_view(exif).substr(6));
    WebPData assembled{};
    const bool done = WebPMuxSetImage(mux.get(), &image, 0) == WEBP_MUX_OK
        && WebPMuxSetChunk(mux.get(), "EXIF", &text, 0) == WEBP_MUX_OK
        && WebPMuxAssemble(mux.get(), &assembled) == WEBP_MUX_OK;
    if (!done)
        throw Error(ErrorKind::Internal, "The text could not be put into the WebP.");
    const std::unique_ptr<WebPData, decltype(&WebPDataClear)> keeper(&assembled, &WebPDataClear);
    return {reinterpret_cast<const char*>(assembled.bytes), assembled.size};
}

} // namespace

std::string encodeWebP(const Picture8& picture, const PictureMetadata& metadata, int quality)
{
    if (picture.size.width > WEBP_MAX_DIMENSION || picture.size.height > WEBP_MAX_DIMENSION)
        throw Error(ErrorKind::BadInput, "A WebP holds at most 16383 pixels a side; save a PNG or JPEG.");
    std::string pixels = encodePixels(picture, quality);
    if (metadata.parameters.empty() && metadata.requestJson.empty())
        return pixels;
    return withExif(pixels, writeExif(metadata));
}

} // namespace studio
