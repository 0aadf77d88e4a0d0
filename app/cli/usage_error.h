#pragma once

#include <stdexcept>

namespace studio::cli {

/// Wrong use of the command line: what() is a sentence for the person who typed it. The program ends with 2.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The program's exit codes, as its commands answer them.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrongUsage = 2;
inline constexpr int kInterrupted = 130;

} // namespace studio::cli
