#pragma once

#include "core/api/request.h"

namespace studio::cli {

/// Throws UsageError with one sentence for each issue of check(), behind the option that the value came from. Fields
/// that no option sets keep their own names.
void refuseIssues(const Request& request);

} // namespace studio::cli
