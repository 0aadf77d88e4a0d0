#include "core/image/png_file.h"

#include "core/base/unicode.h"
#include "core/image/exif.h"
#include "core/image/recovery.h"

#include <png.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

namespace studio {

namespace {

using namespace std::string_view_literals;

constexpr png_alloc_size_t kMaxChunkBytes = 64u << 20; ///< of one text or profile, unpacked
constexpr std::size_t kMaxDeflateRatio = 1032;         ///< deflate cannot pack tighter
const std::string kDamaged = "The PNG is damaged (";
const std::string kDamagedEnd = "). Copy or export it again from where it came.";
constexpr std::string_view kSignature = "\x89PNG\r\n\x1A\n"sv;
constexpr std::string_view kOnePixelHeader = "\0\0\0\x0DIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3A\x7E\x9BU"sv;
constexpr std::string_view kOnePixelAndEnd
    = "\0\0\0\x0AIDATx\x9C\x63\x60\0\0\0\x02\0\x01H\xAF\xA4q\0\0\0\0IEND\xAE\x42\x60\x82"sv;

struct Source {
    std::string_view bytes;
    std::size_t position = 0;
};

[[noreturn]] void fail(png_structp png, png_const_charp message)
{
    auto* recovery = static_cast<Recovery*>(png_get_error_ptr(png));
    std::strncpy(recovery->message, message, sizeof recovery->message - 1);
    std::longjmp(recovery->jump, 1);
}

void ignoreWarning(png_structp, png_const_charp)
{
    // Warnings speak of ancillary chunks that libpng leaves out by itself (wrong gamma, unknown units).
}

void readBytes(png_structp png, png_bytep to, std::size_t count)
{
    auto* source = static_cast<Source*>(png_get_io_ptr(png));
    if (source->bytes.size() - source->position < count)
        png_error(png, "it ends early");
    std::memcpy(to, source->bytes.data() + source->position, count);
    source->position += count;
}

std::string_view typeOf(std::string_view chunk)
{
    return chunk.substr(4, 4);
}

/// The file's chunks up to and with IEND, each from its length to its check sum. Finds every length that the
/// file cannot hold before libpng, which warns but asks for the memory all the same, sees it.
std::vector<std::string_view> chunksOf(std::string_view file)
{
    constexpr std::size_t kFrame = 12; // length, type, check sum
    std::vector<std::string_view> chunks;
    std::size_t position = kSignature.size();
    do {
        const std::string_view rest = file.substr(std::min(position, file.size()));
        std::size_t length = 0;
        for (const char c : rest.substr(0, 4))
            length = length << 8 | static_cast<unsigned char>(c);
        if (rest.size() < kFrame || rest.size() - kFrame < length)
            throw Error(ErrorKind::FileCorrupt, kDamaged + "it ends early" + kDamagedEnd);
        chunks.push_back(rest.substr(0, kFrame + length));
        position += chunks.back().size();
    } while (typeOf(chunks.back()) != "IEND");
    return chunks;
}

class Reader {
public:
    explicit Reader(std::string_view file)
        : m_source{file}
    {
        m_png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &m_recovery, &fail, &ignoreWarning);
        if (m_png)
            m_info = png_create_info_struct(m_png);
        if (!m_info) {
            png_destroy_read_struct(&m_png, &m_info, nullptr);
            throw std::bad_alloc();
        }
        png_set_read_fn(m_png, &m_source, &readBytes);
        png_set_user_limits(m_png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
        png_set_chunk_malloc_max(m_png, kMaxChunkBytes);
        png_set_crc_action(m_png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    }
    ~Reader() { png_destroy_read_struct(&m_png, &m_info, nullptr); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    template <class Work> void call(const Work& work)
    {
        guarded(m_recovery, ErrorKind::FileCorrupt, kDamaged.c_str(), kDamagedEnd.c_str(),
            [&] { work(m_png, m_info); });
    }
    png_structp png() const { return m_png; }
    png_infop info() const { return m_info; }

private:
    Recovery m_recovery;
    Source m_source;
    png_structp m_png = nullptr;
    png_infop m_info = nullptr;
};

PictureMetadata textsOf(const Reader& reader)
{
    PictureMetadata metadata;
    png_textp texts = nullptr;
    const int count = png_get_text(reader.png(), reader.info(), &texts, nullptr);
    for (int i = 0; i < count; ++i) {
        const bool unicode = texts[i].compression >= PNG_ITXT_COMPRESSION_NONE;
        const std::size_t length = unicode ? texts[i].itxt_length : texts[i].text_length;
        const std::string_view raw(texts[i].text ? texts[i].text : "", texts[i].text ? length : 0);
        const std::string text = unicode && isUtf8(raw) ? std::string(raw) : latin1ToUtf8(raw);
        const std::string key = texts[i].key;
        if (key == "parameters")
            metadata.parameters = text;
        else if (key == "hires-studio")
            metadata.requestJson = text;
        else
            metadata.other.emplace_back(key, text);
    }
    return metadata;
}

int orientationOf(const Reader& reader)
{
    png_bytep bytes = nullptr;
    png_uint_32 count = 0;
    if (!png_get_eXIf_1(reader.png(), reader.info(), &count, &bytes))
        return 1;
    return readExif({reinterpret_cast<const char*>(bytes), count}).orientation;
}

std::string profileOf(const Reader& reader)
{
    png_charp name = nullptr;
    int compression = 0;
    png_bytep bytes = nullptr;
    png_uint_32 count = 0;
    if (!png_get_iCCP(reader.png(), reader.info(), &name, &compression, &bytes, &count))
        return {};
    return {reinterpret_cast<const char*>(bytes), count};
}

/// Asks libpng for plain grey or RGB values of 8 or 16 bits in the machine's order, and says what comes.
void expand(png_structp png, png_infop info)
{
    png_set_expand(png); // palette -> RGB, grey of 1, 2, 4 bits -> 8, transparent colour -> alpha
    if constexpr (std::endian::native == std::endian::little)
        png_set_swap(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
}

} // namespace

DecodedPicture decodePng(std::string_view file, std::int64_t maxPixels)
{
    chunksOf(file);
    Reader reader(file);
    reader.call([](png_structp png, png_infop info) { png_read_info(png, info); });
    DecodedPicture out;
    const png_uint_32 width = png_get_image_width(reader.png(), reader.info());
    const png_uint_32 height = png_get_image_height(reader.png(), reader.info());
    out.size = {static_cast<int>(width), static_cast<int>(height)};
    refuseUnlessDecodable(out.size, maxPixels);
    if (png_get_rowbytes(reader.png(), reader.info()) * height / kMaxDeflateRatio > file.size())
        throw Error(ErrorKind::FileCorrupt, kDamaged + "it is far too short for its size" + kDamagedEnd);
    reader.call([](png_structp png, png_infop info) { expand(png, info); });
    const png_byte type = png_get_color_type(reader.png(), reader.info());
    out.model = (type & PNG_COLOR_MASK_COLOR) != 0 ? ColorModel::Rgb : ColorModel::Grey;
    out.alpha = (type & PNG_COLOR_MASK_ALPHA) != 0;
    out.depth = png_get_bit_depth(reader.png(), reader.info());
    out.bytes.resize(out.rowBytes() * height);
    std::vector<png_bytep> rows(height);
    for (std::size_t y = 0; y < height; ++y)
        rows[y] = out.bytes.data() + y * out.rowBytes();
    reader.call([&](png_structp png, png_infop info) {
        png_read_image(png, rows.data());
        png_read_end(png, info);
    });
    out.profile = profileOf(reader);
    out.orientation = orientationOf(reader);
    out.metadata = textsOf(reader);
    return out;
}

PictureMetadata decodePngMetadata(std::string_view file)
{
    // The text chunks alone, in a PNG of one grey pixel: libpng checks and unpacks them, and the pixels of
    // the file, nearly all of its bytes, are passed over.
    std::string texts(kSignature);
    texts += kOnePixelHeader;
    for (const std::string_view chunk : chunksOf(file))
        if (typeOf(chunk) == "tEXt" || typeOf(chunk) == "zTXt" || typeOf(chunk) == "iTXt")
            texts += chunk;
    texts += kOnePixelAndEnd;
    Reader reader(texts);
    reader.call([](png_structp png, png_infop info) {
        png_byte pixel = 0;
        png_read_info(png, info);
        png_read_row(png, &pixel, nullptr);
        png_read_end(png, info);
    });
    return textsOf(reader);
}

namespace {

/// One text chunk: keeps what png_text points to alive.
struct TextChunk {
    std::string key;
    std::string text;
    bool unicode = false;
};

TextChunk textChunk(const std::string& key, const std::string& text, bool alwaysUnicode)
{
    if (key.empty() || key.size() > 79)
        throw Error(ErrorKind::BadInput, "A text of a PNG needs a name of 1 to 79 characters.");
    if (text.find('\0') != std::string::npos || !isUtf8(text))
        throw Error(ErrorKind::BadInput, "The text \"" + key + "\" holds bytes that are no text (UTF-8).");
    const std::optional<std::string> latin1 = alwaysUnicode ? std::nullopt : utf8ToLatin1(text);
    return {key, latin1.value_or(text), !latin1};
}

std::vector<TextChunk> textChunks(const PictureMetadata& metadata)
{
    std::vector<TextChunk> chunks;
    if (!metadata.parameters.empty())
        chunks.push_back(textChunk("parameters", metadata.parameters, false));
    if (!metadata.requestJson.empty())
        chunks.push_back(textChunk("hires-studio", metadata.requestJson, true));
    for (const auto& [key, text] : metadata.other)
        chunks.push_back(textChunk(key, text, false));
    return chunks;
}

void appendBytes(png_structp png, png_bytep bytes, std::size_t count)
{
    bool kept = false;
    try {
        static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<const char*>(bytes), count);
        kept = true;
    } catch (const std::exception&) {
        // No exception may cross libpng; the error below takes its place.
    }
    if (!kept)
        png_error(png, "memory ran out");
}

class Writer {
public:
    Writer()
    {
        m_png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &m_recovery, &fail, &ignoreWarning);
        if (m_png)
            m_info = png_create_info_struct(m_png);
        if (!m_info) {
            png_destroy_write_struct(&m_png, &m_info);
            throw std::bad_alloc();
        }
    }
    ~Writer() { png_destroy_write_struct(&m_png, &m_info); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    template <class Work> void call(const Work& work)
    {
        guarded(m_recovery, ErrorKind::Internal, "The PNG could not be written (", ").",
            [&] { work(m_png, m_info); });
    }

private:
    Recovery m_recovery;
    png_structp m_png = nullptr;
    png_infop m_info = nullptr;
};

std::string writePng(Extent size, int depth, const std::uint8_t* values, const PictureMetadata& metadata)
{
    const std::vector<TextChunk> chunks = textChunks(metadata);
    std::vector<png_text> texts(chunks.size());
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        texts[i].compression = chunks[i].unicode ? PNG_ITXT_COMPRESSION_NONE : PNG_TEXT_COMPRESSION_NONE;
        texts[i].key = const_cast<char*>(chunks[i].key.c_str());
        texts[i].text = const_cast<char*>(chunks[i].text.c_str());
    }
    const std::size_t rowBytes
        = static_cast<std::size_t>(size.width) * 3 * static_cast<std::size_t>(depth / 8);
    std::string out;
    Writer writer;
    writer.call([&](png_structp png, png_infop info) {
        png_set_write_fn(png, &out, &appendBytes, nullptr);
        png_set_IHDR(png, info, static_cast<png_uint_32>(size.width), static_cast<png_uint_32>(size.height),
            depth, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
            PNG_FILTER_TYPE_DEFAULT);
        // After PNG's filters a picture has few repeats worth the search: runs and Huffman codes alone are as
        // small (3406 against 3440 KB for a 1536x1536 picture with grain) in a seventh of the time.
        png_set_compression_strategy(png, Z_RLE);
        png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_ALL_FILTERS);
        png_set_text(png, info, texts.data(), static_cast<int>(texts.size()));
        png_write_info(png, info);
        if (depth == 16 && std::endian::native == std::endian::little)
            png_set_swap(png);
        for (int y = 0; y < size.height; ++y)
            png_write_row(png, values + static_cast<std::size_t>(y) * rowBytes);
        png_write_end(png, nullptr);
    });
    return out;
}

} // namespace

std::string encodePng(const Picture8& picture, const PictureMetadata& metadata)
{
    return writePng(picture.size, 8, picture.values.data(), metadata);
}

std::string encodePng16(const PictureF& picture, const PictureMetadata& metadata)
{
    const std::size_t pixels = picture.values.size() / 3;
    std::vector<std::uint16_t> values(3 * pixels);
    for (std::size_t channel = 0; channel < 3; ++channel)
        for (std::size_t i = 0; i < pixels; ++i) {
            const float value = picture.values[channel * pixels + i];
            const float clamped = std::min(1.0f, value > 0.0f ? value : 0.0f);
            values[3 * i + channel] = static_cast<std::uint16_t>(clamped * 65535.0f + 0.5f);
        }
    return writePng(picture.size, 16, reinterpret_cast<const std::uint8_t*>(values.data()), metadata);
}

} // namespace studio
