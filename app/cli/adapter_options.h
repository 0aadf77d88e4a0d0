#pragma once

#include "app/cli/argument_parser.h"
#include "core/api/engine.h"
#include "core/api/request.h"

#include <string>
#include <vector>

namespace studio::cli {

/// NAME_OR_PATH[:W[:TE]]: W for the UNet, and for the text encoders unless TE is given. A path may hold colons: only
/// numbers behind the last ones are weights. Throws UsageError.
AdapterChoice readAdapter(const std::string& given);

/// --lora, --hires-lora.
std::vector<OptionRow> adapterRows(Request& request);

/// --lora-dir, --embedding-dir, --upscaler-dir.
std::vector<OptionRow> networkFolderRows(EngineOptions& options);

} // namespace studio::cli
