#pragma once

#include "ui/jobs/studio_controller.h"

namespace studio {

// What the window knows of the recording engine: two of its services.

/// StudioServices::keepTakes
std::shared_ptr<Engine> keepTakes(
    std::shared_ptr<Engine> engine, const TakeStoreSettings& place, ui::TakeListener listener);

/// StudioServices::goOn
Outcome<ui::Continuation> goOnWithTake(std::shared_ptr<Engine> engine, const TakeStoreSettings& place,
    const std::string& id, ui::TakeListener listener);

} // namespace studio
