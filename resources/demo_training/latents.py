"""Latents of rendered scenes on disk, in chunks that the training processes make in parallel.

Before that the autoencoder's latents are whitened: a per-channel shift and scale are folded into its
quant_conv and post_quant_conv, so that latents times SDXL's scaling factor have zero mean and unit
variance.
"""

import os
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL

import autoencoder
from common import Group
from dataset import render_one
from renderer import render
from scene import draw_scene

SCALING_FACTOR = 0.13025
CHUNK = 50


def _to_model(picture: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(picture).permute(2, 0, 1)[None] * 2 - 1


@torch.no_grad()
def encode(vae: AutoencoderKL, picture: np.ndarray, device: str) -> np.ndarray:
    x = _to_model(picture).to(device)
    with torch.autocast(device, torch.bfloat16):
        moments = vae.encode(x).latent_dist
    return (moments.mean.float() * SCALING_FACTOR)[0].cpu().numpy().astype(np.float16)


@torch.no_grad()
def whiten(vae: AutoencoderKL, samples: int = 160) -> None:
    """Folds the latents' statistics into the 1x1 convolutions on both sides of the latent."""
    means = [
        vae.encode(_to_model(render(draw_scene(20_000_000 + k), 192, 192))).latent_dist.mean
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


def train_decoder(group: Group, state: Path, device: str, budget: float, batches: dict) -> None:
    autoencoder.train_decoder(group, state, device, budget, batches, whitened_autoencoder(state))


def _blurred(picture: np.ndarray) -> np.ndarray:
    """What an enlarged picture of half the size looks like: detail above half the band is gone."""
    x = torch.from_numpy(picture).permute(2, 0, 1)[None]
    small = torch.nn.functional.interpolate(x, scale_factor=0.5, mode="area")
    large = torch.nn.functional.interpolate(small, scale_factor=2, mode="bicubic", align_corners=False)
    return large[0].permute(1, 2, 0).clamp(0, 1).numpy()


def _rendered(seeds: list[int], size: int, workers: int):
    """Pictures in order; a lone process on a GPU machine lets the other cores render."""
    if workers <= 1:
        yield from (render(draw_scene(seed), size, size) for seed in seeds)
        return
    with get_context("spawn").Pool(workers) as pool:
        yield from pool.imap(render_one, [(seed, size) for seed in seeds], chunksize=8)


def latents(
    group: Group, state: Path, device: str, first_seed: int, count: int, size: int, blurred: bool = False
):
    """Latents [count, 4, size/8, size/8] (or [count, 2, 4, ...]: sharp, blurred), made by all processes of
    the group."""
    folder = state / "latents"
    folder.mkdir(parents=True, exist_ok=True)
    paths = [
        folder / f"{first_seed + k}_{size}{'_blurred' if blurred else ''}.npy" for k in range(0, count, CHUNK)
    ]
    if group.rank == 0:
        whitened_autoencoder(state)
    group.wait()
    mine = [p for k, p in enumerate(paths) if k % group.count == group.rank and not p.exists()]
    vae = whitened_autoencoder(state, device) if mine else None
    seeds = [
        seed
        for path in mine
        for seed in range(int(path.name.split("_")[0]), int(path.name.split("_")[0]) + CHUNK)
    ]
    stream = _rendered(seeds, size, 1 if group.count > 1 else os.cpu_count() or 1)
    for path in mine:
        chunk = []
        for _, picture in zip(range(CHUNK), stream):
            versions = [picture, _blurred(picture)] if blurred else [picture]
            chunk.append(np.stack([encode(vae, v, device) for v in versions]))
        partial = path.with_suffix(".partial")
        with partial.open("wb") as out:
            np.save(out, np.stack(chunk)[:, 0] if not blurred else np.stack(chunk))
        partial.rename(path)
    group.wait()
    return torch.from_numpy(np.concatenate([np.load(p) for p in paths]))
