#pragma once

#include "core/api/plan.h"
#include "core/api/take.h"

#include <ctime>
#include <filesystem>
#include <string>

namespace studio::cli {

inline constexpr const char* kDefaultNamePattern = "[date]_[seed]_[layer]";

/// The tags a pattern may hold, for help texts: "[date] [time] ...".
std::string nameTags();

/// Throws UsageError for unknown tags, folders in the pattern, and patterns that name nothing.
void checkNamePattern(const std::string& pattern);

/// The name of a layer's file, without folder and extension. Whatever the prompt holds, the name stays inside its
/// folder and within 180 bytes; every byte is printable and allowed on common file systems.
/// Compare mode has names of its own (output_standard, output_simple_hires, output_hires_fix).
std::string fileName(
    const std::string& pattern, const Plan& plan, LayerKind layer, bool isMainLayer, std::time_t now);

/// "output_standard" and its like.
std::string fixedName(LayerKind layer);

/// `text` without what file systems refuse; blanks become `blank`.
std::string safeForFileName(const std::string& text, char blank);

} // namespace studio::cli
