#pragma once

#include "core/api/plan.h"

#include <QString>

#include <cstddef>

namespace studio::ui {

/// Compare makes several pictures in a row: its stages are named by the picture they are for. All others by what they
/// do.

/// One word for the strip: "Base", "Standard", "Hires".
QString stageNameIn(const Plan& plan, std::size_t stage);

/// A line in a list, after the label that the plan has for it: "Decode", "Standard · Decode".
QString stageLineIn(const Plan& plan, std::size_t stage);

} // namespace studio::ui
