#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace studio {

/// SHA-256 of the bytes, 64 hexadecimal digits in lower case. Throws Error (Internal) if the library refuses.
std::string sha256(std::span<const std::byte> bytes);

} // namespace studio
