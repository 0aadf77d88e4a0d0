"""Latents of rendered scenes on disk, in chunks that the training processes make in parallel.

Before that the autoencoder's latents are whitened: a per-channel shift and scale are folded into its
quant_conv and post_quant_conv, so that latents times SDXL's scaling factor have zero mean and unit
variance.
"""

import os
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL

import autoencoder
from common import Group
from dataset import render_one
from renderer import render
from scene import draw_scene

SCALING_FACTOR = 0.13025
CHUNK = 50


PIXELS_AT_ONCE = 8 * 256 * 256


def _to_model(pictures: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(pictures).permute(0, 3, 1, 2) * 2 - 1


@torch.no_grad()
def encode(vae: AutoencoderKL, pictures: np.ndarray, device: str) -> np.ndarray:
    """Latents times the scaling factor, float16 [count, 4, h/8, w/8], of pictures [count, h, w, 3] in 0..1."""
    at_once, out = max(1, PIXELS_AT_ONCE // pictures[0].size), []
    for start in range(0, len(pictures), at_once):
        x = _to_model(pictures[start : start + at_once]).to(device)
        with torch.autocast(device, torch.bfloat16):
            mean = vae.encode(x).latent_dist.mean
        out.append((mean.float() * SCALING_FACTOR).cpu().numpy().astype(np.float16))
    return np.concatenate(out)


@torch.no_grad()
def whiten(vae: AutoencoderKL, samples: int = 160) -> None:
    """Folds the latents' statistics into the 1x1 convolutions on both sides of the latent."""
    means = [
        vae.encode(_to_model(render(draw_scene(20_000_000 + k), 192, 192)[None])).latent_dist.mean
        for k in range(samples)
    ]
    means = torch.cat(means).permute(1, 0, 2, 3).flatten(1)
    shift, scale = means.mean(1), 1.0 / (means.std(1) * SCALING_FACTOR)
    into, out = vae.quant_conv, vae.post_quant_conv
    out.bias += (out.weight[:, :, 0, 0] * shift).sum(1)
    out.weight /= scale[None, :, None, None]
    into.weight[:4] *= scale[:, None, None, None]
    into.bias[:4] = (into.bias[:4] - shift) * scale
    into.bias[4:] += 2 * scale.log()


def whitened_autoencoder(state: Path, device: str = "cpu") -> AutoencoderKL:
    path = state / "autoencoder_whitened.pt"
    if path.exists():
        vae = AutoencoderKL(**autoencoder.CONFIG)
        vae.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
        return vae.to(device).eval()
    vae = autoencoder.load(state)
    whiten(vae)
    partial = path.with_suffix(".partial")
    torch.save(vae.state_dict(), partial)
    partial.rename(path)
    return vae.to(device).eval()


def final_autoencoder(state: Path) -> AutoencoderKL:
    """The whitened autoencoder with the decoder of the last stage, if that stage has run."""
    vae = whitened_autoencoder(state)
    if (state / "decoder.pt").exists():
        autoencoder.load_decoder(state, vae)
    return vae.eval()


DECODER_NOISE = 0.2  # the most, of the latents' own deviation


def train_decoder(group: Group, state: Path, device: str, budget: float, batches: dict, counts: dict) -> None:
    autoencoder.train_decoder(
        group,
        state,
        device,
        budget,
        batches,
        counts,
        whitened_autoencoder(state),
        DECODER_NOISE / SCALING_FACTOR,
    )


@torch.no_grad()
def _enlarged(vae: AutoencoderKL, pictures: np.ndarray, device: str) -> np.ndarray:
    """What hires makes of a picture before it denoises again: half the size, encoded, decoded, enlarged."""
    halves = F.interpolate(
        torch.from_numpy(pictures).permute(0, 3, 1, 2), scale_factor=0.5, mode="area"
    )
    out = []
    for half in halves.split(4):
        with torch.autocast(device, torch.bfloat16):
            latent = vae.encode(half.to(device) * 2 - 1).latent_dist.mean
            decoded = vae.decode(latent).sample.float().cpu() * 0.5 + 0.5
        large = F.interpolate(decoded, scale_factor=2, mode="bicubic", align_corners=False)
        out.append(large.clamp(0, 1).permute(0, 2, 3, 1).numpy())
    return np.concatenate(out)


def _rendered(seeds: list[int], size: int, workers: int):
    """Pictures in order; a lone process on a GPU machine lets the other cores render."""
    if workers <= 1:
        yield from (render(draw_scene(seed), size, size) for seed in seeds)
        return
    with get_context("spawn").Pool(workers) as pool:
        yield from pool.imap(render_one, [(seed, size) for seed in seeds], chunksize=8)


def _all_chunks(group: Group, state: Path, first_seed: int, count: int, size: int, kind: str, make) -> torch.Tensor:
    """Every chunk's `make(pictures)` from disk; those that are not there yet are made by all processes."""
    folder = state / "latents"
    folder.mkdir(parents=True, exist_ok=True)
    lengths = [min(CHUNK, count - k) for k in range(0, count, CHUNK)]
    whole = lambda n: "" if n == CHUNK else f"_first{n}"
    paths = {
        folder / f"{first_seed + k * CHUNK}_{size}{kind}{whole(n)}.npy": range(n) for k, n in enumerate(lengths)
    }
    if group.rank == 0:
        whitened_autoencoder(state)
    group.wait()
    mine = [p for k, p in enumerate(paths) if k % group.count == group.rank and not p.exists()]
    first = lambda path: int(path.name.split("_")[0])
    seeds = [first(path) + k for path in mine for k in paths[path]]
    stream = _rendered(seeds, size, 1 if group.count > 1 else os.cpu_count() or 1)
    for path in mine:
        made = make(np.stack([picture for _, picture in zip(paths[path], stream)]))
        partial = path.with_suffix(".partial")
        with partial.open("wb") as out:
            np.save(out, made)
        partial.rename(path)
    group.wait()
    return torch.from_numpy(np.concatenate([np.load(p) for p in paths]))


def latents(
    group: Group, state: Path, device: str, first_seed: int, count: int, size: int
) -> torch.Tensor:
    """Latents [count, 4, size/8, size/8] of scenes first_seed..first_seed+count-1."""
    vae = cache(lambda: whitened_autoencoder(state, device))
    return _all_chunks(group, state, first_seed, count, size, "", lambda p: encode(vae(), p, device))


def enlarged_latents(
    group: Group, state: Path, device: str, first_seed: int, count: int, size: int
) -> torch.Tensor:
    """[count, 2, 4, size/8, size/8]: of the sharp pictures, and of what hires would enlarge to their size."""
    vae = cache(lambda: final_autoencoder(state).to(device))

    def both(pictures: np.ndarray) -> np.ndarray:
        versions = (pictures, _enlarged(vae(), pictures, device))
        return np.stack([encode(vae(), version, device) for version in versions], 1)

    return _all_chunks(group, state, first_seed, count, size, "_enlarged", both)
