#include "core/api/presets.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>

namespace studio {

namespace {

const char* wordsFor(Mode mode)
{
    switch (mode) {
    case Mode::Standard:
        return "standard";
    case Mode::Simple:
        return "simple hires";
    case Mode::Hires:
        return "hires fix";
    case Mode::Compare:
        return "compare";
    }
    return "";
}

} // namespace

std::span<const Preset> presets()
{
    static const std::array table{
        Preset{"best", "Best quality", Mode::Hires, 50, 8.0, true},
        Preset{"speed", "Speed", Mode::Standard, 20, 7.0, false},
    };
    return table;
}

std::optional<Preset> findPreset(std::string_view id)
{
    const auto all = presets();
    const auto found
        = std::find_if(all.begin(), all.end(), [id](const Preset& preset) { return preset.id == id; });
    return found == all.end() ? std::nullopt : std::optional(*found);
}

void apply(const Preset& preset, Request& request)
{
    request.mode = preset.mode;
    request.sampling.steps = preset.steps;
    request.sampling.guidance = preset.guidance;
    request.standard.useRefiner = preset.useRefiner;
}

std::string describe(const Preset& preset)
{
    return fmt::format("{}, {} steps, guidance {}, refiner {}", wordsFor(preset.mode), preset.steps,
        preset.guidance, preset.useRefiner ? "on" : "off");
}

} // namespace studio
