#pragma once

#include <string>
#include <utility>
#include <variant>

namespace studio {

/// Why something failed, coarse enough for an interface to choose a remedy by it.
enum class ErrorKind {
    BadInput,
    FileMissing,
    FileCorrupt,
    UnsupportedModel,
    OutOfMemory,
    DiskFull,
    Internal
};

/// A failure at the border of the core. `detail` is one sentence (what is wrong, what to do), in English, without
/// a trailing line break; it may be shown as it stands.
struct Failure {
    ErrorKind kind = ErrorKind::Internal;
    std::string detail;

    bool operator==(const Failure&) const = default;
};

/// The user asked to stop. Not a failure.
struct Cancelled {
    bool operator==(const Cancelled&) const = default;
};

/// What every public call of the core answers: a value, a cancellation, or a failure. No exception crosses.
template <class T> using Outcome = std::variant<T, Cancelled, Failure>;

template <class T> const Failure* failureOf(const Outcome<T>& outcome)
{
    return std::get_if<Failure>(&outcome);
}

} // namespace studio
