#pragma once

#include "core/api/inspection.h"
#include "core/weights/format/safetensors.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace studio {

/// What a file is, with the words a sentence can use: "a LoRA (kohya's form)".
struct KnownKind {
    FileKind kind = FileKind::Unknown;
    std::string words = "a file of a kind this program does not know";
};

/// From keys and shapes.
KnownKind kindOf(const SafetensorsHeader& header);

/// The family of models an adapter changes, told from the width of the text it was trained with: "SDXL",
/// "Stable Diffusion 1.x", ...; empty: it cannot be told.
std::string adapterFamily(const SafetensorsHeader& header);

/// The same of an embedding: vectors for two text encoders are for SDXL, others by their width.
std::string embeddingFamily(const SafetensorsHeader& header);

/// The largest rank of an adapter's LoRA layers; 0: it has none.
std::int64_t adapterRank(const SafetensorsHeader& header);

/// From the first bytes, for files that are no safetensors: pickles, pictures, and what downloads leave behind.
/// Nothing: it may be a safetensors file.
std::optional<KnownKind> kindFromFirstBytes(std::span<const std::byte> file);

/// Throws Error (UnsupportedModel): "NAME is WORDS; what is needed is ...".
[[noreturn]] void refuseKind(std::string_view name, const KnownKind& known, std::string_view needed);

inline constexpr std::string_view kCheckpointNeeded
    = "an SDXL base or refiner checkpoint: one .safetensors file, or a diffusers folder";
inline constexpr std::string_view kVaeNeeded = "an SDXL VAE: a .safetensors file, or a diffusers folder";

} // namespace studio
