#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace studio::adapters {

/// The file that a name stands for: a path of a file; or the name of a .safetensors file in one of the folders or their
/// sub-folders, with or without its ending, with or without the sub-folder ("styles/ink"). Of several, the one in the
/// first folder counts, and there the first by path. Nothing: there is none. Folders that cannot be read hold nothing.
std::optional<std::filesystem::path> findFile(
    std::span<const std::filesystem::path> folders, std::string_view name);

/// All .safetensors files in the folders, as findFile would find them under their own names.
std::vector<std::filesystem::path> allFiles(std::span<const std::filesystem::path> folders);

/// Folders of the given names in a model's own folder, beside the folder that holds its file, or beside one of the two
/// above: A1111's models/Lora and embeddings for models/Stable-diffusion/x.safetensors, ComfyUI's models/loras for
/// models/checkpoints/sdxl/x.safetensors. Only those that are there.
std::vector<std::filesystem::path> foldersBeside(
    const std::filesystem::path& model, std::span<const std::string_view> names);

/// A sentence's "in /a or /b", or "no folder of them is set".
std::string wordsFor(std::span<const std::filesystem::path> folders);

} // namespace studio::adapters
