#pragma once

#include "core/api/picture.h"
#include "ui/models/sweep.h"

#include <QImage>

#include <memory>
#include <vector>

namespace studio::ui {

class SweepRun;

/// What a sheet is drawn from: values, fit for another thread.
struct SweepPictures {
    SweepSetup setup;
    Catalog catalog;
    Extent size;                                           ///< of each picture
    std::vector<std::shared_ptr<const Picture8>> pictures; ///< null: not made
};

SweepPictures sweepPictures(const SweepRun& run, const Catalog& catalog);

/// The whole sheet with its headings as one picture: each cell at full size, or smaller if the sheet would have more
/// than `mostPixels`. Cells without a picture stay empty. Takes a second and more: not for the thread of the window.
QImage makeSweepPicture(const SweepPictures& parts, qint64 mostPixels = qint64{64} << 20);

} // namespace studio::ui
