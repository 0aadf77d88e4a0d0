"""Checks every text file of the project for what no compiler sees, and prints one line a finding.

Length (400 lines of code), words that mark unfinished work, paths and addresses that hold on one machine only, trailing
blanks, line ends.
"""

import re
import subprocess
import sys
from pathlib import Path

MAXIMUM_LINES = 400
CODE = {".h", ".cpp", ".py", ".sh", ".cmake"}
TEXT = CODE | {".md", ".txt", ".json", ".in", ".desktop", ".xml", ".qss", ".svg", ".ts", ".qrc", ""}
# Split, so that this file passes its own check.
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
ONE_MACHINE = re.compile(r"(?<![\w.*~])/(?:home|Users|root|work|mnt)/\w|\b(?:pypi\.org|python" + r"hosted\.org)\b")
# Recorded data: their length and content follow from what made them.
GENERATED = re.compile(
    r"^(tests/oracle/.*\.(json|txt)|resources/.*\.(svg|ts|json)|tests/core/takes/data/.*\.json|tests/fuzz/corpus/.*)$")


def project_files():
    """What git tracks, and what it would track."""
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
                            check=True, capture_output=True, text=True).stdout
    return [Path(name) for name in listed.split("\0") if name and Path(name).is_file()]


def findings(path):
    data = path.read_bytes()
    if b"\0" in data:
        return
    try:
        text = data.decode()
    except UnicodeDecodeError:
        yield 1, "is not UTF-8"
        return
    lines = text.split("\n")
    if path.suffix in CODE and len(lines) - 1 > MAXIMUM_LINES:
        yield len(lines) - 1, f"has {len(lines) - 1} lines; {MAXIMUM_LINES} is the most a file may have"
    if text and not text.endswith("\n"):
        yield len(lines), "the last line has no end"
    for number, line in enumerate(lines, 1):
        if line.endswith("\r"):
            yield number, "has a Windows line end"
        elif line != line.rstrip():
            yield number, "has blanks at its end"
        if match := UNFINISHED.search(line):
            yield number, f"says {match.group()}: finish it, or leave it out"
        if match := ONE_MACHINE.search(line):
            yield number, f"names a place of one machine: {match.group()}"


def main():
    count = 0
    for path in project_files():
        if path.suffix not in TEXT or GENERATED.match(path.as_posix()):
            continue
        for number, finding in findings(path):
            print(f"{path}:{number}: {finding}")
            count += 1
    return 1 if count else 0


sys.exit(main())
