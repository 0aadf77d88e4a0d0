#pragma once

#include "core/api/outcome.h"
#include "core/api/picture_file.h"
#include "core/api/plan.h"
#include "core/api/request.h"

#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// A request read from a picture's texts, with what could not be taken over.
struct ImportedRequest {
    Request request;
    std::vector<std::string> notHonoured = {}; ///< a sentence each
    std::string program = {};                  ///< who wrote it: "ComfyUI", "Hires Studio"; empty: not known
};

/// A1111's infotext of one layer, to the letter of its 1.10 form; `Size` is the first-pass size.
std::string toInfotext(const Plan& plan, LayerKind layer);

/// Reads the infotext of A1111 and of the programs that write as it does: Forge, SD.Next, Fooocus,
/// stable-diffusion.cpp.
Outcome<ImportedRequest> requestFromInfotext(std::string_view text) noexcept;

/// Reads the settings of a picture that any of the known programs made: ours where there are some, else those of
/// core/request/foreign/programs.cpp. A Failure if there are none, or none that can be read.
Outcome<ImportedRequest> requestFromPicture(const PictureMetadata& metadata) noexcept;

/// Whether there is something in a picture's texts that requestFromPicture would try to read.
bool carriesSettings(const PictureMetadata& metadata) noexcept;

} // namespace studio
