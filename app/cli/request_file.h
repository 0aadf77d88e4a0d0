#pragma once

#include "core/api/infotext.h"
#include "core/api/request.h"

#include <filesystem>
#include <istream>
#include <string>
#include <vector>

namespace studio::cli {

/// A saved request: a JSON file, or a picture that carries one, ours or another program's. Throws UsageError.
ImportedRequest readRequestFile(const std::filesystem::path& file);

/// The request of the latest run in a take's folder, to go on from its stored first pass: hires fix, unless the take is
/// of simple hires. Throws UsageError, also if the take's latent was removed.
Request readTakeRequest(const std::filesystem::path& folder);

/// One request a line, on top of `defaults`: a JSON object changes the fields it names, any other text is the prompt.
/// Empty lines are skipped. Throws UsageError naming the line.
std::vector<Request> readPrompts(std::istream& lines, const Request& defaults);

/// The same from a file; "-" is standard input.
std::vector<Request> readPromptsFile(const std::filesystem::path& file, const Request& defaults);

} // namespace studio::cli
