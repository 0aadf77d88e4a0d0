#pragma once

#include "core/api/outcome.h"

#include <exception>

namespace studio::pipeline {

/// Words for an exception of torch's or the standard library's: the only place that knows c10's.
Failure describeTorch(std::exception_ptr exception) noexcept;

} // namespace studio::pipeline
