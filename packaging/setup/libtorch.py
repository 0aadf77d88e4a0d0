"""Finds libtorch, or fetches it: its libraries and headers come as a Python wheel, of which nothing else is used."""

import json
import os
import re
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import wheels
from wheels import SetupError

VERSION = "2.13.0"
MINIMUM = (2, 6)
# PyTorch's own address for CPU builds. Package indexes carry one build of a version, and on x86-64 that is the CUDA one.
CPU_CHANNEL = "https://download.pytorch.org/whl/cpu"
SIZES = {
    "cpu": "a download of about 190 MB, 0.5 GB unpacked",
    "cuda": "a download of about 2.5 GB with NVIDIA's libraries, 4 GB unpacked",
}
STAMP = "complete.json"
NOT_WANTED = tuple(f"torch/lib/{name}" for name in (
    "libtorch_python", "libshm", "libaoti_custom_ops", "libbackend_with_compiler", "libjitbackend_test",
    "libtorchbind_test"))


class NotOffered(SetupError):
    """No place that was asked has the build."""


@dataclass
class LibTorch:
    prefix: Path   # has include/ATen/ATen.h and lib/
    version: str   # as its headers state it, such as 2.13.0
    kind: str      # cpu or cuda


def _library_folders(prefix):
    multiarch = sysconfig.get_config_var("MULTIARCH") or ""
    return [prefix / "lib", prefix / "lib64", prefix / "lib" / multiarch]


def _has_library(prefix, name):
    return any((folder / f"lib{name}.so").exists() for folder in _library_folders(prefix))


def _version(include):
    for header in ("torch/headeronly/version.h", "torch/csrc/api/include/torch/version.h"):
        path = include / header
        if path.exists():
            text = path.read_text()
            parts = [re.search(rf"define TORCH_VERSION_{part} (\d+)", text) for part in ("MAJOR", "MINOR", "PATCH")]
            if all(parts):
                return ".".join(match.group(1) for match in parts)
    return None


def look_in(prefix):
    """libtorch under `prefix` (a download, a wheel's or an environment's folder, a system's /usr), or None."""
    for candidate in (prefix, prefix / "torch", prefix / "libtorch"):
        if (candidate / "include/ATen/ATen.h").exists() and _has_library(candidate, "torch_cpu"):
            version = _version(candidate / "include")
            if version:
                return LibTorch(candidate, version, "cuda" if _has_library(candidate, "torch_cuda") else "cpu")
    return None


def given():
    """The libtorch that CMAKE_PREFIX_PATH names, or None."""
    for entry in re.split("[:;]", os.environ.get("CMAKE_PREFIX_PATH", "")):
        found = look_in(Path(entry).resolve()) if entry else None
        if found is None:
            continue
        if tuple(int(part) for part in found.version.split(".")[:2]) < MINIMUM:
            raise SetupError(f"CMAKE_PREFIX_PATH names libtorch {found.version} in {found.prefix}, and the program "
                             f"needs {MINIMUM[0]}.{MINIMUM[1]} or newer. Leave it out to have {VERSION} fetched.")
        return found
    return None


def _has_nvidia_driver():
    if Path("/proc/driver/nvidia").exists():
        return True
    program = shutil.which("nvidia-smi")
    return bool(program) and subprocess.run([program, "-L"], stdout=subprocess.DEVNULL,
                                            stderr=subprocess.DEVNULL).returncode == 0


def _asked_kind():
    kind = os.environ.get("STUDIO_TORCH", "auto")
    if kind not in ("auto", "cpu", "cuda"):
        raise SetupError(f"STUDIO_TORCH is '{kind}'; it may be auto, cpu or cuda.")
    return kind


def _folder(deps, kind):
    return deps / f"torch-{VERSION}-{kind}"


def _libraries(folder):
    return {str(path.relative_to(folder)): path.stat().st_size for path in sorted(folder.rglob("*.so*"))
            if path.is_file()}


def _complete(folder):
    """Whether `folder` still holds every library it was unpacked with, at its size."""
    stamp = folder / STAMP
    if not stamp.exists():
        return False
    libraries = json.loads(stamp.read_text())["libraries"]
    return all((folder / name).exists() and (folder / name).stat().st_size == size
               for name, size in libraries.items())


def _is_wanted(name):
    """Headers, libraries (those beside torch too, such as its OpenMP) and licences: no Python, nothing of its tests."""
    if name.endswith((".py", ".pyi")) or name.startswith(NOT_WANTED):
        return False
    top, _, rest = name.partition("/")
    return (top in ("torch",) and rest.startswith(("include/", "lib/", "share/"))) or top == "nvidia" \
        or top.endswith((".libs", ".dist-info"))


