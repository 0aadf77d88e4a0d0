#pragma once

#include "core/api/take_store.h"

#include <string>
#include <string_view>

namespace studio {

/// How a run ended and what its stages took, as versioned JSON.
std::string runJson(const Take& take);

/// Reads what runJson wrote into a run of which plan and layers are known. Throws Error (FileCorrupt).
void readRunJson(std::string_view text, StoredRun& run);

} // namespace studio
