#include "core/api/log.h"
#include "core/base/error.h"
#include "core/image/decoded_picture.h"

#include <zlib.h>

#include <cstdlib>

namespace {

constexpr std::int64_t kPixelsForAFuzzer = 1'000'000;

/// Nearly every change of a PNG breaks a check sum and goes no further: they are made right again.
void mendPng(std::string& file)
{
    constexpr std::size_t kSignature = 8;
    constexpr std::size_t kFrame = 12; // length, type, check sum
    const auto byteAt = [&](std::size_t i) { return static_cast<unsigned char>(file[i]); };
    if (file.size() < kSignature || byteAt(0) != 0x89)
        return;
    for (std::size_t i = kSignature; i + kFrame <= file.size();) {
        const std::size_t length = std::size_t{byteAt(i)} << 24 | std::size_t{byteAt(i + 1)} << 16
            | std::size_t{byteAt(i + 2)} << 8 | byteAt(i + 3);
        if (length > file.size() - i - kFrame)
            return;
        const auto* typed = reinterpret_cast<const Bytef*>(file.data() + i + 4);
        const auto sum = static_cast<std::uint32_t>(crc32(0, typed, static_cast<uInt>(length + 4)));
        for (std::size_t k = 0; k < 4; ++k)
            file[i + 8 + length + k] = static_cast<char>(sum >> (24 - 8 * k) & 0xFF);
        i += kFrame + length;
    }
}

} // namespace

/// PNG, JPEG and WebP with their EXIF, texts and profiles. Promise: a picture whose values fit its size, or an Error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    [[maybe_unused]] static const bool quiet = (studio::startLog({}, studio::LogLevel::Error), true);
    std::string file(reinterpret_cast<const char*>(data), size);
    mendPng(file);
    const auto loaded = studio::settle([&] { return studio::decodePicture(file, kPixelsForAFuzzer); });
    if (const auto* failure = studio::failureOf(loaded)) {
        if (failure->kind == studio::ErrorKind::Internal)
            std::abort();
    } else {
        const studio::Picture8& picture = std::get<studio::LoadedPicture>(loaded).picture;
        if (picture.values.size() != 3 * static_cast<std::size_t>(picture.size.width * picture.size.height))
            std::abort();
    }
    const auto texts = studio::settle([&] { return studio::decodeMetadata(file); });
    if (studio::failureOf(texts) && studio::failureOf(texts)->kind == studio::ErrorKind::Internal)
        std::abort();
    return 0;
}
