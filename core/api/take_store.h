#pragma once

#include "core/api/job_context.h"
#include "core/api/outcome.h"
#include "core/api/take.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace studio {

/// How a stored take stands. Interrupted: the program that made it ended without a word, by a crash or a loss of
/// power; what was finished by then is there. Damaged: its pictures may be there, but not what they were made from;
/// a newer version's take is listed so, too. It can be looked at and thrown away.
enum class TakeState { Running, Finished, Cancelled, Failed, Interrupted, Damaged };

/// "running", "finished", "cancelled", "failed", "interrupted", "damaged".
std::string takeStateId(TakeState state);

struct TakeStoreSettings {
    std::filesystem::path folder; ///< made if it does not exist
    /// Bytes the folder may hold; 0: no limit. Above it, latents (of first passes, and of
    /// runs that could go on) are removed, oldest first, then what
    /// lies in the trash, oldest first. Both can be missed: a latent can be made again from its request, and the
    /// trash was thrown away. Starred, running and damaged takes are left alone, and the latents of the take that was
    /// worked on last, from which somebody may be about to go on. Pictures outside the trash are never removed; if what
    /// must stay is too much, LimitReport says so.
    std::int64_t limitBytes = 0;
    /// How much work a crash may cost: the answers of a pass's denoiser go to the disk when the oldest is so old.
    std::chrono::milliseconds answersEvery{2000};
};

struct LimitReport {
    std::int64_t bytes = 0; ///< that the takes hold now, trash included
    int latentsRemoved = 0;
    int takesRemoved = 0; ///< from the trash
    bool exceeded = false;
};

/// A row of the list: what can be shown of a take without opening its files.
struct TakeSummary {
    std::string id;           ///< the name of its folder
    std::int64_t created = 0; ///< milliseconds since 1970, UTC
    TakeState state = TakeState::Interrupted;
    bool starred = false;
    bool trashed = false;
    bool hasFirstPass = false; ///< the second pass alone can be run again
    Mode mode = Mode::Standard;
    std::uint64_t seed = 0;
    std::string prompt;
    std::string negativePrompt;
    std::string model;             ///< the base checkpoint's name
    Extent size;                   ///< of `picture`
    std::filesystem::path picture; ///< the layer to show; empty: none was finished
    int layers = 0;                ///< finished ones
    std::int64_t bytes = 0;
    int finishedRuns = 0;
    /// A sentence for each of its small files that could not be read; empty: all could. What they said was made up for
    /// from other files, unless `state` is Damaged. None of its files is ever changed or removed but by the user.
    std::string damage;

    bool operator==(const TakeSummary&) const = default;
};

/// What lists say of a take: once a run was finished, it is no news that a later one was not.
TakeState stateToShow(const TakeSummary& take);

/// One finished picture on the disk.
struct StoredLayer {
    LayerKind kind = LayerKind::Standard;
    Extent size;
    std::filesystem::path file;

    bool operator==(const StoredLayer&) const = default;
};

/// One run of the engine.
struct StoredRun {
    TakeState state = TakeState::Interrupted;
    Take take; ///< its layers' pictures are not loaded; of an interrupted run there is little but the plan
    std::vector<StoredLayer> layers;
    std::filesystem::path folder;
    std::string
        damage; ///< as TakeSummary's; if its plan is damaged, the plan is the request alone, without stages
};

struct StoredTake {
    TakeSummary summary;
    std::filesystem::path folder;
    std::filesystem::path firstPass; ///< fit for Request::firstPass; empty: there is none
    /// The take's copy of the picture it began with; empty: it began with none.
    std::filesystem::path initPicture;
    std::vector<StoredRun> runs; ///< oldest first, without those of which nothing can be read; never empty
};

struct TakeQuery {
    /// Words that must all occur in prompts, model, mode or seed, in any order and case. "2026-11" and "2026-11-23"
    /// find what was made in that month or on that day, too.
    std::string text;
    bool trashed = false;
    bool starredOnly = false;
};

/// Writes one run while it goes on: hand its functions to the JobContext, and the take to finish(). Each file appears
/// under its name when it is complete, so that whatever ends the program leaves what was finished. Used on the thread
/// that runs the job. Errors never stop a run: what could not be written is tried again by finish() and then said by
/// failure().
class TakeRecorder {
public:
    virtual ~TakeRecorder() = default;

    virtual void planned(const Plan& plan) noexcept = 0;
    virtual void firstPassFinished(const Latent& latent) noexcept = 0;
    virtual void layerFinished(const Layer& layer) noexcept = 0;
    virtual void answered(const DenoiserAnswer& answer) noexcept = 0;
    virtual void finish(const Take& take) noexcept = 0;

    /// Empty before planned().
    virtual const std::string& id() const noexcept = 0;
    virtual const std::optional<Failure>& failure() const noexcept = 0;
};

/// The last run of a take, cut off by a crash, a cancellation or a failure and ready to go on where it stood.
struct UnfinishedRun {
    /// What was running; it must be planned again just so, or the answers mean nothing. Its request names the take's
    /// own copies of the first pass and the first picture.
    Plan plan;
    std::unique_ptr<TakeRecorder> recorder; ///< goes on in the run's own folder
    std::function<std::optional<DenoiserAnswer>(int stage, int call)> knownAnswer; ///< for the JobContext
    int answers = 0; ///< calls of the denoiser that need not be made again
};

/// Takes on the disk: one folder each, in plain files. An index (SQLite) makes lists quick; it is made again from the
/// folders whenever it is missing, broken or behind them. Several programs may use one folder at once. All functions
/// may be called from any thread.
class TakeStore {
public:
    virtual ~TakeStore() = default;

    virtual const TakeStoreSettings& settings() const noexcept = 0;

    /// For one run. Must not outlive the store.
    virtual std::unique_ptr<TakeRecorder> record() = 0;

    /// For the last run of a take, if it did not finish. Refused while it is still running, if a file it was made
    /// from (a checkpoint, an adapter) has changed since, and if its own files are damaged.
    virtual Outcome<UnfinishedRun> goOn(const std::string& id) noexcept = 0;

    /// Newest first.
    virtual Outcome<std::vector<TakeSummary>> list(const TakeQuery& query = {}) noexcept = 0;
    /// A damaged take is a Failure that says what is wrong with it.
    virtual Outcome<StoredTake> read(const std::string& id) noexcept = 0;

    virtual Outcome<bool> star(const std::string& id, bool starred) noexcept = 0;

    /// A running take is refused. `restore` brings a take back as it was.
    virtual Outcome<bool> trash(const std::string& id) noexcept = 0;
    virtual Outcome<bool> restore(const std::string& id) noexcept = 0;

    /// Removes for good what lies in the trash; answers how many takes.
    virtual Outcome<int> emptyTrash() noexcept = 0;

    /// Also called by each finish().
    virtual Outcome<LimitReport> applyLimit() noexcept = 0;

    /// Throws the index away and reads all folders; answers how many takes there are, trash included.
    virtual Outcome<int> rebuildIndex() noexcept = 0;
};

/// Opens the store, and makes its folder if there is none. A folder that may only be read can be listed.
Outcome<std::shared_ptr<TakeStore>> openTakeStore(const TakeStoreSettings& settings) noexcept;

} // namespace studio
