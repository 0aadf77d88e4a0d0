#include "core/pipeline/torch_errors.h"

#include "core/api/log.h"
#include "core/base/error.h"

#include <c10/util/Exception.h>

#include <string>

namespace studio::pipeline {

Failure describeTorch(std::exception_ptr exception) noexcept
{
    constexpr const char* kNoMemory
        = "Memory ran out. Choose a smaller size, close other programs, or run on the CPU.";
    try {
        std::rethrow_exception(exception);
    } catch (const c10::OutOfMemoryError&) {
        return {ErrorKind::OutOfMemory, kNoMemory};
    } catch (const c10::Error& error) {
        const std::string what = error.what_without_backtrace();
        logDebug(what);
        // The CPU's allocator has no exception of its own.
        if (what.find("not enough memory") != std::string::npos
            || what.find("can't allocate") != std::string::npos)
            return {ErrorKind::OutOfMemory, kNoMemory};
        return {ErrorKind::Internal, "A network failed: " + what.substr(0, what.find('\n'))};
    } catch (...) {
        return describe(std::current_exception());
    }
}

} // namespace studio::pipeline
