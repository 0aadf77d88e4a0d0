#pragma once

#include <cstdint>

namespace studio {

/// Memory of the machine that a program can still have without swapping, in bytes. 0 if the system does not say.
std::int64_t availableMemory();

std::int64_t totalMemory();

/// The largest resident size of this process since the last resetPeakMemory, in bytes (VmHWM). 0 if unknown.
std::int64_t peakMemory();

/// Starts peakMemory anew at the present size. Does nothing where the system does not offer it.
void resetPeakMemory();

/// Gives memory that was freed back to the system. The program tells the allocator to keep what it has, which is right
/// between the layers of a network and wrong once the network has left.
void returnFreeMemory();

} // namespace studio
