#pragma once

#include "core/api/take.h"

#include <filesystem>
#include <string>

namespace studio::cli {

/// The JSON object that `--json` prints for a written picture, on one line.
std::string pictureLine(const Take& take, const Layer& layer, const std::filesystem::path& file);

/// The same for people: "output_standard.png  1024x1024, seed 42, 12.3 s".
std::string pictureSentence(const Take& take, const Layer& layer, const std::filesystem::path& file);

} // namespace studio::cli
