#pragma once

#include "core/api/plan.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace studio {

/// A file that a run reads, as it stood when the run began.
struct SourceFile {
    std::string path; ///< absolute
    std::int64_t bytes = 0;
    std::int64_t modified = 0; ///< nanoseconds of the file system's clock

    bool operator==(const SourceFile&) const = default;
};

/// The files whose content decides what the plan's picture will be: checkpoints (of a diffusers folder all weights and
/// settings), autoencoders, upscalers, adapters, embeddings. What is not there is left out. Not the first picture: a
/// take keeps a copy of it.
std::vector<SourceFile> sourcesOf(const Plan& plan);

/// Those below the given files and folders.
std::vector<SourceFile> sourcesBelow(const std::vector<std::string>& paths);

/// Versioned JSON.
std::string sourcesJson(const std::vector<SourceFile>& files);
/// Throws Error (FileCorrupt).
std::vector<SourceFile> readSources(std::string_view text);

/// The first file that is another than it was, is gone, or has come since; empty: all is as it was.
std::string changedSource(const std::vector<SourceFile>& then, const std::vector<SourceFile>& now);

} // namespace studio
