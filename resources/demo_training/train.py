#!/usr/bin/env python3
"""Trains the built-in landscape model: autoencoder, text encoders, base UNet, guidance, decoder, refiner,
upscaler; then exports it.

    python train.py                                  two CPU cores, about three hours
    python train.py --device cuda --budget 15        one GPU, a quarter of an hour (not tried yet)
    python train.py                                  run again after an interruption: continues
    python train.py --budget smoke --state FOLDER    every stage for seconds: proves the way, trains nothing
    python train.py --start-from ../demo_model       go on from an exported model (with an empty state folder)

Everything that is not the result stays in the state folder. The budget is training time; pictures and
latents are made once and are not counted.
"""

import argparse
import os
from pathlib import Path

import torch

import autoencoder
import diffusion
import export
import guidance
import latents
import refiner
import resume
import upscaler
import vocabulary
import words
from common import DEFAULT_STATE, finished, run_group

SHARES = {
    "autoencoder": 0.12, "words": 0.04, "base": 0.50, "guidance": 0.06,
    "decoder": 0.12, "refiner": 0.10, "upscaler": 0.06,
}
CPU = {
    "autoencoder": {64: 4, 128: 1, 256: 1},
    "base": {128: 16, 256: 8, 320: 5},
    "refiner": {32: 5, 64: 2},
    "words": 48,
    "decoder": {128: 1, 256: 1},
    "scenes": {128: 6_000, 256: 3_000, 320: 1_000},
    "refiner_scenes": 150,
    "pictures": {256: 1_200, 512: 300, 128: 500},
    "upscaler": 4,
}
CUDA = {
    "autoencoder": {64: 96, 128: 32, 256: 12},
    "base": {128: 384, 256: 256, 320: 160},
    "refiner": {32: 192, 64: 64},
    "words": 256,
    "decoder": {128: 32, 256: 12},
    "scenes": {128: 40_000, 256: 24_000, 320: 8_000},
    "refiner_scenes": 2_000,
    "pictures": {256: 4_000, 512: 1_000, 128: 2_000},
    "upscaler": 64,
}
SMOKE = {
    "autoencoder": {64: 2, 128: 1, 256: 1},
    "base": {128: 4, 256: 2, 320: 1},
    "refiner": {32: 2, 64: 1},
    "words": 8,
    "decoder": {128: 1, 256: 1},
    "scenes": {128: 8, 256: 6, 320: 4},
    "refiner_scenes": 4,
    "pictures": {256: 6, 512: 4, 128: 4},
    "upscaler": 2,
}
SMOKE_MINUTES = 1.0


def main() -> None:
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parse.add_argument("--budget", default="170", help='minutes of training in all, or "smoke"')
    parse.add_argument("--autoencoder-minutes", type=float, help="instead of its share of the budget")
    parse.add_argument("--words-minutes", type=float)
    parse.add_argument("--base-minutes", type=float)
    parse.add_argument("--refiner-minutes", type=float)
    parse.add_argument("--guidance-minutes", type=float)
    parse.add_argument("--decoder-minutes", type=float)
    parse.add_argument("--upscaler-minutes", type=float)
    parse.add_argument("--scenes", type=float, default=1.0, help="share of the planned number of scenes")
    parse.add_argument(
        "--processes", type=int, help="training processes on a CPU, one thread each (default: cores)"
    )
    parse.add_argument("--state", type=Path, default=DEFAULT_STATE)
    parse.add_argument("--start-from", type=Path, help="an exported model to go on from")
    parse.add_argument("--until", choices=tuple(SHARES), default="upscaler", help="last stage to run")
    parse.add_argument("--export", type=Path, help="write the diffusers folder here at the end")
    options = parse.parse_args()
    smoke = options.budget == "smoke"
    plan = SMOKE if smoke else CUDA if options.device == "cuda" else CPU
    budget = SMOKE_MINUTES if smoke else float(options.budget)
    if smoke and options.state == DEFAULT_STATE:
        raise SystemExit("A smoke run trains nothing worth keeping: give it a folder of its own with --state.")
    count = 1 if options.device == "cuda" else options.processes or os.cpu_count() or 1
    seconds = {
        name: 60 * (getattr(options, f"{name}_minutes") or share * budget)
        for name, share in SHARES.items()
    }
    if options.device == "cuda" and not torch.cuda.is_available():
        raise SystemExit(
            "No CUDA device is visible to PyTorch. Train with --device cpu, or install a CUDA build of torch."
        )

    part = lambda scenes: max(1, int(scenes * options.scenes))
    scenes = {size: part(count) for size, count in plan["scenes"].items()}
    refiner_scenes, pictures = part(plan["refiner_scenes"]), plan["pictures"]

    if options.start_from:
        resume.unpack(options.start_from, options.state)
    vocabulary.load(options.state)
    autoencoder.training_pictures(options.state, os.cpu_count() or 1, pictures)
    run = lambda work, *rest: run_group(work, count, options.state, options.state, options.device, *rest)
    stages = {
        "autoencoder": (autoencoder.train, plan["autoencoder"], pictures),
        "words": (words.train, plan["words"]),
        "base": (diffusion.train_base, scenes, plan["base"]),
        "guidance": (guidance.train, scenes, plan["base"]),
        "decoder": (latents.train_decoder, plan["decoder"], pictures),
        "refiner": (refiner.train, refiner_scenes, plan["refiner"]),
        "upscaler": (upscaler.train, plan["upscaler"], pictures),
    }
    for name, (work, *rest) in stages.items():
        if not finished(options.state, name, seconds[name]):
            run(work, seconds[name], *rest)
        if name == options.until:
            break
    if options.export:
        export.write(options.state, options.export)


if __name__ == "__main__":
    main()
