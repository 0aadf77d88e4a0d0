#pragma once

#include "core/weights/format/file_kind.h"
#include "core/weights/format/model_files.h"
#include "core/weights/format/safetensors.h"

#include <filesystem>
#include <string_view>

// What ModelFiles::open is put together from; nobody else needs it.

namespace studio {

ModelFiles openSingleFile(const std::filesystem::path& path);
ModelFiles openFolder(const std::filesystem::path& path);

/// What a folder with a model_index.json is, from the pipeline it names.
KnownKind kindOfFolder(const std::filesystem::path& path);

/// Replaces the VAE of `model`.
void useExternalVae(ModelFiles& model, const std::filesystem::path& vaePath);

/// The weights of a single file under diffusers' names, each network's in its own map. Throws Error (FileCorrupt)
/// for two tensors that are the same weight and for fused ones that cannot be divided.
void sortIntoNetworks(const SafetensorsFile& file, ModelFiles& model);

/// Opens a .safetensors file; what is none of them is refused with what it is.
SafetensorsFile openWeights(const std::filesystem::path& path, std::string_view needed);

} // namespace studio
