#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace studio {

/// SHA-256 of the bytes, 64 hexadecimal digits in lower case. Throws Error (Internal) if the library refuses.
std::string sha256(std::span<const std::byte> bytes);

/// SHA-256 of a file, read a few megabytes at a time; `checkpoint` (may be empty) is called before each and may throw.
/// Throws Error if the file cannot be read to its end.
std::string sha256OfFile(const std::filesystem::path& file, const std::function<void()>& checkpoint);

} // namespace studio
