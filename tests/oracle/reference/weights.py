"""Random weights by rule: a value is a pure function of (model seed, tensor name, index).

README.md, "The weight rule", is the definition; this is its vectorised form. No weights are kept in the
repository: every reader of a spec computes the same ones.
"""

import numpy as np
import torch

GOLDEN_GAMMA = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1


def fnv1a64(text: str) -> int:
    """FNV-1a, 64 bits, over the UTF-8 bytes."""
    value = 0xCBF29CE484222325
    for byte in text.encode("utf-8"):
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return value


def mix(z: np.ndarray) -> np.ndarray:
    """The output function of splitmix64 (Steele, Lea, Flood 2014), on uint64, wrapping."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def splitmix64(seed: int) -> int:
    """The first output of a splitmix64 generator with that seed."""
    with np.errstate(over="ignore"):
        return int(mix(np.array([(seed + GOLDEN_GAMMA) & MASK], dtype=np.uint64))[0])


def unit_values(seed: int, name: str, count: int) -> np.ndarray:
    """`count` doubles in [-1, 1), multiples of 2^-23."""
    start = np.uint64(fnv1a64(name) ^ splitmix64(seed))
    with np.errstate(over="ignore"):
        index = np.arange(1, count + 1, dtype=np.uint64)
        z = mix(start + index * np.uint64(GOLDEN_GAMMA))
    return (z >> np.uint64(40)).astype(np.float64) / float(1 << 23) - 1.0


def tensor(
    seed: int, name: str, shape: list[int], offset: float, scale: float, diagonal: float = 0.0
) -> torch.Tensor:
    """One weight tensor, float32, row-major; `name` is `<component>/<diffusers key>`.

    `diagonal` is added to the offset where output and input channel agree modulo 4, the latent channels, at the
    centre of the kernel: it lets the latent through, as a trained denoiser does.
    """
    values = scale * unit_values(seed, name, int(np.prod(shape, dtype=np.int64))).reshape(shape)
    offsets = np.full(shape, offset)
    if diagonal:
        centre = tuple(extent // 2 for extent in shape[2:])
        for i in range(4):
            offsets[(slice(i, None, 4), slice(i, None, 4), *centre)] += diagonal
    return torch.from_numpy((offsets + values).astype(np.float32))


def short(value: float) -> float:
    """`value` with 8 significant bits: `offset + scale * u` is then exact in double before the one rounding to
    float32, with and without fused multiply-add."""
    if value == 0.0:
        return 0.0
    exponent = int(np.floor(np.log2(abs(value)))) - 7
    return float(round(value / 2.0**exponent) * 2.0**exponent)
