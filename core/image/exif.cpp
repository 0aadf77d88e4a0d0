#include "core/image/exif.h"

#include "core/base/error.h"
#include "core/base/unicode.h"

#include <libexif/exif-data.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

namespace studio {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kHeader = "Exif\0\0"sv;
constexpr std::string_view kUnicode = "UNICODE\0"sv;
constexpr std::string_view kAsciiCharset = "ASCII\0\0\0"sv;
constexpr std::size_t kCharsetBytes = 8;
constexpr std::size_t kMaxBlock = 65533; ///< what fits a JPEG segment beside its length

constexpr std::array<std::pair<ExifTag, const char*>, 4> kOtherTexts{{
    {EXIF_TAG_MAKE, "Make"},
    {EXIF_TAG_MODEL, "Model"},
    {EXIF_TAG_SOFTWARE, "Software"},
    {EXIF_TAG_MAKER_NOTE, "MakerNote"},
}};

struct Unref {
    void operator()(ExifData* data) const { exif_data_unref(data); }
    void operator()(ExifMem* memory) const { exif_mem_unref(memory); }
    void operator()(ExifEntry* entry) const { exif_entry_unref(entry); }
    void operator()(unsigned char* bytes) const { std::free(bytes); }
};

template <class T> using Owned = std::unique_ptr<T, Unref>;

template <class T> Owned<T> owned(T* pointer)
{
    if (!pointer)
        throw std::bad_alloc();
    return Owned<T>(pointer);
}

std::string_view entryBytes(ExifData& data, ExifIfd ifd, ExifTag tag)
{
    const ExifEntry* entry = exif_content_get_entry(data.ifd[ifd], tag);
    if (!entry || !entry->data)
        return {};
    return {reinterpret_cast<const char*>(entry->data), entry->size};
}

/// Of the EXIF directory, else of the first one.
std::string_view eitherOf(ExifData& data, ExifTag tag)
{
    const std::string_view bytes = entryBytes(data, EXIF_IFD_EXIF, tag);
    return bytes.empty() ? entryBytes(data, EXIF_IFD_0, tag) : bytes;
}

/// Programs disagree on whether the block's byte order holds for its UTF-16. Nearly every comment holds
/// ASCII, whose zero high bytes tell.
bool looksBigEndian(std::string_view utf16, bool otherwise)
{
    std::size_t zeros[2] = {0, 0};
    for (std::size_t i = 0; i < utf16.size(); ++i)
        zeros[i % 2] += utf16[i] == '\0' ? 1 : 0;
    return zeros[0] == zeros[1] ? otherwise : zeros[0] > zeros[1];
}

std::string untilZero(std::string_view bytes)
{
    return std::string(bytes.substr(0, bytes.find('\0')));
}

std::string textOf(std::string_view bytes)
{
    const std::string text = untilZero(bytes);
    return isUtf8(text) ? text : latin1ToUtf8(text);
}

std::string commentOf(std::string_view bytes, bool bigEndianBlock)
{
    const std::string_view charset = bytes.substr(0, kCharsetBytes);
    std::string_view rest = bytes.substr(std::min(kCharsetBytes, bytes.size()));
    if (charset != kUnicode)
        return textOf(
            charset == kAsciiCharset || charset == std::string_view("\0\0\0\0\0\0\0\0", 8) ? rest : bytes);
    bool bigEndian = looksBigEndian(rest, bigEndianBlock);
    if (rest.starts_with("\xFE\xFF"sv) || rest.starts_with("\xFF\xFE"sv)) {
        bigEndian = rest.front() == '\xFE';
        rest.remove_prefix(2);
    }
    return untilZero(utf16ToUtf8(rest, bigEndian));
}

void addEntry(ExifData& data, ExifIfd ifd, ExifTag tag, ExifFormat format, const std::string& bytes)
{
    const Owned<ExifMem> memory = owned(exif_mem_new_default());
    const Owned<ExifEntry> entry = owned(exif_entry_new_mem(memory.get()));
    entry->data
        = static_cast<unsigned char*>(exif_mem_alloc(memory.get(), static_cast<ExifLong>(bytes.size())));
    if (!entry->data)
        throw std::bad_alloc();
    std::memcpy(entry->data, bytes.data(), bytes.size());
    entry->tag = tag;
    entry->format = format;
    entry->size = static_cast<unsigned int>(bytes.size());
    entry->components = bytes.size();
    exif_content_add_entry(data.ifd[ifd], entry.get());
}

/// A text of the first directory of a block that is longer than libexif reads: ComfyUI's graphs in a WebP. TIFF 6.0,
/// section 2.
std::string_view longText(std::string_view tiff, ExifTag tag)
{
    const bool bigEndian = tiff.starts_with("MM");
    const auto number = [&](std::size_t at, std::size_t bytes) {
        std::size_t value = 0;
        for (std::size_t i = 0; i < bytes && at + i < tiff.size(); ++i)
            value |= std::size_t{static_cast<unsigned char>(tiff[at + i])}
                << 8 * (bigEndian ? bytes - 1 - i : i);
        return value;
    };
    constexpr std::size_t kEntry = 12; // tag, type, count, place
    constexpr std::size_t kAscii = 2;
    const std::size_t directory = number(4, 4);
    const std::size_t entries = number(directory, 2);
    for (std::size_t i = 0; i < entries; ++i) {
        const std::size_t at = directory + 2 + kEntry * i;
        const std::size_t length = number(at + 4, 4);
        const std::size_t place = length > 4 ? number(at + 8, 4) : at + 8;
        if (number(at, 2) == static_cast<std::size_t>(tag) && number(at + 2, 2) == kAscii
            && place <= tiff.size() && length <= tiff.size() - place)
            return tiff.substr(place, length);
    }
    return {};
}

} // namespace

