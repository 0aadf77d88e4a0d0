#pragma once

#include "core/request/infotext_parser.h"

#include <string>
#include <string_view>

namespace studio {

/// A sampler and a schedule by names of ours, or by their own where we have none.
struct SdCppSampling {
    std::string sampler;
    std::string schedule;
};

/// stable-diffusion.cpp's ids. `schedule`: empty for the method's own.
SdCppSampling sdCppSampling(std::string_view method, std::string_view schedule);

/// Puts what other programs call otherwise into A1111's words, in place, and answers which program wrote the text:
/// "AUTOMATIC1111" unless it says something else; empty if there are no settings.
std::string translateDialect(InfotextParts& parts);

} // namespace studio
