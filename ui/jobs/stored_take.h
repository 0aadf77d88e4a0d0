#pragma once

#include "core/api/outcome.h"
#include "core/api/take_store.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace studio::ui {

/// A take from the disk, ready to be looked at.
struct OpenedTake {
    StoredTake stored;
    std::size_t run = 0;              ///< the one that `take` is, an index of stored.runs
    std::shared_ptr<const Take> take; ///< its layers with their pictures; what was finer than 8 bits is gone
};

/// Reads what is known of a take, without its pictures.
Outcome<StoredTake> readStoredTake(const std::filesystem::path& store, const std::string& id) noexcept;

/// Reads a take with the pictures of one of its runs; absent: the newest that finished one, else the newest. A picture
/// that cannot be read is left out, and a note of the take says so. Takes some tenths of a second: for the background.
Outcome<OpenedTake> openStoredTake(
    const std::filesystem::path& store, const std::string& id, std::optional<std::size_t> run = {}) noexcept;

/// The newest run that finished a picture, else the newest.
std::size_t runToShow(const StoredTake& take);

/// What the second pass alone of a run starts from: its settings, and the first pass that the take kept.
Request secondPassRequest(const StoredTake& take, std::size_t run);

/// All settings of a run, from the beginning.
Request wholeRequest(const StoredTake& take, std::size_t run);

/// A run that a crash cut off.
struct CutOff {
    std::string id;
    Plan plan;
    int answers = 0; ///< of the denoiser, which need not be asked for again
};

/// The newest take that was cut off and can go on from where it stood; those named in `declined` are passed over.
Outcome<std::optional<CutOff>> findCutOff(
    const std::filesystem::path& store, const std::vector<std::string>& declined) noexcept;

/// The pass a cut-off run stood in, and its steps that are done; of a run that stood behind its last pass, all of it.
struct Standing {
    int stage = -1; ///< index into the plan's stages; -1: it has no pass
    int step = 0;
};
Standing standingOf(const Plan& plan, int answers);

} // namespace studio::ui
