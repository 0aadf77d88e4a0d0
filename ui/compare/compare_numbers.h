#pragma once

#include "ui/compare/picture_metrics.h"

#include <QString>

#include <optional>
#include <vector>

namespace studio::ui {

/// One number of a comparison, in words.
struct CompareNumber {
    QString name;        ///< "Sharpness"
    QString value;       ///< "× 2.31"; "…" while it is being measured
    QString inLine;      ///< "sharpness × 2.31": among others in a line
    QString explanation; ///< what is measured, and how
};

/// All of them, always in one order. Without metrics: with values that are still to come.
std::vector<CompareNumber> numbersOf(const std::optional<CompareMetrics>& metrics);

/// Each in a line of its own, with its value and what it means.
QString numbersInFull(const CompareMetrics& metrics);

} // namespace studio::ui
