#pragma once

#include "core/api/plan.h"
#include "core/pipeline/resolve.h"

namespace studio::pipeline {

/// The plan of a resolved request: the recipe of its mode written out, stage by stage. Says which settings the mode
/// does not use. Throws Error (BadInput) if a picture is asked for that cannot be made.
/// `asked` is the request before its defaults were filled in: what the user set on purpose.
Plan makePlan(const Resolved& resolved, const Request& asked);

} // namespace studio::pipeline
