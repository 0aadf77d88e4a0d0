#!/usr/bin/env python3
"""Does the model paint what it is told? 20 prompt pairs that differ in one attribute, judged by image
statistics.

    python evaluate.py FOLDER [--seeds 3] [--negatives 3] [--sheet sheet.jpg]

A pair is obeyed for a seed when the statistic differs the right way between its two pictures. Euler, 20
steps, guidance 7.5, 256x256. Ends with the share of pairs obeyed; also draws the contact sheet of 24
prompts x 2 seeds.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from diffusers import StableDiffusionXLPipeline
from PIL import Image

# Statistics take a float picture [height, width, 3] in 0..1.
upper = lambda p: p[: int(0.42 * len(p))]
lower = lambda p: p[int(0.64 * len(p)) :]
brightness = lambda p: p.mean()
warmth = lambda p: (p[..., 0] - p[..., 2]).mean()
greenness = lambda p: (p[..., 1] - 0.5 * (p[..., 0] + p[..., 2])).mean()
whiteness = lambda p: p.min(-1).mean()
saturation = lambda p: (p.max(-1) - p.min(-1)).mean()
contrast = lambda p: p.mean(-1).std()


def _share(p: np.ndarray, hue: str) -> float:
    """Share of pixels where one colour clearly leads."""
    r, g, b = p[..., 0], p[..., 1], p[..., 2]
    return float(
        {
            "red": (r > 1.5 * g) & (r > 1.3 * b) & (r > 0.25),
            "yellow": (r > 0.5) & (g > 0.45) & (b < 0.6 * g) & (r > 0.9 * g),
            "purple": (b > 1.15 * g) & (r > 1.05 * g),
        }[hue].mean()
    )


def _detail(p: np.ndarray) -> float:
    grey = p.mean(-1)
    return float(
        np.abs(
            4 * grey[1:-1, 1:-1] - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
        ).mean()
    )


PAIRS = [  # the first prompt must score higher than the second
    ("a lake by day", "a lake at night", brightness),
    ("mountains by day", "mountains at night", brightness),
    ("a forest at noon", "a forest at dusk", brightness),
    ("the sea by day", "the sea at night", brightness),
    ("a desert at noon", "a desert at night", brightness),
    ("a beautiful sunset over mountains", "mountains at noon", lambda p: warmth(upper(p))),
    ("the sea at sunset", "the sea at noon", lambda p: warmth(upper(p))),
    ("hills at sunset", "hills at night", lambda p: warmth(upper(p))),
    ("a meadow at dawn", "a meadow at dusk", brightness),
    ("a lake at dusk", "a lake at noon", lambda p: _share(upper(p), "purple")),
    ("a desert at noon", "a lake at noon", lambda p: warmth(lower(p))),
    ("a desert by day", "the sea by day", lambda p: warmth(lower(p))),
    ("a green meadow by day", "a desert by day", lambda p: greenness(lower(p))),
    ("green hills at noon", "snowy hills at noon", lambda p: greenness(lower(p))),
    ("a snowy forest by day", "a green forest by day", lambda p: whiteness(lower(p))),
    ("a meadow in winter at noon", "a green meadow at noon", lambda p: whiteness(lower(p))),
    ("a forest in autumn by day", "a pine forest by day", lambda p: warmth(lower(p))),
    ("a meadow with red flowers by day", "a green meadow by day", lambda p: _share(lower(p), "red")),
    (
        "a meadow with yellow flowers by day",
        "a meadow with purple flowers by day",
        lambda p: -_share(lower(p), "purple"),
    ),
    ("the sea in thick fog by day", "the sea with a clear sky by day", lambda p: -saturation(p)),
]
NEGATIVES = [  # prompt, negative prompt, what the negative prompt must raise
    ("a landscape", "night", brightness),
    ("hills by day", "green hills", lambda p: -greenness(lower(p))),
    ("the sea", "sunset", lambda p: -warmth(upper(p))),
    ("mountains by day", "snow, winter", lambda p: -whiteness(lower(p))),
]
SHEET = [
    "a beautiful sunset over mountains",
    "a calm lake with snowy mountains by day",
    "a meadow with red flowers and a small house at noon",
    "a starry night over the desert",
    "sand dunes at noon",
    "the sea at sunset with a boat",
    "a pine forest in the snow by day",
    "an autumn forest at golden hour",
    "snow capped mountains at dawn",
    "a lake at night with a full moon",
    "green hills with a lone tree by day",
    "purple twilight over a lake",
    "the ocean with a small island by day",
    "a meadow with yellow flowers at dawn",
    "a forest at night under the stars",
    "a desert with a cactus at sunset",
    "rolling hills in winter with a cottage at dusk",
    "a lake with reflections and autumn trees by day",
    "mountains in thick fog",
    "a cloudy sky over green hills",
    "a snowy meadow under a blue sky",
    "the sea at night under a bright moon",
    "a field of purple flowers at sunset",
    "a cabin in the woods at night",
]


def load(folder: Path, device: str = "cpu") -> StableDiffusionXLPipeline:
    pipe = StableDiffusionXLPipeline.from_pretrained(
        folder, torch_dtype=torch.float32, local_files_only=True
    ).to(device)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def paint(pipe, prompt: str, seed: int, size: int = 256, **options) -> np.ndarray:
    options = {"num_inference_steps": 20, "guidance_scale": 7.5} | options
    generator = torch.Generator("cpu").manual_seed(seed)
    return pipe(prompt, width=size, height=size, generator=generator, output_type="np", **options).images[0]


def obedience(pipe, seeds: int, size: int, **options) -> float:
    total = 0
    for high, low, statistic in PAIRS:
        hits = sum(
            statistic(paint(pipe, high, s, size, **options)) > statistic(paint(pipe, low, s, size, **options))
            for s in range(seeds)
        )
        total += hits
        print(f"{hits}/{seeds}  {high}  |  {low}", flush=True)
    share = 100.0 * total / (seeds * len(PAIRS))
    print(f"obeyed: {share:.1f} % of {seeds * len(PAIRS)}", flush=True)
    return share


def lowered(pipe, seeds: int, size: int, **options) -> float:
    """Share of negative prompts that lower what they name."""
    hits = 0
    for prompt, negative, statistic in NEGATIVES:
        here = sum(
            statistic(paint(pipe, prompt, s, size, negative_prompt=negative, **options))
            > statistic(paint(pipe, prompt, s, size, **options))
            for s in range(seeds)
        )
        hits += here
        print(f"{here}/{seeds}  {prompt}  without  {negative}", flush=True)
    print(f"lowered: {100.0 * hits / (seeds * len(NEGATIVES)):.1f} % of {seeds * len(NEGATIVES)}", flush=True)
    return hits


def contact_sheet(pipe, size: int, **options) -> Image.Image:
    """24 prompts x 2 seeds: four prompts a row, the two seeds side by side."""
    cells = [
        np.concatenate([paint(pipe, prompt, seed, size, **options) for seed in (1, 2)], 1) for prompt in SHEET
    ]
    rows = [np.concatenate(cells[k : k + 4], 1) for k in range(0, len(cells), 4)]
    sheet = Image.fromarray((np.concatenate(rows, 0) * 255 + 0.5).astype(np.uint8))
    return sheet.resize((sheet.width // 2, sheet.height // 2), Image.Resampling.LANCZOS)


def main() -> None:
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("folder", type=Path)
    parse.add_argument("--seeds", type=int, default=3, help="0: no pairs")
    parse.add_argument("--negatives", type=int, default=0, help="seeds for the negative prompts")
    parse.add_argument("--size", type=int, default=256)
    parse.add_argument("--steps", type=int, default=20)
    parse.add_argument("--guidance", type=float, default=7.5)
    parse.add_argument("--sheet", type=Path)
    parse.add_argument("--device", default="cpu")
    options = parse.parse_args()
    pipe = load(options.folder, options.device)
    settings = {"num_inference_steps": options.steps, "guidance_scale": options.guidance}
    if options.sheet:
        contact_sheet(pipe, options.size, **settings).save(options.sheet, quality=88, optimize=True)
    if options.seeds:
        obedience(pipe, options.seeds, options.size, **settings)
    if options.negatives:
        lowered(pipe, options.negatives, options.size, **settings)


if __name__ == "__main__":
    main()
