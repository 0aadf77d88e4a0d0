#pragma once

#include "ui/panels/field_form.h"

namespace studio::ui {

class StudioController;

/// A row that chooses an upscaler, without reading and writing: its choices, its words, and beside it what can be done
/// about the folders they come from.
void describeUpscalers(ChoiceRow& row, StudioController& controller);

} // namespace studio::ui
