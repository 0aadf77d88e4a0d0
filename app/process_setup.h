#pragma once

namespace studio {

/// Settings of the process for running networks; called first in `main`, before any thread.
///
/// Memory: activations of tens of megabytes would be mapped and unmapped each time, and half of an element-wise
/// operation would be page faults; so large blocks come from the heap, which never shrinks by itself, and all threads
/// share it. Threads: OpenMP's wait without spinning, so that an interface beside them stays smooth.
void prepareProcessForNetworks();

} // namespace studio
