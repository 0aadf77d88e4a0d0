#pragma once

#include "core/api/infotext.h"
#include "core/api/request.h"

#include <filesystem>
#include <istream>
#include <string>
#include <vector>

namespace studio::cli {

/// A saved request: a JSON file, or a picture that carries one (ours, else A1111's infotext). Throws UsageError.
ImportedRequest readRequestFile(const std::filesystem::path& file);

/// One request a line, on top of `defaults`: a JSON object changes the fields it names, any other text is the prompt.
/// Empty lines are skipped. Throws UsageError naming the line.
std::vector<Request> readPrompts(std::istream& lines, const Request& defaults);

/// The same from a file; "-" is standard input.
std::vector<Request> readPromptsFile(const std::filesystem::path& file, const Request& defaults);

} // namespace studio::cli
