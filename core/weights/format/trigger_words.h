#pragma once

#include "core/api/adapter_files.h"

#include <functional>
#include <map>
#include <string>

namespace studio {

/// What trainers and distributors write into an adapter's header: ModelSpec's trigger phrase, kohya's tag frequencies.
/// Adds to `out`.
void addFromMetadata(AdapterFile& out, const std::map<std::string, std::string, std::less<>>& metadata);

/// What other programs keep beside NAME.safetensors: A1111 (NAME.json), Civitai Helper (NAME.civitai.info), the LoRA
/// manager of ComfyUI (NAME.metadata.json), StabilityMatrix (NAME.cm-info.json). Adds to `out`.
void addFromFilesBeside(AdapterFile& out);

} // namespace studio
