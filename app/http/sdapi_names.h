#pragma once

#include "core/api/catalog.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A1111's names for samplers and schedules, and ours.
namespace studio::http {

/// Lower case, without blanks, dashes and underscores: "DPM++ 2M" and "dpm++2m" are one name.
std::string folded(std::string_view name);

/// The id of the row with this id or label; absent if there is none.
std::optional<std::string> findId(const std::vector<CatalogEntry>& rows, std::string_view name);

struct SamplerChoice {
    std::string sampler;
    std::string schedule;
};

/// Reads A1111's sampler and scheduler names, with its "Automatic" and the old names that hold both ("DPM++ 2M Karras").
/// Throws HttpError naming `samplerField` or `scheduleField`.
SamplerChoice chooseSampler(const Catalog& catalog, const std::string& sampler, const std::string& scheduler,
    const std::string& samplerField, const std::string& scheduleField);

} // namespace studio::http
