#!/usr/bin/env bash
# Configures a preset unless it was configured with the same arguments before; CMake itself sees to changed files.
#   configure.sh PRESET FOLDER [CMAKE-ARGUMENT...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
preset=$1 folder=$2
shift 2
asked="$preset $* prefix=${CMAKE_PREFIX_PATH:-} compiler=${CXX:-}"
record="$folder/configured-with.txt"
[ -f "$folder/build.ninja" ] && [ "$(cat "$record" 2>/dev/null)" = "$asked" ] && exit 0
rm -f "$record"
cmake --preset "$preset" "$@"
printf '%s\n' "$asked" >"$record"
