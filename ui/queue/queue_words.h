#pragma once

#include "ui/jobs/queue_runner.h"

#include <QString>

namespace studio {
struct Catalog;
}

namespace studio::ui {

/// "2 of 7": the picture that is being made, or comes next. Empty if nothing waits or runs.
QString positionWords(const QueueTally& tally);

/// "~1 min 20 s", "over 40 s" while not everything is known; empty if nothing is.
QString timeLeftWords(const QueueTally& tally);

/// "strength 0.35 · 25 steps · Lanczos": what the last second pass of a hires fix does. Empty for other modes.
QString secondPassWords(const Request& request, const Catalog& catalog);

} // namespace studio::ui
