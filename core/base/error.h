#pragma once

#include "core/api/outcome.h"

#include <exception>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace studio {

/// The one exception of the core. `what()` is a sentence that may be shown: what is wrong and what to do.
class Error : public std::runtime_error {
public:
    Error(ErrorKind kind, const std::string& sentence)
        : std::runtime_error(sentence)
        , m_kind(kind)
    { }
    ErrorKind kind() const noexcept { return m_kind; }

private:
    ErrorKind m_kind;
};

/// Words for an exception that carries none of ours: std::bad_alloc, filesystem_error, anything else.
Failure describe(std::exception_ptr exception) noexcept;

/// Runs `work` and turns whatever leaves it into a value. `explain` turns the exceptions that are not ours into a
/// Failure; libraries with exceptions of their own (torch, OpenCV) pass a wider one.
template <class Work>
Outcome<std::invoke_result_t<Work>> settle(
    Work&& work, Failure (*explain)(std::exception_ptr) noexcept = &describe) noexcept
{
    try {
        return std::forward<Work>(work)();
    } catch (const Cancelled& stopped) {
        return stopped;
    } catch (const Error& error) {
        return Failure{error.kind(), error.what()};
    } catch (...) {
        return explain(std::current_exception());
    }
}

} // namespace studio
