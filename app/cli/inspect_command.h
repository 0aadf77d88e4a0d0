#pragma once

#include "core/api/inspection.h"

#include <string>
#include <vector>

namespace studio::cli {

/// `hires-studio inspect FILE`. Answers an exit code (usage_error.h); throws UsageError.
int inspectFile(const std::vector<std::string>& arguments);

/// An inspection for people: title, facts, and a picture's recipe.
std::string inWords(const Inspection& inspection);

/// The same as a JSON object on one line.
std::string inJson(const Inspection& inspection);

} // namespace studio::cli
