"""Downloads wheels with pip and unpacks them whole or not at all. Nothing is installed into any Python."""

import base64
import csv
import hashlib
import io
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path


class SetupError(Exception):
    """A sentence for the person at the terminal: what is missing, and how to give it by hand."""


# A wheel for one Python is as good as for another here: only its libraries and headers are used. Naming one makes the
# same file come on every machine.
PYTHON_VERSION = "3.11"


def _platform_arguments():
    machine = platform.machine()
    # pip does not take a name for an older system as one of a newer system: each is named.
    tags = [f"manylinux_2_{minor}_{machine}" for minor in range(28, 4, -1)] + [f"manylinux2014_{machine}"]
    arguments = ["--only-binary=:all:", "--python-version", PYTHON_VERSION, "--implementation", "cp"]
    for abi in ("cp" + PYTHON_VERSION.replace(".", ""), "abi3", "none"):
        arguments += ["--abi", abi]
    for tag in tags:
        arguments += ["--platform", tag]
    return arguments


def download(requirements, folder, with_dependencies=False, index=None):
    """Downloads the wheels of `requirements` into `folder` and returns their paths; none when pip finds nothing.

    pip checks each file against the hash its index states, and shows names, sizes and progress as it goes.
    """
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--dest", str(folder)]
    command += _platform_arguments()
    if not with_dependencies:
        command.append("--no-deps")
    if index:
        command += ["--index-url", index]
    folder.mkdir(parents=True, exist_ok=True)
    finished = subprocess.run([*command, *requirements], stderr=subprocess.PIPE, text=True)
    if finished.returncode != 0:
        # Several places are asked in turn, so one that has nothing is no failure yet: keep what it said for the end.
        download.last_message = finished.stderr.strip()
        return []
    return sorted(folder.glob("*.whl"))


download.last_message = ""


def _recorded(archive):
    """The wheel's RECORD: file name -> (hash algorithm, digest), for the files that state one."""
    names = [name for name in archive.namelist() if name.endswith(".dist-info/RECORD")]
    if len(names) != 1:
        raise SetupError(f"{archive.filename} is no wheel: it has {len(names)} RECORD files, not one.")
    rows = csv.reader(io.StringIO(archive.read(names[0]).decode()))
    return {row[0]: row[1].split("=", 1) for row in rows if len(row) >= 2 and row[1]}


def unpack(wheel, folder, wanted=lambda name: True):
    """Unpacks the wanted files of `wheel` into `folder`, each checked against the wheel's RECORD."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            recorded = _recorded(archive)
            for info in archive.infolist():
                if not info.is_dir() and wanted(info.filename):
                    _unpack_one(archive, info, recorded.get(info.filename), folder)
    except (zipfile.BadZipFile, EOFError) as error:
        raise SetupError(f"{wheel} is damaged ({error}). Remove it and try again.") from error


def _unpack_one(archive, info, recorded, folder):
    target = (folder / info.filename).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise SetupError(f"{archive.filename} holds a path that leaves its folder: {info.filename}")
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.new(recorded[0]) if recorded else None
    with archive.open(info) as source, open(target, "wb") as sink:
        while chunk := source.read(1 << 20):
            sink.write(chunk)
            if digest:
                digest.update(chunk)
    if digest and base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode() != recorded[1]:
        raise SetupError(f"{info.filename} in {archive.filename} differs from what the wheel records. Try again.")
    target.chmod((info.external_attr >> 16) & 0o777 or 0o644)


@contextmanager
def work_folder(beside):
    """A folder for half-finished work on the same disk as `beside`, gone afterwards; renaming out of it is atomic."""
    beside.parent.mkdir(parents=True, exist_ok=True)
    for leftover in beside.parent.glob(f".{beside.name}.*.part"):
        shutil.rmtree(leftover)  # of a set-up that was stopped; the caller holds the lock, so nobody uses it
    folder = Path(tempfile.mkdtemp(prefix=f".{beside.name}.", suffix=".part", dir=beside.parent))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
