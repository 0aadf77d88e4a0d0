#pragma once

#include "core/api/outcome.h"
#include "core/api/plan.h"
#include "core/api/request.h"

#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// A request read from another program's text, with what could not be taken over.
struct ImportedRequest {
    Request request;
    std::vector<std::string> notHonoured; ///< a sentence each
};

/// A1111's infotext of one layer, to the letter of its 1.10 form; `Size` is the first-pass size.
std::string toInfotext(const Plan& plan, LayerKind layer);

/// Reads A1111's (and Forge's, SD.Next's) infotext.
Outcome<ImportedRequest> requestFromInfotext(std::string_view text) noexcept;

} // namespace studio
