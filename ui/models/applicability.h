#pragma once

#include "core/api/request.h"

#include <QString>

namespace studio::ui {

/// The settings that not every mode uses.
enum class Setting {
    StandardSize,
    FirstPassSize,
    SecondPass,
    Enlargement,
    Refiner,
    RefinerStrength,
    Seed,
    FirstPicture
};

/// Why the request's mode does not use a setting, as a sentence; empty if it does.
QString whyUnused(const Request& request, Setting setting);

} // namespace studio::ui
