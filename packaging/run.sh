#!/usr/bin/env bash
# `make run`: opens the window; without a display, or in a build without one, writes pictures instead and says so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=build/bin/hires-studio

write_pictures()
{
    mkdir -p output
    echo "$1, so pictures are written to output/ instead."
    exec "$program" generate --prompt "a beautiful sunset over mountains" --mode compare --out output/
}

[ -x "$program" ] || { echo "run: this build has no $program" >&2; exit 1; }
"$program" --help 2>/dev/null | grep -q '^ *studio ' || write_pictures "This build has no window"
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || write_pictures "There is no display (DISPLAY and WAYLAND_DISPLAY are empty)"
exec "$program" studio
