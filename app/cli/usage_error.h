#pragma once

#include <stdexcept>

namespace studio::cli {

/// Wrong use of the command line: what() is a sentence for the person who typed it. The program ends with 2.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What the program answers its caller.
enum ExitCode { kDone = 0, kFailed = 1, kWrongUsage = 2, kInterrupted = 130 };

} // namespace studio::cli
