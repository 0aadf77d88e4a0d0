#include "core/api/request_json.h"

#include <cstdint>
#include <cstdlib>

/// Promise: what is read may be planned, and is written and read again as the same; or a Failure in words.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto outcome = studio::requestFromJson(text);
    if (const auto* failure = studio::failureOf(outcome)) {
        if (failure->kind != studio::ErrorKind::BadInput)
            std::abort();
        return 0;
    }
    const studio::Request& request = std::get<studio::Request>(outcome);
    const auto again = studio::requestFromJson(studio::toJson(request));
    if (!studio::check(request).empty() || studio::failureOf(again)
        || std::get<studio::Request>(again) != request)
        std::abort();
    return 0;
}
