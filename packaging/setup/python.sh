#!/usr/bin/env bash
# Python packages for making reference vectors, training and benchmarks: into build/python, a virtual environment.
# Neither the program nor its tests need them. Installs what the project's requirements.txt files pin, with torch's CPU
# build where one is offered.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

environment=build/python
cpu_channel=https://download.pytorch.org/whl/cpu
mapfile -t requirements < <(git ls-files -- '*requirements.txt')
torch=$(sed -n 's/^\(torch==[0-9.]*\).*/\1/p' "${requirements[@]}" | head -n 1)
stamp="$environment/installed.sha256"
wanted=$(sha256sum "${requirements[@]}" | sha256sum)

[ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || exit 0
echo "setup: Python packages from ${requirements[*]} are missing: a download of about 350 MB, 1.5 GB unpacked, into $environment"
[ -x "$environment/bin/python" ] || /usr/bin/python3 -m venv "$environment"
rm -f "$stamp"
pip=("$environment/bin/python" -m pip --disable-pip-version-check --quiet)
if [ -n "$torch" ]; then
    "${pip[@]}" install "$torch+cpu" 2>/dev/null || "${pip[@]}" install "$torch+cpu" --extra-index-url "$cpu_channel" 2>/dev/null ||
        echo "setup: there is no CPU build of $torch to be had; taking the general one, a download of some 2.5 GB"
fi
arguments=()
for file in "${requirements[@]}"; do
    arguments+=(-r "$file")
done
"${pip[@]}" install "${arguments[@]}"
printf '%s\n' "$wanted" >"$stamp"
echo "setup: Python for these is $environment/bin/python"
