#pragma once

#include "core/api/engine.h"
#include "core/api/picture.h"

#include <string>
#include <vector>

namespace studio::cli {

/// `hires-studio check`: the health of the engine, then each of the three modes with its time, and one file of each.
/// Answers an exit code (usage_error.h); throws UsageError.
int checkInstallation(const std::vector<std::string>& arguments);

/// The engine's report as lines of text.
std::string healthText(const EngineReport& report);

/// True if a picture holds more than one colour.
bool showsSomething(const Picture8& picture);

} // namespace studio::cli
