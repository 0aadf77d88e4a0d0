#pragma once

#include "core/api/request.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace studio {

/// A named choice between quality and speed: the settings that decide it, and no others.
struct Preset {
    std::string id;    ///< what command lines and files call it
    std::string label; ///< what people read
    Mode mode = Mode::Standard;
    int steps = 30;
    double guidance = 7.5;
    bool useRefiner = false;
};

/// "best" and "speed".
std::span<const Preset> presets();

std::optional<Preset> findPreset(std::string_view id);

/// Overwrites the preset's settings in `request` and leaves everything else.
void apply(const Preset& preset, Request& request);

/// The preset in words: "hires fix, 50 steps, guidance 8, refiner on".
std::string describe(const Preset& preset);

} // namespace studio
