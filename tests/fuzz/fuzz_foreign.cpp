#include "core/api/infotext.h"
#include "core/api/request_json.h"

#include <array>
#include <cstdint>
#include <cstdlib>

namespace {

/// The first byte chooses where the rest stands.
studio::PictureMetadata metadataFrom(std::uint8_t place, std::string text)
{
    constexpr std::array kKeys{"prompt", "workflow", "invokeai_metadata", "sd-metadata", "Dream", "Comment",
        "Description", "XML:com.adobe.xmp", "Model"};
    constexpr std::size_t kMorePlaces = 3;
    const std::size_t at = place % (kKeys.size() + kMorePlaces);
    if (at < kKeys.size())
        return {{}, {}, {{kKeys[at], std::move(text)}}};
    if (at == kKeys.size())
        return {std::move(text), {}, {{"fooocus_scheme", "fooocus"}}};
    if (at == kKeys.size() + 1)
        return {"Version: stable-diffusion.cpp, SDCPP: " + text, {}, {}};
    return {std::move(text), {}, {}};
}

} // namespace

/// The settings that other programs keep in pictures. Promise: what is read may be planned, and survives being saved;
/// or a Failure in words.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const auto metadata = metadataFrom(data[0], {reinterpret_cast<const char*>(data) + 1, size - 1});
    const auto imported = studio::requestFromPicture(metadata);
    if (const auto* failure = studio::failureOf(imported)) {
        if (failure->kind != studio::ErrorKind::BadInput)
            std::abort();
        return 0;
    }
    const studio::Request& request = std::get<studio::ImportedRequest>(imported).request;
    const auto again = studio::requestFromJson(studio::toJson(request));
    if (!studio::check(request).empty() || studio::failureOf(again)
        || std::get<studio::Request>(again) != request)
        std::abort();
    return 0;
}
