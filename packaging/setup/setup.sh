#!/usr/bin/env bash
# Brings what the build needs; does nothing, in well under a second, when nothing is missing.
#
#   setup.sh [LIST...]    LIST names further package lists beside this script: lint, fuzz
#
# 1. Debian packages from packages.txt, those that are missing.
# 2. libtorch and CLIP's vocabulary, by fetch.py, into build/deps.
#
# Environment: STUDIO_DEPS            folder for libtorch and the vocabulary, to share it between checkouts
#              STUDIO_TORCH           auto (default), cpu or cuda: which build of libtorch to fetch
#              STUDIO_SKIP_PACKAGES   any value: leave Debian packages alone
#              CMAKE_PREFIX_PATH      a libtorch of your own (2.6 or newer)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

fail()
{
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

# Prints the package names of the given list files, one a line.
listed_packages()
{
    sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$@"
}

# Prints those of the listed packages that are not installed.
missing_packages()
{
    local names
    names=$(listed_packages "$@")
    # dpkg-query fails when it knows nothing of a name; what it prints for the others still holds.
    # shellcheck disable=SC2086  # one word a package
    comm -23 <(sort -u <<<"$names") \
        <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $names 2>/dev/null | sed -n 's/ installed$//p' | sort -u)
}

as_root()
{
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

install_packages()
{
    local missing install
    if ! command -v dpkg-query >/dev/null; then
        echo "setup: not a Debian system, so packages are yours to install. What is needed: $here/packages.txt"
        return
    fi
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0

    install=(env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}")
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        fail "Debian packages are missing, and installing them needs root. Have this run, then try again:
    apt-get install --no-install-recommends ${missing[*]}"
    fi
    echo "setup: installing Debian packages (${#missing[@]}; the whole set is a download of about 320 MB): ${missing[*]}"
    # One unreachable source among several must not stop what the others offer: the installation decides.
    as_root apt-get update --quiet=2 || echo "setup: apt-get update failed; going on with the package lists at hand" >&2
    as_root "${install[@]}" || fail "apt-get could not install the packages above. Its own message says why: \
no network, a package source that is missing, or another apt-get at work."
}

lists=("$here/packages.txt")
for list in "$@"; do
    [ -f "$here/packages-$list.txt" ] || fail "there is no package list '$list' in $here"
    lists+=("$here/packages-$list.txt")
done

[ -n "${STUDIO_SKIP_PACKAGES:-}" ] || install_packages "${lists[@]}"

# Debian's own Python carries the pip that packages.txt asks for; another one first in PATH may have none.
python=python3
[ -x /usr/bin/python3 ] && python=/usr/bin/python3
command -v "$python" >/dev/null || fail "python3 is missing; the set-up's downloads need it"
exec "$python" -B "$here/fetch.py" --deps "${STUDIO_DEPS:-$root/build/deps}" --record "$root/build/setup.cmake"