Exif readExif(std::string_view block)
{
    const std::string_view tiff = block.starts_with(kHeader) ? block.substr(kHeader.size()) : block;
    std::string headed(block.starts_with(kHeader) ? "" : kHeader);
    headed.append(block.substr(0, kMaxBlock));
    const Owned<ExifData> data = owned(exif_data_new());
    // Else libexif corrects what it reads, comments among it, and leaves out what stands where it should not: Pillow
    // puts a UserComment and a MakerNote into the first directory.
    exif_data_unset_option(data.get(), EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
    exif_data_unset_option(data.get(), EXIF_DATA_OPTION_IGNORE_UNKNOWN_TAGS);
    exif_data_load_data(data.get(), reinterpret_cast<const unsigned char*>(headed.data()),
        static_cast<unsigned int>(headed.size()));
    const ExifByteOrder order = exif_data_get_byte_order(data.get());
    Exif out;
    const std::string_view orientation = entryBytes(*data, EXIF_IFD_0, EXIF_TAG_ORIENTATION);
    if (orientation.size() >= 2) {
        const int value = exif_get_short(reinterpret_cast<const unsigned char*>(orientation.data()), order);
        out.orientation = value >= 1 && value <= 8 ? value : 1;
    }
    out.imageDescription = textOf(entryBytes(*data, EXIF_IFD_0, EXIF_TAG_IMAGE_DESCRIPTION));
    out.userComment = commentOf(eitherOf(*data, EXIF_TAG_USER_COMMENT), order == EXIF_BYTE_ORDER_MOTOROLA);
    for (const auto& [tag, name] : kOtherTexts) {
        std::string text = textOf(tiff.size() > kMaxBlock ? longText(tiff, tag) : eitherOf(*data, tag));
        if (!text.empty())
            out.others.emplace_back(name, std::move(text));
    }
    return out;
}

PictureMetadata metadataFrom(Exif exif, std::string xmp)
{
    PictureMetadata metadata{std::move(exif.userComment), {}, std::move(exif.others)};
    // A camera's or another program's description is no request.
    if (exif.imageDescription.starts_with('{'))
        metadata.requestJson = std::move(exif.imageDescription);
    else if (!exif.imageDescription.empty())
        metadata.other.emplace_back("ImageDescription", std::move(exif.imageDescription));
    if (!xmp.empty())
        metadata.other.emplace_back("XML:com.adobe.xmp", isUtf8(xmp) ? std::move(xmp) : latin1ToUtf8(xmp));
    return metadata;
}

std::string writeExif(const PictureMetadata& metadata)
{
    const std::string comment = std::string(kUnicode) + utf8ToUtf16BigEndian(metadata.parameters);
    if (comment.size() + metadata.requestJson.size() > kMaxBlock - 200)
        throw Error(ErrorKind::BadInput,
            "The prompts are too long for a JPEG's or WebP's text (64 KB). Save a PNG, or "
            "save without the recipe.");
    const Owned<ExifData> data = owned(exif_data_new());
    exif_data_set_byte_order(data.get(), EXIF_BYTE_ORDER_MOTOROLA);
    if (!metadata.requestJson.empty())
        addEntry(
            *data, EXIF_IFD_0, EXIF_TAG_IMAGE_DESCRIPTION, EXIF_FORMAT_ASCII, metadata.requestJson + '\0');
    if (!metadata.parameters.empty())
        addEntry(*data, EXIF_IFD_EXIF, EXIF_TAG_USER_COMMENT, EXIF_FORMAT_UNDEFINED, comment);
    unsigned char* bytes = nullptr;
    unsigned int count = 0;
    exif_data_save_data(data.get(), &bytes, &count);
    const Owned<unsigned char> keeper = owned(bytes);
    return {reinterpret_cast<const char*>(bytes), count};
}

} // namespace studio
