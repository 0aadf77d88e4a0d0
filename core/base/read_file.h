#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace studio {

/// The bytes of a regular file. Throws Error: FileMissing, or BadInput for a folder, a device, a file of more
/// than `maxBytes` or one that may not be read.
std::string readFile(const std::filesystem::path& path, std::uintmax_t maxBytes);

} // namespace studio
