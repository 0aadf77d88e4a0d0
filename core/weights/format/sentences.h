#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// Words for messages: what comes out of a file may be long, hold control characters or be no text at all.

namespace studio {

/// The text in quotation marks, on one line, at most `most` bytes of it.
std::string readable(std::string_view text, std::size_t most = 120);

/// The last part of a path, fit for a sentence.
std::string fileName(const std::filesystem::path& path);

/// The text on one line with control characters as spaces, cut at `most` bytes at a character's border.
std::string oneLine(std::string_view text, std::size_t most);

/// "a, b, c and 12 more".
std::string firstFew(const std::vector<std::string>& names, std::size_t few = 4);

/// "[320, 4, 3, 3]".
std::string shapeText(const std::vector<std::int64_t>& shape);

} // namespace studio
