#pragma once

#include "ui/models/sweep.h"

#include <QString>

#include <optional>
#include <set>
#include <string>

namespace studio::ui {

/// What is remembered of a sweep, so that its sheet can be opened again: its pictures are runs of takes in the store.
struct StoredSweep {
    SweepSetup setup;
    std::string group;           ///< of its entries in the queue
    std::set<std::string> takes; ///< that hold its pictures

    bool isSet() const { return !setup.axes.empty(); }
};

/// Replaced as a whole, by renaming. False if it could not be written. Empty path: nothing is kept.
bool writeSweep(const StoredSweep& sweep, const QString& path);

/// Nothing: there is none, or it makes no sense; the next sweep takes its place then.
std::optional<StoredSweep> readSweep(const QString& path);

/// The cell whose values a request has, as asked for or as planned; -1: it is none of this sweep's.
int sweepCellOf(const SweepSetup& setup, const Request& request);

} // namespace studio::ui
