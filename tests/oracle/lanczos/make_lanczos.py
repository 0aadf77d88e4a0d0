"""Writes lanczos.json: what Pillow's Image.resize(size, LANCZOS) makes of small pictures.

Run: python make_lanczos.py    (needs Pillow and numpy)
The pictures come from a congruential generator that the test repeats, so only results are stored; for the large ones
only a hash of the result.
"""

import hashlib
import json
from pathlib import Path

import numpy
import PIL
from PIL import Image

SMALL = [  # from, to (width, height)
    ((8, 6), (16, 12)),     # twice
    ((20, 15), (7, 5)),     # down, no whole ratio
    ((13, 9), (17, 22)),    # up, no whole ratio, not square
    ((1, 1), (5, 4)),       # one pixel
    ((5, 4), (1, 1)),       # to one pixel
    ((1, 7), (3, 2)),       # one column
    ((10, 6), (15, 6)),     # columns only
    ((6, 10), (6, 15)),     # rows only
    ((9, 9), (9, 9)),       # nothing to do
    ((90, 4), (4, 31)),     # far down one way, far up the other
]
LARGE = [((768, 768), (1152, 1152)), ((768, 768), (1536, 1536)), ((1030, 771), (517, 389))]


def generated(count: int) -> numpy.ndarray:
    """Bits 40..47 of Knuth's 64-bit linear congruential generator from 1."""
    state, out = 1, numpy.empty(count, dtype=numpy.uint8)
    for i in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        out[i] = (state >> 40) & 255
    return out


def resize_8bit(values: numpy.ndarray, source, target) -> numpy.ndarray:
    picture = Image.fromarray(values.reshape(source[1], source[0], 3))
    return numpy.asarray(picture.resize(target, Image.LANCZOS))


def resize_float(values: numpy.ndarray, source, target) -> numpy.ndarray:
    """Planar [3, H, W] in 0..1, a little beyond on purpose: nothing may be clamped."""
    planes = (values.astype(numpy.float32) / 200 - 0.1).astype(numpy.float32).reshape(3, source[1], source[0])
    return numpy.stack([numpy.asarray(Image.fromarray(plane).resize(target, Image.LANCZOS)) for plane in planes])


def main() -> None:
    cases = []
    for source, target in SMALL:
        values = generated(3 * source[0] * source[1])
        cases.append({
            "from": source, "to": target,
            "eight_bit": resize_8bit(values, source, target).flatten().tolist(),
            "float": [float(f"{v:.9g}") for v in resize_float(values, source, target).flatten()],
        })
    for source, target in LARGE:
        values = generated(3 * source[0] * source[1])
        cases.append({
            "from": source, "to": target,
            "eight_bit_sha256": hashlib.sha256(resize_8bit(values, source, target).tobytes()).hexdigest(),
        })
    path = Path(__file__).with_name("lanczos.json")
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    path.write_text(f'{{"pillow":"{PIL.__version__}","cases":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
