#pragma once

#include "core/api/engine.h"

#include <filesystem>

namespace studio {

/// Where the program's own files lie: $HIRES_STUDIO_RESOURCES, else `../share/hires-studio` seen from the program.
std::filesystem::path resourceFolder();

/// Where the program keeps what it learns: $XDG_STATE_HOME/hires-studio, else ~/.local/state/hires-studio; empty if
/// there is no home.
std::filesystem::path stateFolder();

/// Where the person's own files for the program lie: $XDG_DATA_HOME/hires-studio, else ~/.local/share/hires-studio;
/// empty if there is no home.
std::filesystem::path dataFolder();

/// Engine options with the built-in demo model (if it is there), the vocabulary, the
/// state folder, and styles.csv, wildcards, upscalers, loras and embeddings of the data folder filled in.
EngineOptions defaultEngineOptions();

} // namespace studio
