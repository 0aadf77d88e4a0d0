#pragma once

#include "ui/jobs/queue_runner.h"

#include <QString>

namespace studio::ui {

/// "2 of 7": the picture that is being made, or comes next. Empty if nothing waits or runs.
QString positionWords(const QueueTally& tally);

/// "~1 min 20 s", "more than ~40 s" while not everything is known; empty if nothing is.
QString timeLeftWords(const QueueTally& tally);

} // namespace studio::ui
