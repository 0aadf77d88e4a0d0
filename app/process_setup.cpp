#include "app/process_setup.h"

#include <malloc.h>

#include <climits>
#include <cstdlib>

namespace studio {

void prepareProcessForNetworks()
{
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_ARENA_MAX, 1);
    // Read by the OpenMP library when it is loaded, which is when the engine is opened.
    setenv("OMP_WAIT_POLICY", "passive", /*overwrite*/ 0);
}

} // namespace studio
