#pragma once

#include "core/api/take_store.h"
#include "ui/models/queue_list.h"
#include "ui/models/studio_state.h"

#include <QStringList>

#include <optional>
#include <vector>

namespace studio::ui {

/// The second pass that takes are to get: what the controls say of it, and nothing of the first.
struct SecondPassWish {
    Extent first;            ///< the first-pass size that `targets` belong to
    std::vector<Rung> rungs; ///< with their targets
    Handover handover = Handover::Float;
    std::string refiner; ///< as ModelChoice::refiner
    bool faceRestoration = false;
};

SecondPassWish secondPassWish(const StudioState& state);

/// What comes of many takes at once.
struct SecondPasses {
    std::vector<Request> requests;
    int fromStored = 0;  ///< of them: second passes alone, on a first pass that was kept
    int whole = 0;       ///< of them: both passes, because the first was not kept
    int done = 0;        ///< takes that have this second pass already
    QStringList refused; ///< a sentence for each take that cannot be run
};

/// Seed, prompts and everything else of the first pass are the take's own; the second pass is the wished one, at the
/// same scale if the take's first pass has another size.
SecondPasses secondPassesOf(const std::vector<StoredTake>& takes, const SecondPassWish& wish);

/// The same of one take, whether it has this second pass or not. Nothing: it was cut off too early to be run again.
std::optional<Request> secondPassOf(const StoredTake& take, const SecondPassWish& wish);

/// The size of a request's first pass. Of a request that was planned.
Extent firstPassSizeOf(const Request& planned);

} // namespace studio::ui
