#!/usr/bin/env bash
# Reads the code with clang-format, clang-tidy, clazy, shellcheck and the project's own checks.
#
#   lint.sh          the quick checks on every file, clang-tidy and clazy on what changed since the main branch
#   lint.sh --all    everything on every file
#   lint.sh --fix    formats the sources in place, nothing else
#
# Environment: LINT_BASE   the commit that "changed" is measured from
#              JOBS        how many files are read at once
# clang-tidy 14 cannot read libtorch's headers, so it reads the parts of the engine that are free of them.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

jobs=${JOBS:-$(packaging/setup/jobs.sh)}
torch_free='^(app|ui|core/(api|base|image|request|takes|text|weights/format)|tests/(app|ui|core/(base|image|request|takes|text|weights/format)))/'
gcc_only=--extra-arg=-Wno-unknown-warning-option # clang need not know the warnings that g++ is told to drop
failures=0

sources()
{
    git ls-files --cached --others --exclude-standard -- '*.h' '*.cpp' | sort -u | while read -r file; do
        if [ -f "$file" ]; then echo "$file"; fi
    done
}

# The commit the work started from: where it left the main branch, or the one before when it is on that branch.
base()
{
    local main commit
    if [ -n "${LINT_BASE:-}" ]; then
        echo "$LINT_BASE"
        return
    fi
    for main in origin/HEAD origin/main main; do
        commit=$(git merge-base HEAD "$main" 2>/dev/null) || continue
        [ "$commit" != "$(git rev-parse HEAD)" ] || commit=$(git rev-parse -q --verify HEAD~1) || break
        echo "$commit"
        return
    done
    git rev-parse HEAD
}

# Sources to read closely: those that changed, and the .cpp of a header that did.
changed()
{
    {
        git diff --name-only --diff-filter=d "$(base)" -- '*.h' '*.cpp'
        git ls-files --others --exclude-standard -- '*.h' '*.cpp'
    } | while read -r file; do
        file="${file%.h}"
        file="${file%.cpp}.cpp"
        if [ -f "$file" ]; then echo "$file"; fi
    done | sort -u
}

step()
{
    local name=$1
    shift
    echo "== $name"
    "$@" || failures=$((failures + 1))
}

check_format()
{
    local found
    # Only the names: what is wrong, `make format` puts right.
    found=$(sources | xargs --no-run-if-empty clang-format-14 --dry-run --Werror 2>&1 |
        sed -n 's/^\([^ :]*\):[0-9]*:[0-9]*: error: .*/\1: not formatted (make format)/p' | sort -u)
    [ -z "$found" ] || { echo "$found"; return 1; }
}

check_scripts()
{
    git ls-files -- '*.sh' .ci/run | xargs --no-run-if-empty shellcheck
}

# The selected sources under folders that match the pattern, as far as the build knows how to compile them.
selected()
{
    "$selection" | grep -E "$1" |
        grep -Fxf <(sed -n "s|^  \"file\": \"$PWD/\\(.*\\)\",\\{0,1\\}$|\\1|p" build/compile_commands.json) || true
}

# A tool's count of warnings it did not show says nothing.
tidy()
{
    selected "$torch_free" |
        xargs --no-run-if-empty -n 1 -P "$jobs" clang-tidy-14 -p build --quiet "$gcc_only" 2> >(grep -v 'warnings generated\.$' >&2)
}

qt_checks()
{
    local found
    found=$(selected '^(app|ui)/' | xargs --no-run-if-empty -n 1 -P "$jobs" \
        clazy-standalone -p build "$gcc_only" --checks=level1,no-non-pod-global-static \
        --header-filter='/(app|ui)/.*\.h$' \
        --ignore-included-files 2>&1 | grep -E '\[-Wclazy|error:' | sort -u)
    [ -z "$found" ] || { echo "$found"; return 1; }
}

selection=changed
case "${1:-}" in
--all) selection=sources ;;
--fix)
    sources | xargs --no-run-if-empty clang-format-14 -i
    exit
    ;;
'') ;;
*)
    echo "lint: unknown argument '$1'; there are --all and --fix" >&2
    exit 2
    ;;
esac

step "words, lengths, line ends" python3 -B packaging/checks/text.py
step "includes across the border" cmake -DROOT="$PWD" -P packaging/cmake/check_border.cmake
step "clang-format" check_format
step "shellcheck" check_scripts
step "clang-tidy ($selection)" tidy
step "clazy ($selection)" qt_checks

[ "$failures" -eq 0 ] || { echo "lint: $failures of the checks above found something"; exit 1; }
echo "lint: nothing found"
