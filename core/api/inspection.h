#pragma once

#include "core/api/outcome.h"
#include "core/api/request.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace studio {

enum class FileKind {
    Unknown,
    SdxlBase,
    SdxlRefiner,
    SdxlInpainting,
    SdxlVae,
    SdxlUnet,
    TextEncoder,
    Lora,
    TextualInversion,
    ControlNet,
    Upscaler,
    StableDiffusion1,
    StableDiffusion2,
    StableDiffusion3,
    Flux,
    OtherVae,
    Pickle,
    Picture,
};

/// What a checkpoint, adapter or picture is, told from its keys and shapes (never from its name).
struct Inspection {
    FileKind kind = FileKind::Unknown;
    std::string title; ///< "SDXL base checkpoint (single file, fp16)"
    std::int64_t bytes = 0;
    std::vector<std::pair<std::string, std::string>> facts; ///< name and value, in the order to show
    std::optional<Request> request;                         ///< of a picture that carries one
    std::vector<std::string> notHonoured;                   ///< of that request: a sentence each
    std::string infotext;                                   ///< A1111's "parameters" of a picture
    std::string unfit; ///< of an upscaler: why this program cannot use it, as a sentence; empty: it can
};

/// Looks at a file or a diffusers folder without loading weights; takes well under a second. A broken or hostile
/// file is a Failure with one sentence.
Outcome<Inspection> inspect(const std::filesystem::path& path) noexcept;

} // namespace studio
