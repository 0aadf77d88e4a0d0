"""Brings what the build needs and Debian does not package, and records for CMake where it lies.

Run by setup.sh. Does nothing, quickly, when everything is there.
"""

import argparse
import fcntl
import sys
from pathlib import Path

import libtorch
import vocabulary
from wheels import SetupError


def quoted(value):
    return str(value).replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace(";", "\\;")


def record(path, torch, merges):
    """Writes the CMake file only when it says something new, so that nothing is configured again in vain."""
    folders = ";".join(quoted(folder) for folder in libtorch.extra_library_folders(torch))
    text = (f"# Written by the set-up: libtorch {torch.version} ({torch.kind}) and CLIP's vocabulary.\n"
            f'set(STUDIO_LIBTORCH_PREFIX "{quoted(torch.prefix)}")\n'
            f'set(STUDIO_LIBTORCH_EXTRA_DIRS "{folders}")\n'
            f'set(STUDIO_SETUP_VOCABULARY "{quoted(merges)}")\n')
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(f"setup: libtorch {torch.version} ({torch.kind}) in {torch.prefix}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deps", type=Path, required=True, help="folder for what is fetched")
    parser.add_argument("--record", type=Path, required=True, help="CMake file to write")
    arguments = parser.parse_args()
    deps = arguments.deps.resolve()
    deps.mkdir(parents=True, exist_ok=True)
    with open(deps / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two checkouts may share the folder
        torch = libtorch.find_or_fetch(deps)
        merges = vocabulary.find_or_fetch(deps)
    record(arguments.record, torch, merges)


try:
    main()
except SetupError as error:
    sys.exit(f"setup: {error}")
except OSError as error:
    sys.exit(f"setup: {error.filename or 'a file'}: {error.strerror}. Is the disk full, or the folder not writable?")
except KeyboardInterrupt:
    sys.exit("setup: stopped. What was half done is thrown away; run it again.")
