#pragma once

#include "ui/compare/compare_types.h"

#include <QImage>
#include <QStringList>

#include <vector>

namespace studio::ui {

/// The comparison as one picture to save or send: pictures at full output size on light grey, each under its
/// letter, name and size. Side by side, loupe and blink give all chosen pictures beside one another; the
/// other modes give their picture as it is on the screen. `notes` stand below, each in as many lines as it takes: what the
/// pictures were made with, and the numbers of the comparison. Safe from any thread that may use fonts (the thread
/// of the window); empty if there is nothing to show.
QImage makeComparisonSheet(
    const std::vector<CompareLayer>& layers, const CompareSettings& settings, const QStringList& notes = {});

} // namespace studio::ui
