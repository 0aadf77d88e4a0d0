#pragma once

#include "core/api/take_store.h"

#include <string>
#include <vector>

namespace studio::cli {

/// A take on one line, for people and as JSON.
std::string takeLine(const TakeSummary& take);
std::string takeJsonLine(const TakeSummary& take);

/// `hires-studio takes DIR`. Answers an exit code (usage_error.h); throws UsageError.
int listTakes(const std::vector<std::string>& arguments);

} // namespace studio::cli
