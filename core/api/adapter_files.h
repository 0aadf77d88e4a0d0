#pragma once

#include "core/api/inspection.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace studio {

/// A word of the captions an adapter was trained with, and in how many of them it stood.
struct TrainedTag {
    std::string text;
    std::int64_t pictures = 0;

    bool operator==(const TrainedTag&) const = default;
};

/// What can be told of an adapter or an embedding without loading it: from its header, and from the files beside it
/// that A1111, Civitai's tools and StabilityMatrix keep.
struct AdapterFile {
    std::filesystem::path path;
    std::string name; ///< as prompts write it: the file's name without its ending
    /// Lora, TextualInversion, or whatever else the file is; Unknown if it cannot be read.
    FileKind kind = FileKind::Unknown;
    std::string title;     ///< "LoRA (kohya's form)"
    std::string family;    ///< "SDXL", "Stable Diffusion 1.x", "Flux"; empty: it cannot be told
    std::int64_t rank = 0; ///< 0: it has none
    std::vector<std::string> triggerWords; ///< as the author wrote them down, a phrase each, none twice
    std::vector<TrainedTag> tags;          ///< of the captions, the most frequent first; a few
    std::optional<double> preferredWeight; ///< as A1111 keeps it
    std::string notes;                     ///< the artist's own, as A1111 keeps them
    std::filesystem::path picture;         ///< the picture beside the file; empty: there is none
    std::vector<std::string> faults;       ///< a sentence for each thing that cannot be read

    bool operator==(const AdapterFile&) const = default;
};

/// Reads the header and what lies beside the file; some milliseconds.
AdapterFile readAdapterFile(const std::filesystem::path& path) noexcept;

/// The folders that adapters (embeddings) are searched in for a model, in this order: those that are set, then those of
/// A1111 and ComfyUI beside the model that are there.
std::vector<std::filesystem::path> adapterFolders(
    std::vector<std::filesystem::path> set, const std::filesystem::path& model);
std::vector<std::filesystem::path> embeddingFolders(
    std::vector<std::filesystem::path> set, const std::filesystem::path& model);

/// The .safetensors files in folders and their sub-folders; of several of one name the one that the name stands for.
std::vector<std::filesystem::path> adapterFilesIn(std::span<const std::filesystem::path> folders);

} // namespace studio
