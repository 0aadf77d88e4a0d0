#include "core/api/infotext.h"
#include "core/api/request_json.h"

#include <cstdint>
#include <cstdlib>

/// Promise: what is read may be planned, and survives being saved; or a Failure in words.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto imported = studio::requestFromInfotext(text);
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
