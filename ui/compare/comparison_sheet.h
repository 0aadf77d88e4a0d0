#pragma once

#include "ui/compare/compare_types.h"

#include <QImage>

#include <vector>

namespace studio::ui {

/// The comparison as one picture to save or send: pictures at full output size on light grey, each under its
/// letter, name and size. Side by side, loupe and blink give all chosen pictures beside one another; the
/// other modes give their picture as it is on the screen. Safe from any thread that may use fonts (the thread
/// of the window); empty if there is nothing to show.
QImage makeComparisonSheet(const std::vector<CompareLayer>& layers, const CompareSettings& settings);

} // namespace studio::ui
