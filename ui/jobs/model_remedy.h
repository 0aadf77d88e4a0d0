#pragma once

#include "core/api/outcome.h"
#include "core/api/request.h"

#include <QString>

namespace studio::ui {

class StudioState;

/// Whether a failure is about the file of the checkpoint that a request names.
bool isAboutBase(const Failure& failure, const Request& request);

/// The built-in model, without the refiner and the VAE that were chosen for another one.
void useBuiltInModel(StudioState& state);

/// Why the state's request cannot be planned, as a sentence that says of which value it speaks. There must be a
/// failure.
QString planFailureInWords(const StudioState& state);

} // namespace studio::ui
