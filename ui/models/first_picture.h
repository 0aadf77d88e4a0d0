#pragma once

#include "core/api/request.h"

#include <string>

namespace studio::ui {

/// Puts a picture of this size in the place of the first pass. A mode without a second pass becomes hires fix, and a
/// target that is no larger than the picture gives way to what the program proposes.
void startFrom(Request& request, const std::string& picture, Extent size);

} // namespace studio::ui
