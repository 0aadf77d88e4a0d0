"""Band-limited lattice noise that does not depend on the size of the picture.

A noise octave is a lattice of random values read through cubic B-spline weights. The weights of rows and
columns are separable, so a whole octave is two small matrix products. The same seed gives the same hills at
64 and at 512 pixels; only octaves that the pixel grid can carry are added (Nyquist, with a soft end).
"""

from functools import lru_cache

import numpy as np

_TABLE_SIZE = 2048
_TABLE = np.random.default_rng(20240607).standard_normal((_TABLE_SIZE, _TABLE_SIZE)).astype(np.float32)


def spline_weights(position: np.ndarray, count: int) -> np.ndarray:
    """Rows of cubic B-spline weights, [len(position), count + 3], for positions in lattice units."""
    cell = np.clip(np.floor(position).astype(np.int64), 0, count - 1)
    t = (position - cell).astype(np.float32)
    w = np.stack([(1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3], 1) / 6
    rows = np.zeros((len(position), count + 3), np.float32)
    index = np.arange(len(position))
    for k in range(4):
        rows[index, cell + k] = w[:, k]
    return rows


@lru_cache(maxsize=4096)
def _grid_weights(pixels: int, extent: float, frequency: float) -> np.ndarray:
    position = (np.arange(pixels) + 0.5) / pixels * extent * frequency
    return spline_weights(position, max(1, int(np.ceil(extent * frequency))))


class Noise:
    """Noise fields of one scene: the same draw order gives the same fields at every size."""

    def __init__(self, seed: int):
        self._rng = np.random.default_rng(seed)

    def _lattice(self, rows: int, columns: int) -> np.ndarray:
        top, left = (self._rng.random(2) * (_TABLE_SIZE - 700)).astype(int)
        return _TABLE[top : top + rows, left : left + columns]

    def line(
        self, width: int, extent: float, frequency: float, octaves: int, gain: float = 0.5
    ) -> np.ndarray:
        """Fractal noise along a row, [width], roughly unit variance at the lowest octave."""
        total = np.zeros(width, np.float32)
        for octave in range(octaves):
            f = frequency * 2.0**octave
            lattice = self._lattice(1, int(np.ceil(extent * f)) + 3)[0]
            fade = _fade(f, width / extent)
            if fade > 0:
                total += gain**octave * fade * (_grid_weights(width, extent, f) @ lattice)
        return total * 1.7

    def field(
        self,
        height: int,
        width: int,
        extent: tuple,
        frequency: tuple,
        octaves: int,
        gain: float = 0.5,
        rows: np.ndarray | None = None,
    ) -> np.ndarray:
        """Fractal noise over a picture, [height, width]. `rows` replaces the row coordinate (0..extent[0])."""
        total = np.zeros((height, width), np.float32)
        for octave in range(octaves):
            fy, fx = frequency[0] * 2.0**octave, frequency[1] * 2.0**octave
            lattice = self._lattice(int(np.ceil(extent[0] * fy)) + 3, int(np.ceil(extent[1] * fx)) + 3)
            fade = min(_fade(fy, height / extent[0]), _fade(fx, width / extent[1]))
            if fade <= 0:
                continue
            across = _grid_weights(width, extent[1], fx)
            down = (
                _grid_weights(height, extent[0], fy)
                if rows is None
                else spline_weights(rows * fy, max(1, int(np.ceil(extent[0] * fy))))
            )
            total += (gain**octave * fade) * (down @ lattice[: down.shape[1], : across.shape[1]] @ across.T)
        return total * 2.2


def _fade(frequency: float, pixels_per_unit: float) -> float:
    """1 while an octave is well inside the pixel grid's band, 0 at Nyquist."""
    return float(np.clip(2.2 - 4.4 * frequency / pixels_per_unit, 0.0, 1.0))
