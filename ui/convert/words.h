#pragma once

#include "core/api/outcome.h"
#include "core/api/plan.h"
#include "core/api/take.h"

#include <QString>

#include <cstdint>

namespace studio::ui {

/// How the window says things: plain numbers with their units, translated names.

/// "1536 × 1536"
QString sizeWords(Extent size);
/// "0.4 s", "13.2 s", "2 min 05 s", "1 h 04 min"
QString secondsWords(double seconds);
/// "~14 s": rounded to what a prediction is worth.
QString aboutSeconds(double seconds);
/// "41 kB", "512 MB", "5.1 GB" (powers of 1000)
QString bytesWords(std::int64_t bytes);
/// Without digits that mean nothing: 7.5, 0.35, 8.
QString numberWords(double value, int decimals = 2);

QString modeName(Mode mode);
QString modeHint(Mode mode); ///< what it makes, in one sentence
QString layerName(LayerKind kind);
QString stageName(const PlannedStage& stage); ///< short, for the strip
QString precisionName(const std::string& precision);
QString deviceName(const std::string& device); ///< "CPU", "GPU 0"

/// The heading of a failure; its `detail` follows as a sentence of its own.
QString failureTitle(ErrorKind kind);
/// What the person can do about it; may be empty.
QString failureRemedy(ErrorKind kind);

/// "8 of 25 steps, from σ 0.78" for a pass of the denoiser; `asked` is the number in the settings.
QString stepsWords(const PlannedStage& stage, int asked);

} // namespace studio::ui
