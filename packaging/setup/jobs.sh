#!/bin/sh
# Prints how many compilers may run at once: one a core, but no more than memory carries, for a file that includes
# libtorch takes 1.2 GB to compile.
cores=$(nproc)
available_kib=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' /proc/meminfo)
by_memory=$((${available_kib:-0} / (1200 * 1024)))
[ "$by_memory" -ge 1 ] || by_memory=1
[ "$by_memory" -lt "$cores" ] && echo "$by_memory" || echo "$cores"
