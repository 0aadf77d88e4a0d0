#pragma once

#include "core/api/take_store.h"

#include <filesystem>

namespace studio {

/// Everything about a take. For a small file that cannot be read those beside it stand in, and `damage` says so: the
/// folder's name for take.json, request.json or a picture's metadata for plan.json; of a run without run.json nothing
/// is known but what it left. A run of which nothing says what was asked for is left out. Nothing is written.
/// Throws Error (FileCorrupt) if that leaves no run, or if a newer version of the program wrote the take.
StoredTake readTake(const std::filesystem::path& folder, bool trashed);

/// What lists show of a take. One that readTake refuses is Damaged; it has the sentence and the best of its pictures.
TakeSummary readSummary(const std::filesystem::path& folder, bool trashed);

} // namespace studio
