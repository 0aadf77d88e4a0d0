"""Writes tiny ESRGAN networks with random weights, one of each generation of names, and what they make of a picture.

Run: python make_rrdbnet.py    (needs torch and safetensors)

The network is written from the papers, as functions over a dictionary of weights: Wang et al. 2018 (arXiv:1809.00219,
section 3.1 and figure 4) and Wang et al. 2021 (arXiv:2107.10833, section 3.4: the pixel unshuffle). Weights are kept in
half precision, which they all are exactly, and used in float32.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

HERE = Path(__file__).resolve().parent
FEATURES, GROWTH, BLOCKS, SLOPE, RESIDUAL = 6, 3, 2, 0.2, 0.2
PICTURE = (11, 14)  # height, width
# name of the file -> generation of its names, doublings, side of the unshuffled squares
CASES = {
    "first_x4": ("first", 2, 1),
    "first_x1": ("first", 0, 1),
    "second_x4": ("second", 2, 1),
    "present_x4": ("present", 2, 1),
    "present_x2": ("present", 1, 1),
    "unshuffled_x2": ("wrapped", 2, 2),
    "unshuffled_x1": ("present", 2, 4),
}


def layers(doublings: int, unshuffle: int) -> dict[tuple, tuple[int, int]]:
    """What the network is made of: (kind, numbers...) -> channels in, out."""
    made = {("first",): (3 * unshuffle**2, FEATURES)}
    for block in range(BLOCKS):
        for dense in (1, 2, 3):
            for conv in range(1, 6):
                made["dense", block, dense, conv] = (FEATURES + (conv - 1) * GROWTH, GROWTH if conv < 5 else FEATURES)
    made["trunk",] = (FEATURES, FEATURES)
    for k in range(1, doublings + 1):
        made["up", k] = (FEATURES, FEATURES)
    made["high",], made["last",] = (FEATURES, FEATURES), (FEATURES, 3)
    return made


def name(layer: tuple, generation: str, doublings: int) -> str:
    kind, *numbers = layer
    if generation == "first":
        after = 3 * doublings
        if kind == "dense":
            return "model.1.sub.{}.RDB{}.conv{}.0".format(*numbers)
        return {"first": "model.0", "trunk": f"model.1.sub.{BLOCKS}", "high": f"model.{after + 2}",
                "last": f"model.{after + 4}"}.get(kind) or f"model.{3 * numbers[0]}"
    if generation == "second":
        if kind == "dense":
            return "RRDB_trunk.{}.RDB{}.conv{}".format(*numbers)
        return {"first": "conv_first", "trunk": "trunk_conv", "high": "HRconv", "last": "conv_last"}.get(
            kind) or f"upconv{numbers[0]}"
    if kind == "dense":
        return "body.{}.rdb{}.conv{}".format(*numbers)
    return {"first": "conv_first", "trunk": "conv_body", "high": "conv_hr", "last": "conv_last"}.get(
        kind) or f"conv_up{numbers[0]}"


def convolve(weights: dict, layer: tuple, x: torch.Tensor) -> torch.Tensor:
    return F.conv2d(x, *weights[layer], padding=1)


def enlarge(weights: dict, x: torch.Tensor, doublings: int, unshuffle: int) -> torch.Tensor:
    height, width = x.shape[-2:]
    x = F.pad(x, (0, -width % unshuffle, 0, -height % unshuffle), mode="reflect")
    rows, columns = x.shape[-2] // unshuffle, x.shape[-1] // unshuffle
    squares = x.reshape(3, rows, unshuffle, columns, unshuffle).permute(0, 2, 4, 1, 3)
    shallow = convolve(weights, ("first",), squares.reshape(1, 3 * unshuffle**2, rows, columns))
    trunk = shallow
    for block in range(BLOCKS):
        inner = trunk
        for dense in (1, 2, 3):
            seen = [inner]
            for conv in (1, 2, 3, 4):
                seen.append(F.leaky_relu(convolve(weights, ("dense", block, dense, conv), torch.cat(seen, 1)), SLOPE))
            inner = inner + RESIDUAL * convolve(weights, ("dense", block, dense, 5), torch.cat(seen, 1))
        trunk = trunk + RESIDUAL * inner
    deep = shallow + convolve(weights, ("trunk",), trunk)
    for k in range(1, doublings + 1):
        deep = deep.repeat_interleave(2, -1).repeat_interleave(2, -2)
        deep = F.leaky_relu(convolve(weights, ("up", k), deep), SLOPE)
    out = convolve(weights, ("last",), F.leaky_relu(convolve(weights, ("high",), deep), SLOPE))
    scale = 2**doublings // unshuffle
    return out[..., : scale * height, : scale * width]


@torch.no_grad()
def main() -> None:
    torch.set_num_threads(1)
    draw = torch.Generator().manual_seed(20)
    vectors = {"picture": torch.rand(1, 3, *PICTURE, generator=draw)}
    for case, (generation, doublings, unshuffle) in CASES.items():
        weights, stored = {}, {}
        for layer, (inputs, outputs) in layers(doublings, unshuffle).items():
            weight = torch.randn(outputs, inputs, 3, 3, generator=draw) * (1.6 / (9 * inputs)) ** 0.5
            bias = torch.randn(outputs, generator=draw) * 0.2
            weight, bias = weight.half(), bias.half()
            front = ("params_ema." if generation == "wrapped" else "") + name(layer, generation, doublings)
            stored[f"{front}.weight"], stored[f"{front}.bias"] = weight, bias
            weights[layer] = (weight.float(), bias.float())
        save_file(stored, HERE / f"{case}.safetensors")
        vectors[case] = enlarge(weights, vectors["picture"], doublings, unshuffle).contiguous()
    settings = {"features": FEATURES, "growth": GROWTH, "blocks": BLOCKS,
                "cases": {case: {"upsamplings": d, "unshuffle": u} for case, (_, d, u) in CASES.items()}}
    save_file(vectors, HERE / "vectors.safetensors", metadata={"settings": json.dumps(settings)})


if __name__ == "__main__":
    main()
