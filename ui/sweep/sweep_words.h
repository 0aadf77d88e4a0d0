#pragma once

#include "ui/jobs/sweep_run.h"

#include <QString>

namespace studio::ui {

/// The value of an axis that a cell stands on: "0.35". Empty if there is no such axis.
QString axisValueWords(const SweepSetup& setup, int axis, int cell, const Catalog& catalog);

/// "Strength 0.35 · Steps 25": what a cell differs in from the others.
QString cellWords(const SweepSetup& setup, int cell, const Catalog& catalog);

/// "waits", "running, 40 %", "done", "failed: ...", "taken out of the queue".
QString cellStateWords(const SweepCell& cell);

} // namespace studio::ui
