#pragma once

#include "core/api/outcome.h"
#include "core/api/plan.h"
#include "core/api/request.h"

#include <string>
#include <string_view>

namespace studio {

/// The request as versioned JSON ({"version": 1, ...}); every field is written, absent optionals as null.
/// `indent` < 0: on one line.
std::string toJson(const Request& request, int indent = -1);

/// Reads what toJson wrote. Missing fields take their defaults; unknown fields, wrong types and values that
/// check() refuses are a Failure naming the field.
Outcome<Request> requestFromJson(std::string_view text) noexcept;

/// Like requestFromJson, on top of other values than the defaults: only the fields present in `text` are changed.
Outcome<Request> requestFromJson(std::string_view text, const Request& defaults) noexcept;

std::string toJson(const Plan& plan, int indent = -1);

/// Reads what toJson wrote. Anything else, a newer version too, is a Failure.
Outcome<Plan> planFromJson(std::string_view text) noexcept;

} // namespace studio
