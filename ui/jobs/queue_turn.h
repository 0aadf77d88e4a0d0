#pragma once

#include "core/api/take.h"
#include "ui/models/queue_list.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace studio::ui {

/// What is to be done when it is an entry's turn.
struct QueueTurn {
    enum class Kind {
        Run,  ///< `request`
        GoOn, ///< with the entry's take, which was cut off
        Made, ///< nothing: the entry's take was finished elsewhere; it is `take`
        Wait, ///< another program is making the entry's take; `failure` says so
    };
    std::uint64_t id = 0; ///< of the entry
    Kind kind = Kind::Run;
    Request request; ///< the entry's, with its first pass where it lies now
    std::shared_ptr<const Take> take;
    std::optional<Failure> failure;
};

/// The entry's request with its first pass where it lies now: a take that went to the trash, or whose folder moved with
/// the whole store, is found by its id. If no latent is kept any more, the request that makes the same picture from
/// the start. Reads from the disk: for the background.
Request onKeptFirstPass(const QueueEntry& entry, const std::filesystem::path& store);

/// Whether a run with this planned request makes what an entry that has begun is to show.
bool isRunOf(const QueueEntry& entry, const Request& planned);

/// Looks into the store for what an entry has come to. For the background.
QueueTurn turnOf(const QueueEntry& entry, const std::filesystem::path& store) noexcept;

} // namespace studio::ui
