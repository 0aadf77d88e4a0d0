#pragma once

#include "core/base/error.h"

#include <csetjmp>
#include <string>

namespace studio {

/// Where a C library that reports errors by long jumps comes back to.
struct Recovery {
    std::jmp_buf jump{};
    char message[256] = "";
};

/// Calls a C library. Its error handler writes `message` and jumps; that becomes Error(kind, before + message
/// + after). `work` must hold nothing with a destructor: the jump skips it.
template <class Work>
void guarded(Recovery& recovery, ErrorKind kind, const char* before, const char* after, const Work& work)
{
    if (setjmp(recovery.jump) != 0)
        throw Error(kind, std::string(before) + recovery.message + after);
    work();
}

} // namespace studio
