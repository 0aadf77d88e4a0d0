"""Pictures of random scenes on disk, as uint8 [count, size, size, 3] arrays, rendered once by all cores."""

from multiprocessing import get_context
from pathlib import Path

import numpy as np

from renderer import render
from scene import draw_scene


def render_one(job: tuple[int, int]) -> np.ndarray:
    seed, size = job
    return render(draw_scene(seed), size, size)


def pictures(state: Path, first_seed: int, count: int, size: int, workers: int) -> np.ndarray:
    """Memory-mapped pictures of scenes first_seed..first_seed+count-1; rendered if not there yet."""
    path = state / "pictures" / f"{first_seed}_{count}_{size}.npy"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        out = np.lib.format.open_memmap(partial, "w+", np.uint8, (count, size, size, 3))
        with get_context("spawn").Pool(workers) as pool:
            jobs = ((first_seed + k, size) for k in range(count))
            for k, picture in enumerate(pool.imap(render_one, jobs, chunksize=16)):
                out[k] = (picture * 255 + 0.5).astype(np.uint8)
        out.flush()
        partial.rename(path)
    return np.load(path, mmap_mode="r")
