#include "core/image/jpeg_file.h"

#include "core/image/exif.h"
#include "core/image/recovery.h"

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <jpeglib.h>

#include <jerror.h>

namespace studio {

namespace {

using namespace std::string_view_literals;

constexpr int kMaxScans = 200; ///< a progressive file has about ten; thousands take minutes
constexpr std::size_t kPixelsPerByte
    = 8192; ///< at least a bit for each block of 8x8, itself 4x4 times enlarged
constexpr int kExifMarker = JPEG_APP0 + 1;
constexpr int kProfileMarker = JPEG_APP0 + 2;
constexpr unsigned kMaxMarker = 0xFFFF;
constexpr int kFullColourQuality = 90;

/// libjpeg's error manager with a place to return to. The manager stands first: libjpeg hands out its
/// address.
struct ErrorManager {
    jpeg_error_mgr manager;
    Recovery recovery;
};

[[noreturn]] void fail(j_common_ptr info)
{
    auto* errors = reinterpret_cast<ErrorManager*>(info->err);
    char message[JMSG_LENGTH_MAX];
    errors->manager.format_message(info, message);
    std::strncpy(errors->recovery.message, message, sizeof errors->recovery.message - 1);
    std::longjmp(errors->recovery.jump, 1);
}

/// libjpeg goes on after damage and fills with grey; such a picture is refused. Other warnings harm no pixel.
void failIfDamaged(j_common_ptr info, int level)
{
    if (level >= 0)
        return;
    switch (info->err->msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
        fail(info);
    default:
        break;
    }
}

void printNothing(j_common_ptr) { }

void countScans(j_common_ptr info)
{
    if (info->is_decompressor && reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kMaxScans)
        ERREXIT(info, JERR_BAD_PROGRESSION);
}

void prepare(ErrorManager& errors)
{
    jpeg_std_error(&errors.manager);
    errors.manager.error_exit = &fail;
    errors.manager.emit_message = &failIfDamaged;
    errors.manager.output_message = &printNothing;
}

class Reader {
public:
    Reader()
    {
        prepare(m_errors);
        m_info.err = &m_errors.manager;
        m_progress.progress_monitor = &countScans;
        call([](j_decompress_ptr info) { jpeg_create_decompress(info); });
    }
    ~Reader() { jpeg_destroy_decompress(&m_info); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    void readHead(std::string_view file)
    {
        call([&](j_decompress_ptr info) {
            info->progress = &m_progress;
            jpeg_mem_src(info, reinterpret_cast<const unsigned char*>(file.data()), file.size());
            jpeg_save_markers(info, kExifMarker, kMaxMarker);
            jpeg_save_markers(info, kProfileMarker, kMaxMarker);
            jpeg_read_header(info, TRUE);
        });
    }
    template <class Work> void call(const Work& work)
    {
        guarded(m_errors.recovery, ErrorKind::FileCorrupt, "The JPEG is damaged (",
            "). Copy or export it again from where it came.", [&] { work(&m_info); });
    }
    jpeg_decompress_struct& info() { return m_info; }

private:
    ErrorManager m_errors{};
    jpeg_progress_mgr m_progress{};
    jpeg_decompress_struct m_info{};
};

Exif exifOf(const jpeg_decompress_struct& info)
{
    for (jpeg_saved_marker_ptr marker = info.marker_list; marker; marker = marker->next) {
        const std::string_view bytes(reinterpret_cast<const char*>(marker->data), marker->data_length);
        if (marker->marker == kExifMarker && bytes.starts_with("Exif\0\0"sv))
            return readExif(bytes);
    }
    return {};
}

std::string xmpOf(const jpeg_decompress_struct& info)
{
    constexpr std::string_view kHead = "http://ns.adobe.com/xap/1.0/\0"sv;
    for (jpeg_saved_marker_ptr marker = info.marker_list; marker; marker = marker->next) {
        const std::string_view bytes(reinterpret_cast<const char*>(marker->data), marker->data_length);
        if (marker->marker == kExifMarker && bytes.starts_with(kHead))
            return std::string(bytes.substr(kHead.size()));
    }
    return {};
}

std::string profileOf(Reader& reader)
{
    JOCTET* bytes = nullptr;
    unsigned int count = 0;
    boolean found = FALSE;
    reader.call([&](j_decompress_ptr info) { found = jpeg_read_icc_profile(info, &bytes, &count); });
    const std::unique_ptr<JOCTET, decltype(&std::free)> keeper(bytes, &std::free);
    return found ? std::string(reinterpret_cast<const char*>(bytes), count) : std::string();
}

/// Chooses among the colour models of ours, none of which libjpeg would have to guess.
ColorModel chooseModel(jpeg_decompress_struct& info)
{
    switch (info.jpeg_color_space) {
    case JCS_GRAYSCALE:
        info.out_color_space = JCS_GRAYSCALE;
        return ColorModel::Grey;
    case JCS_CMYK:
    case JCS_YCCK:
        info.out_color_space = JCS_CMYK;
        return ColorModel::Cmyk;
    default:
        info.out_color_space = JCS_RGB;
        return ColorModel::Rgb;
    }
}

} // namespace

DecodedPicture decodeJpeg(std::string_view file, std::int64_t maxPixels)
{
    Reader reader;
    reader.readHead(file);
    jpeg_decompress_struct& info = reader.info();
    DecodedPicture out;
    out.size = {static_cast<int>(info.image_width), static_cast<int>(info.image_height)};
    refuseUnlessDecodable(out.size, maxPixels);
    const std::size_t pixels = std::size_t{info.image_width} * info.image_height;
    if (info.arith_code == FALSE && pixels / kPixelsPerByte > file.size())
        throw Error(ErrorKind::FileCorrupt, "The JPEG is damaged (it is far too short for its size).");
    Exif exif = exifOf(info);
    out.orientation = exif.orientation;
    out.metadata = metadataFrom(std::move(exif), xmpOf(info));
    out.profile = profileOf(reader);
    out.model = chooseModel(info);
    out.bytes.resize(out.rowBytes() * static_cast<std::size_t>(out.size.height));
    reader.call([&](j_decompress_ptr decompress) {
        jpeg_start_decompress(decompress);
        while (decompress->output_scanline < decompress->output_height) {
            JSAMPROW row = out.bytes.data() + std::size_t{decompress->output_scanline} * out.rowBytes();
            jpeg_read_scanlines(decompress, &row, 1);
        }
        jpeg_finish_decompress(decompress);
    });
    // Adobe's programs store ink the other way round, and say so by their marker.
    if (out.model == ColorModel::Cmyk && info.saw_Adobe_marker)
        for (std::uint8_t& value : out.bytes)
            value = static_cast<std::uint8_t>(255 - value);
    return out;
}

PictureMetadata decodeJpegMetadata(std::string_view file)
{
    Reader reader;
    reader.readHead(file);
    return metadataFrom(exifOf(reader.info()), xmpOf(reader.info()));
}

namespace {

class Writer {
public:
    Writer()
    {
        prepare(m_errors);
        m_info.err = &m_errors.manager;
        call([](j_compress_ptr info) { jpeg_create_compress(info); });
    }
    ~Writer()
    {
        jpeg_destroy_compress(&m_info);
        std::free(m_bytes);
    }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    template <class Work> void call(const Work& work)
    {
        guarded(m_errors.recovery, ErrorKind::BadInput, "The JPEG could not be written (", ").",
            [&] { work(&m_info); });
    }
    void writeTo(j_compress_ptr info) { jpeg_mem_dest(info, &m_bytes, &m_count); }
    std::string result() const { return {reinterpret_cast<const char*>(m_bytes), m_count}; }

private:
    ErrorManager m_errors{};
    jpeg_compress_struct m_info{};
    unsigned char* m_bytes = nullptr;
    unsigned long m_count = 0;
};

void choose(j_compress_ptr info, Extent size, int quality)
{
    info->image_width = static_cast<JDIMENSION>(size.width);
    info->image_height = static_cast<JDIMENSION>(size.height);
    info->input_components = 3;
    info->in_color_space = JCS_RGB;
    jpeg_set_defaults(info);
    jpeg_set_quality(info, quality, TRUE);
    info->optimize_coding = TRUE;
    const int subsampling = quality >= kFullColourQuality ? 1 : 2;
    info->comp_info[0].h_samp_factor = subsampling;
    info->comp_info[0].v_samp_factor = subsampling;
}

} // namespace

std::string encodeJpeg(const Picture8& picture, const PictureMetadata& metadata, int quality)
{
    const bool hasText = !metadata.parameters.empty() || !metadata.requestJson.empty();
    const std::string exif = hasText ? writeExif(metadata) : std::string();
    const std::size_t rowBytes = 3 * static_cast<std::size_t>(picture.size.width);
    Writer writer;
    writer.call([&](j_compress_ptr info) {
        writer.writeTo(info);
        choose(info, picture.size, quality);
        jpeg_start_compress(info, TRUE);
        if (!exif.empty())
            jpeg_write_marker(info, kExifMarker, reinterpret_cast<const JOCTET*>(exif.data()),
                static_cast<unsigned int>(exif.size()));
        while (info->next_scanline < info->image_height) {
            auto* row
                = const_cast<JSAMPROW>(picture.values.data() + std::size_t{info->next_scanline} * rowBytes);
            jpeg_write_scanlines(info, &row, 1);
        }
        jpeg_finish_compress(info);
    });
    return writer.result();
}

} // namespace studio
