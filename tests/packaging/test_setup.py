"""The set-up's own logic: what is whole, what is not, and what is chosen. No network, no installation."""

import base64
import contextlib
import hashlib
import io
import os
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging" / "setup"))

import libtorch  # noqa: E402
import vocabulary  # noqa: E402
import wheels  # noqa: E402

METADATA = f"torch-{libtorch.VERSION}.dist-info/METADATA"
VERSION_HEADER = "torch/include/torch/headeronly/version.h"


def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def version_text(version):
    return "".join(f"#define TORCH_VERSION_{part} {number}\n"
                   for part, number in zip(("MAJOR", "MINOR", "PATCH"), version.split("."))).encode()


def torch_files(version=libtorch.VERSION, kind="cpu"):
    files = {
        "torch/include/ATen/ATen.h": b"#pragma once\n",
        VERSION_HEADER: version_text(version),
        "torch/lib/libtorch_cpu.so": b"library" * 1000,
        "torch/lib/libtorch_python.so": b"of no use here",
        "torch/__init__.py": b"of no use either",
        METADATA: b"Name: torch\nRequires-Dist: sympy\n",
    }
    if kind == "cuda":
        files["torch/lib/libtorch_cuda.so"] = b"more" * 1000
        files[METADATA] = (b'Requires-Dist: cuda-toolkit[cublas]==13.0.3; platform_system == "Linux"\n'
                           b'Requires-Dist: nvidia-nccl-cu13==2.29.7; platform_system == "Linux"\n'
                           b"Requires-Dist: sympy\n")
    return files


def write_wheel(path, files, spoil=None):
    """A wheel with a true RECORD; the file named `spoil` then holds something else."""
    record = "".join(f"{name},sha256={digest(data)},{len(data)}\n" for name, data in files.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, b"x" * len(data) if name == spoil else data)
        archive.writestr(next(iter(name for name in files if ".dist-info" in name)).rsplit("/", 1)[0] + "/RECORD", record)
    return path


class SetupCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.deps = self.folder / "deps"
        self.enterContext(mock.patch.dict(os.environ))
        os.environ.pop("CMAKE_PREFIX_PATH", None)
        os.environ["STUDIO_TORCH"] = "cpu"
        self.enterContext(contextlib.redirect_stdout(io.StringIO()))
        self.requests = []

    def offer(self, *wheel_files, spoil=None):
        """Replaces pip: answers each request with the next of the given wheels, then with nothing."""
        queue = list(wheel_files)

        def download(requirements, folder, with_dependencies=False, index=None):
            self.requests.append((tuple(requirements), index))
            offered = queue.pop(0) if queue else None
            return [write_wheel(folder / "offered-1.0-py3-none-any.whl", offered, spoil)] if offered else []

        self.enterContext(mock.patch.object(wheels, "download", download))
        wheels.download.last_message = "nothing found"

    def unpack_given(self, version):
        prefix = self.folder / "given"
        for name, data in torch_files(version).items():
            path = prefix / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        os.environ["CMAKE_PREFIX_PATH"] = f"/usr/share/nothing-here:{prefix}"
        return prefix


