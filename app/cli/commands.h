#pragma once

#include <string>
#include <vector>

namespace studio::cli {

/// Runs the sub-command that `arguments` begin with (without the program's name). Answers the process's exit code;
/// wrong use and unforeseen errors are said on standard error.
int runCommand(const std::vector<std::string>& arguments) noexcept;

} // namespace studio::cli
