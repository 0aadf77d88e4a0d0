#pragma once

#include <span>
#include <string>
#include <string_view>

namespace studio {

/// Ours beside A1111's keys: the noise level a second pass began at, where that is what its strength meant.
inline constexpr const char* kStartSigmaKey = "Hires start sigma";

/// Ours, too: what A1111 has no setting for.
inline constexpr const char* kSyntaxKey = "Prompt syntax";
inline constexpr const char* kRescaleKey = "CFG rescale";
inline constexpr const char* kGuidanceEndKey = "Skip Late CFG";
inline constexpr const char* kSigmasKey = "Sigmas";

/// How Emphasis goes by in A1111; its default is not written. "Comfy" is ours.
inline constexpr const char* kNoNormLabel = "No norm";
inline constexpr const char* kComfyLabel = "Comfy";

/// One sampler, schedule or upscaler: our id, A1111's label.
struct InfotextName {
    std::string_view id;
    std::string_view label;
    std::string_view alias;     ///< another id it is known by; may be empty
    std::string_view automatic; ///< samplers: the schedule A1111's "Automatic" means with this one
};

std::span<const InfotextName> infotextSamplers();
std::span<const InfotextName> infotextSchedules();
std::span<const InfotextName> infotextUpscalers();

/// The label of an id; an id of no row is its own label.
std::string labelOf(std::span<const InfotextName> names, std::string_view id);

/// The row of a label, an id or an alias, whatever the case of its letters; null if there is none.
const InfotextName* nameOf(std::span<const InfotextName> names, std::string_view labelOrId);

} // namespace studio