class TestLibtorch(SetupCase):
    def test_a_fetched_wheel_is_unpacked_without_python(self):
        self.offer(torch_files())
        found = libtorch.find_or_fetch(self.deps)
        self.assertEqual((found.version, found.kind), (libtorch.VERSION, "cpu"))
        self.assertTrue((found.prefix / "lib/libtorch_cpu.so").exists())
        self.assertFalse((found.prefix / "lib/libtorch_python.so").exists())
        self.assertFalse((found.prefix / "__init__.py").exists())

    def test_what_is_there_is_not_fetched_again(self):
        self.offer(torch_files())
        libtorch.find_or_fetch(self.deps)
        libtorch.find_or_fetch(self.deps)
        self.assertEqual(len(self.requests), 1)

    def test_a_library_cut_short_is_fetched_again(self):
        self.offer(torch_files(), torch_files())
        library = libtorch.find_or_fetch(self.deps).prefix / "lib/libtorch_cpu.so"
        library.write_bytes(b"short")
        libtorch.find_or_fetch(self.deps)
        self.assertEqual(len(self.requests), 2)
        self.assertEqual(library.stat().st_size, 7000)

    def test_a_spoiled_wheel_leaves_nothing_behind(self):
        self.offer(torch_files(), spoil="torch/lib/libtorch_cpu.so")
        with self.assertRaisesRegex(wheels.SetupError, "libtorch_cpu.so .* differs"):
            libtorch.find_or_fetch(self.deps)
        self.assertEqual(list(self.deps.iterdir()), [])

    def test_leftovers_of_a_stopped_run_go(self):
        leftover = self.deps / f".torch-{libtorch.VERSION}-cpu.abc.part"
        leftover.mkdir(parents=True)
        self.offer(torch_files())
        libtorch.find_or_fetch(self.deps)
        self.assertFalse(leftover.exists())

    def test_the_cpu_channel_is_asked_after_pip(self):
        self.offer(None, torch_files())
        libtorch.find_or_fetch(self.deps)
        self.assertEqual([index for _, index in self.requests], [None, libtorch.CPU_CHANNEL])

    def test_nothing_to_be_had_says_how_to_give_it(self):
        self.offer()
        with self.assertRaisesRegex(wheels.SetupError, "(?s)PIP_FIND_LINKS.*CMAKE_PREFIX_PATH.*nothing found"):
            libtorch.find_or_fetch(self.deps)

    def test_the_cuda_build_brings_the_libraries_it_asks_for(self):
        os.environ["STUDIO_TORCH"] = "cuda"
        self.offer(torch_files(kind="cuda"), {"nvidia/nccl/lib/libnccl.so.2": b"n", "nvidia.dist-info/WHEEL": b"w"})
        found = libtorch.find_or_fetch(self.deps)
        self.assertEqual(found.kind, "cuda")
        self.assertEqual(self.requests[1][0], ("cuda-toolkit[cublas]==13.0.3", "nvidia-nccl-cu13==2.29.7"))
        self.assertEqual(libtorch.extra_library_folders(found), [found.prefix.parent / "nvidia/nccl/lib"])

    def test_a_cpu_build_is_not_taken_for_a_cuda_one(self):
        os.environ["STUDIO_TORCH"] = "cuda"
        self.offer(torch_files())
        with self.assertRaisesRegex(wheels.SetupError, "does not hold"):
            libtorch.find_or_fetch(self.deps)

    def test_without_a_cuda_build_a_machine_with_a_card_gets_the_cpu_one(self):
        os.environ["STUDIO_TORCH"] = "auto"
        self.enterContext(mock.patch.object(libtorch, "_has_nvidia_driver", lambda: True))
        self.offer(None, torch_files())
        self.assertEqual(libtorch.find_or_fetch(self.deps).kind, "cpu")
        self.assertEqual(libtorch.find_or_fetch(self.deps).kind, "cpu")
        self.assertEqual(len(self.requests), 2)  # the second time nothing is searched

    def test_the_given_one_wins(self):
        prefix = self.unpack_given("2.9.1")
        self.offer()
        found = libtorch.find_or_fetch(self.deps)
        self.assertEqual((found.prefix, found.version), ((prefix / "torch").resolve(), "2.9.1"))

    def test_a_given_one_too_old_is_refused(self):
        self.unpack_given("1.13.1")
        with self.assertRaisesRegex(wheels.SetupError, "1.13.1 .* needs 2.6"):
            libtorch.find_or_fetch(self.deps)

    def test_an_unknown_kind_is_refused(self):
        os.environ["STUDIO_TORCH"] = "gpu"
        with self.assertRaisesRegex(wheels.SetupError, "auto, cpu or cuda"):
            libtorch.find_or_fetch(self.deps)


class TestVocabulary(SetupCase):
    def test_another_vocabulary_is_refused(self):
        self.offer({f"open_clip/{vocabulary.NAME}.gz": b"something else", "open_clip.dist-info/WHEEL": b"w"})
        with self.assertRaisesRegex(wheels.SetupError, "hash differs"):
            vocabulary.find_or_fetch(self.deps)
        self.assertFalse((self.deps / "clip" / vocabulary.NAME).exists())

    def test_nothing_to_be_had_says_where_to_put_it(self):
        self.offer()
        with self.assertRaisesRegex(wheels.SetupError, f"put {vocabulary.NAME}"):
            vocabulary.find_or_fetch(self.deps)


class TestWheels(SetupCase):
    def test_a_path_that_leaves_the_folder_is_refused(self):
        wheel = write_wheel(self.folder / "w.whl", {"../outside": b"x", "w.dist-info/WHEEL": b"w"})
        with self.assertRaisesRegex(wheels.SetupError, "leaves its folder"):
            wheels.unpack(wheel, self.folder / "in")

    def test_a_file_cut_short_is_refused(self):
        wheel = write_wheel(self.folder / "w.whl", {"a": b"x" * 1000, "w.dist-info/WHEEL": b"w"})
        wheel.write_bytes(wheel.read_bytes()[:700])
        with self.assertRaisesRegex(wheels.SetupError, "damaged"):
            wheels.unpack(wheel, self.folder / "in")


if __name__ == "__main__":
    unittest.main()
