"""Reference noise: torch's CPU generator, and CUDA's counter-based normal numbers written in NumPy from the paper
(Salmon et al., SC 2011, section 3.2) and cuRAND's Box-Muller. Writes noise.json.

    python make_noise.py        # needs torch and numpy
"""
import json
import pathlib

import numpy as np
import torch

SEEDS = [0, 1, 42, 123456789, 2**32 + 7, 2**63 + 11]
SHAPES = [[1, 4, 2, 3], [5], [1, 4, 12, 12]]  # below and above the 16 numbers at which torch vectorises


def multiply(constant, words):
    product = words.astype(np.uint64) * np.uint64(constant)
    return (product >> np.uint64(32)).astype(np.uint32), product.astype(np.uint32)


def philox_4x32_10(counter, seed):
    c0, c1, c2, c3 = counter
    k0, k1 = np.uint32(seed & 0xFFFFFFFF), np.uint32(seed >> 32)
    for _ in range(10):
        high0, low0 = multiply(0xD2511F53, c0)
        high1, low1 = multiply(0xCD9E8D57, c2)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        with np.errstate(over="ignore"):
            k0, k1 = k0 + np.uint32(0x9E3779B9), k1 + np.uint32(0xBB67AE85)
    return c0, c1


def philox_normal(seed, draw, count):
    zero = np.zeros(count, np.uint32)
    radius, angle = philox_4x32_10((zero + np.uint32(draw), zero, np.arange(count, dtype=np.uint32), zero), seed)
    unit = np.float64(np.float32(2.3283064e-10))
    turn = np.float64(np.float32(2.3283064e-10 * 6.2831855))
    u = radius * unit + unit / 2
    v = angle * turn + turn / 2
    return (np.sqrt(-2 * np.log(u)) * np.sin(v)).astype(np.float32)


def kat():
    """The known answer of the authors' Random123 for Philox4x32-10 with counter and key all zero."""
    zero = np.zeros(1, np.uint32)
    words = [int(w[0]) for w in philox_4x32_10((zero, zero, zero, zero), 0)]
    assert words == [0x6627E8D5, 0xE169C58D], [hex(w) for w in words]


def main():
    kat()
    rows = []
    for seed in SEEDS:
        generator = torch.Generator("cpu").manual_seed(seed)
        for draw, shape in enumerate(SHAPES):
            first = torch.randn(shape, generator=generator, dtype=torch.float32).flatten()
            philox = philox_normal(seed, draw, first.numel())
            pick = [0, 1, first.numel() // 2, first.numel() - 1]
            rows.append({
                "seed": str(seed), "draw": draw, "shape": shape, "pick": pick,
                "torch": [float(first[i]) for i in pick], "torch_sum": float(first.double().sum()),
                "philox": [float(philox[i]) for i in pick], "philox_sum": float(philox.astype(np.float64).sum()),
            })
    lines = ",\n".join(json.dumps(row) for row in rows)
    pathlib.Path(__file__).with_name("noise.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
