#pragma once

#include "core/api/catalog.h"
#include "core/api/outcome.h"

#include <filesystem>
#include <vector>

namespace studio {

/// The styles of a styles.csv, in the file's order: id and label are the name, the description is what the style adds.
/// Empty without a file. Reads the file anew at each call.
Outcome<std::vector<CatalogEntry>> listStyles(const std::filesystem::path& file) noexcept;

} // namespace studio
