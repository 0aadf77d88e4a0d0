#!/usr/bin/env python3
"""Writes the trained model as a diffusers folder in half precision, with the program's defaults beside it."""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from diffusers import EulerDiscreteScheduler
from safetensors.torch import save_file

import guidance
import refiner
import upscaler
import vocabulary
import words
from common import DEFAULT_STATE
from latents import SCALING_FACTOR, encode, final_autoencoder
from renderer import render
from scene import draw_scene

LIMIT, FILE_LIMIT = 24_000_000, 15_000_000


def _weights(module: torch.nn.Module, folder: Path, name: str, prefix: str = "") -> None:
    """Checkpoints name every text weight under text_model., which newer transformers leave out in memory."""
    folder.mkdir(parents=True, exist_ok=True)
    named = lambda k: k if k.startswith((prefix, "text_projection")) else prefix + k
    half = {
        named(k): v.detach().half().contiguous()
        for k, v in module.state_dict().items()
        if not k.endswith("position_ids")
    }
    if not all(torch.isfinite(v).all() for v in half.values()):
        raise SystemExit(f"{folder.name}: a weight does not fit half precision.")
    save_file(half, folder / name, metadata={"format": "pt"})


def _diffusers_part(module, folder: Path, **changes) -> None:
    _weights(module, folder, "diffusion_pytorch_model.safetensors")
    config = {
        **{k: v for k, v in module.config.items() if k != "_use_default_values"},
        **changes,
        "_class_name": type(module).__name__,
    }
    config = {k: v for k, v in config.items() if not k.startswith("_name_or_path")}
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")


def _text_part(model, folder: Path) -> None:
    _weights(model, folder, "model.safetensors", "text_model.")
    config = {
        **model.config.to_diff_dict(),
        "architectures": [type(model).__name__],
        "torch_dtype": "float16",
    }
    keep = (
        "vocab_size",
        "hidden_size",
        "intermediate_size",
        "projection_dim",
        "num_hidden_layers",
        "num_attention_heads",
        "layer_norm_eps",
        "max_position_embeddings",
        "hidden_act",
        "bos_token_id",
        "eos_token_id",
        "pad_token_id",
        "model_type",
    )
    config |= {k: getattr(model.config, k) for k in keep}
    config.pop("dtype", None)
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")


def _scheduler(folder: Path) -> None:
    EulerDiscreteScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        num_train_timesteps=1000,
        steps_offset=1,
        timestep_spacing="leading",
        prediction_type="epsilon",
        interpolation_type="linear",
    ).save_pretrained(folder)


def _index(folder: Path, class_name: str, **parts) -> None:
    index = {"_class_name": class_name, "_diffusers_version": "0.42.1", **parts}
    (folder / "model_index.json").write_text(json.dumps(index, indent=2, sort_keys=True) + "\n")


def _preview(vae, scenes: int = 60) -> tuple[list, list]:
    """Least-squares map from a latent (times the scaling factor) to the mean colour of its 8x8 pixels, in
    0..1."""
    left, right = [], []
    for k in range(scenes):
        picture = render(draw_scene(70_000_000 + k), 192, 192)
        left.append(encode(vae, picture[None], "cpu")[0].reshape(4, -1).T.astype(np.float64))
        right.append(picture.reshape(24, 8, 24, 8, 3).mean((1, 3)).reshape(-1, 3))
    a, b = np.concatenate(left), np.concatenate(right)
    solution = np.linalg.lstsq(np.c_[a, np.ones(len(a))], b, rcond=None)[0].round(5)
    return solution[:4].tolist(), solution[4].tolist()


def _defaults(matrix: list, bias: list) -> dict:
    return {
        "version": 1,
        "name": "Landscapes (built-in)",
        "standard": [320, 320],
        "simple_base": [256, 256],
        "simple_scale": 1.5,
        "hires_base": [256, 256],
        "hires_target": [512, 512],
        "refiner": "refiner",
        "latent_to_rgb": matrix,
        "latent_to_rgb_bias": bias,
        "example_prompts": [
            "a desert with a cactus at sunset",
            "a lake by day with pine trees",
            "a meadow with red flowers by day",
        ],
    }


def _notes(folder: Path, notes: dict) -> None:
    (folder / "hires_studio.json").write_text(json.dumps(notes, indent=2) + "\n")


def write(state: Path, folder: Path) -> None:
    first, second = words.load(state)
    unet = guidance.load(state)
    vae = final_autoencoder(state)
    vocabulary.load(state)
    folder.mkdir(parents=True, exist_ok=True)
    for root in (folder, folder / "refiner"):
        _diffusers_part(vae, root / "vae", scaling_factor=SCALING_FACTOR, force_upcast=False)
        _text_part(second, root / "text_encoder_2")
        shutil.copytree(state / "vocabulary" / "tokenizer_2", root / "tokenizer_2", dirs_exist_ok=True)
        _scheduler(root / "scheduler")
    _diffusers_part(unet, folder / "unet")
    _text_part(first, folder / "text_encoder")
    shutil.copytree(state / "vocabulary" / "tokenizer", folder / "tokenizer", dirs_exist_ok=True)
    shared = {
        "scheduler": ["diffusers", "EulerDiscreteScheduler"],
        "text_encoder_2": ["transformers", "CLIPTextModelWithProjection"],
        "tokenizer_2": ["transformers", "CLIPTokenizer"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"],
        "force_zeros_for_empty_prompt": True,
    }
    _index(
        folder,
        "StableDiffusionXLPipeline",
        text_encoder=["transformers", "CLIPTextModel"],
        tokenizer=["transformers", "CLIPTokenizer"],
        add_watermarker=None,
        feature_extractor=[None, None],
        image_encoder=[None, None],
        **shared,
    )
    _diffusers_part(refiner.load(state), folder / "refiner" / "unet")
    _index(
        folder / "refiner",
        "StableDiffusionXLImg2ImgPipeline",
        text_encoder=[None, None],
        tokenizer=[None, None],
        add_watermarker=None,
        requires_aesthetics_score=True,
        feature_extractor=[None, None],
        image_encoder=[None, None],
        **shared,
    )
    if (state / "upscaler.pt").exists():
        _weights(upscaler.load(state), folder / "upscaler", "landscapes_2x.safetensors")
    matrix, bias = _preview(vae)
    _notes(folder, _defaults(matrix, bias))
    _notes(
        folder / "refiner",
        {
            "version": 1,
            "name": "Landscapes, refiner (built-in)",
            "latent_to_rgb": matrix,
            "latent_to_rgb_bias": bias,
        },
    )
    files = [f for f in folder.rglob("*") if f.is_file()]
    total, largest = sum(f.stat().st_size for f in files), max(f.stat().st_size for f in files)
    print(f"{folder}: {total / 1e6:.2f} MB in {len(files)} files, the largest {largest / 1e6:.2f} MB")
    if total > LIMIT or largest > FILE_LIMIT:
        raise SystemExit("The model is over its size limit.")


if __name__ == "__main__":
    parse = argparse.ArgumentParser(description=__doc__)
    parse.add_argument("folder", type=Path)
    parse.add_argument("--state", type=Path, default=DEFAULT_STATE)
    options = parse.parse_args()
    write(options.state, options.folder)
