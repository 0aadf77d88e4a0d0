#pragma once

#include <filesystem>
#include <string>

namespace studio {

/// Puts a file in the place of another of its name, or of none: whatever happens, one of the two is there, and whole.
/// Throws Error if the bytes cannot be written (a full disk, a folder that may not be written).
void replaceFile(const std::filesystem::path& path, const std::string& bytes);

} // namespace studio