def _cuda_requirements(folder):
    """NVIDIA's libraries that an unpacked wheel asks for; none for a CPU build."""
    metadata = next(folder.glob("torch-*.dist-info/METADATA")).read_text()
    requirements = re.findall(r"^Requires-Dist: *((?:nvidia-|cuda-toolkit)[^;\n]*)", metadata, re.MULTILINE)
    return [requirement.strip() for requirement in requirements]


def _sources(kind):
    """What to ask for, and where, in the order of trying."""
    if kind == "cuda":
        return [(f"torch=={VERSION},!={VERSION}+cpu", None)]
    return [(f"torch=={VERSION}+cpu", None), (f"torch=={VERSION}+cpu", CPU_CHANNEL), (f"torch=={VERSION}", None)]


def _download(kind, folder):
    for requirement, index in _sources(kind):
        print(f"setup: looking for {requirement} {'at ' + index if index else 'where pip looks'}", flush=True)
        found = wheels.download([requirement], folder, index=index)
        if found:
            return found[0]
    raise NotOffered(
        f"libtorch {VERSION} ({kind}) is missing, and pip could not fetch it. Give it by hand: either\n"
        f"    PIP_FIND_LINKS=FOLDER make ...       FOLDER holds the wheel torch-{VERSION}*.whl for Python "
        f"{wheels.PYTHON_VERSION}\n"
        f"    CMAKE_PREFIX_PATH=FOLDER make ...    FOLDER holds an unpacked libtorch "
        f"{MINIMUM[0]}.{MINIMUM[1]} or newer\nWhat pip said last:\n{wheels.download.last_message}")


def _fetch(deps, kind):
    print(f"setup: libtorch {VERSION} ({kind}) is missing: {SIZES[kind]}, into {deps}", flush=True)
    with wheels.work_folder(_folder(deps, kind)) as work:
        wheel = _download(kind, work / "wheel")
        tree = work / "tree"
        wheels.unpack(wheel, tree, _is_wanted)
        requirements = _cuda_requirements(tree)
        if requirements:
            print(f"setup: NVIDIA's libraries for it, about 2 GB: {' '.join(requirements)}", flush=True)
            libraries = wheels.download(requirements, work / "nvidia", with_dependencies=True)
            if not libraries:
                raise NotOffered("NVIDIA's libraries for libtorch could not be fetched. STUDIO_TORCH=cpu does without "
                                 f"them. What pip said:\n{wheels.download.last_message}")
            for library in libraries:
                wheels.unpack(library, tree, _is_wanted)
        came = look_in(tree)
        if came is None or came.version != VERSION or (kind == "cuda" and came.kind != "cuda"):
            raise SetupError(f"{wheel.name} does not hold libtorch {VERSION} ({kind}) with its headers.")
        target = _folder(deps, came.kind)
        (tree / STAMP).write_text(json.dumps({"wheel": wheel.name, "libraries": _libraries(tree)}, indent=1))
        if target.exists():
            shutil.rmtree(target)  # a damaged one, or one of an older set-up: a whole one takes its place
        tree.rename(target)
    return look_in(target)


def _for_this_machine(deps):
    """With an NVIDIA driver the CUDA build, unless nobody offers it: then the CPU build, and no second search."""
    refused = deps / f"torch-{VERSION}-cuda.not-offered"
    if not _has_nvidia_driver() or (refused.exists() and not _complete(_folder(deps, "cuda"))):
        return _there_or_fetched(deps, "cpu")
    try:
        return _there_or_fetched(deps, "cuda")
    except NotOffered as error:
        print(f"setup: this machine has an NVIDIA driver, and there is no CUDA build to be had; going on with the CPU "
              f"build. STUDIO_TORCH=cuda searches again and says more ({error.args[0].splitlines()[0]})", flush=True)
        instead = _there_or_fetched(deps, "cpu")
        refused.touch()
        return instead


def _there_or_fetched(deps, kind):
    # The CUDA build computes on the CPU as well, so one that is there already serves a machine without a driver.
    for there in [kind] + (["cuda"] if kind == "cpu" else []):
        if _complete(_folder(deps, there)):
            return look_in(_folder(deps, there))
    return _fetch(deps, kind)


def find_or_fetch(deps):
    found = given()
    if found:
        return found
    kind = _asked_kind()
    return _for_this_machine(deps) if kind == "auto" else _there_or_fetched(deps, kind)


def extra_library_folders(found):
    """NVIDIA's library folders beside an unpacked wheel: for the linker and the programs' run-time search path."""
    return sorted({path.parent for path in (found.prefix.parent / "nvidia").glob("*/lib/*.so*")})
