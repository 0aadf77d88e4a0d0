#pragma once

#include <span>
#include <string>
#include <string_view>

namespace studio {

/// Ours beside A1111's keys: the noise level a second pass began at, where that is what its strength meant.
inline constexpr const char* kStartSigmaKey = "Hires start sigma";

/// One sampler or schedule: our id (k-diffusion's name of the function), A1111's label.
struct InfotextName {
    std::string_view id;
    std::string_view label;
    std::string_view automatic; ///< samplers: the schedule A1111's "Automatic" means with this one
};

std::span<const InfotextName> infotextSamplers();
std::span<const InfotextName> infotextSchedules();
std::span<const InfotextName> infotextUpscalers();

/// The label of an id; an id of no row is its own label.
std::string labelOf(std::span<const InfotextName> names, std::string_view id);

/// The row of a label or an id, whatever the case of its letters; null if there is none.
const InfotextName* nameOf(std::span<const InfotextName> names, std::string_view labelOrId);

} // namespace studio
