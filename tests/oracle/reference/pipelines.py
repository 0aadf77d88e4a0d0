"""The Python pipelines, as their users write them, over the tiny models."""

import functools

import numpy as np
import torch
from diffusers import StableDiffusionXLImg2ImgPipeline, StableDiffusionXLPipeline
from PIL import Image

from . import models, vocabulary


@functools.cache
def parts(name: str) -> dict:
    """The networks and tokenizers of one model."""
    spec = models.load_spec(name)
    first, second = vocabulary.tokenizers()
    base = spec["kind"] == "base"
    return {
        "unet": models.network(spec, "unet"),
        "vae": models.network(spec, "vae"),
        "text_encoder": models.network(spec, "text_encoder") if base else None,
        "text_encoder_2": models.network(spec, "text_encoder_2"),
        "tokenizer": first if base else None,
        "tokenizer_2": second,
    }


def build(kind, name: str, **switches):
    """A pipeline with a scheduler of its own and the settings of the model's model_index.json."""
    spec = models.load_spec(name)
    index = spec["model_index"]
    arguments = {"force_zeros_for_empty_prompt": index["force_zeros_for_empty_prompt"]}
    if kind is StableDiffusionXLImg2ImgPipeline:
        arguments["requires_aesthetics_score"] = index.get("requires_aesthetics_score", False)
    arguments.update(switches)
    pipe = kind(**parts(name), scheduler=models.scheduler(spec), add_watermarker=False, **arguments)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def text_to_image(name: str, **switches) -> StableDiffusionXLPipeline:
    return build(StableDiffusionXLPipeline, name, **switches)


def image_to_image(name: str, **switches) -> StableDiffusionXLImg2ImgPipeline:
    return build(StableDiffusionXLImg2ImgPipeline, name, **switches)


def generator(seed: int) -> torch.Generator:
    """The one source of noise of a picture."""
    return torch.Generator("cpu").manual_seed(seed)


def decode(pipe, latents: torch.Tensor) -> torch.Tensor:
    """Latents as the scheduler leaves them -> [1, 3, H, W] in [0, 1], clamped, not rounded.

    The clamp is the image processor's own (`denormalize`): outside [0, 1] there is no colour to hand over.
    """
    with torch.no_grad():
        image = pipe.vae.decode(latents / pipe.vae.config.scaling_factor, return_dict=False)[0]
    return (image * 0.5 + 0.5).clamp(0, 1)


def to_bytes(image: torch.Tensor) -> np.ndarray:
    """[1, 3, H, W] in [0, 1] -> [H, W, 3] uint8, rounded half to even as diffusers' numpy_to_pil does."""
    return (image[0].permute(1, 2, 0).numpy() * 255).round().astype("uint8")


def resize_bytes(image: np.ndarray, width: int, height: int) -> np.ndarray:
    return np.array(Image.fromarray(image).resize((width, height), Image.Resampling.LANCZOS))


def resize_float(image: torch.Tensor, width: int, height: int) -> torch.Tensor:
    """Pillow's Lanczos in mode "F", channel by channel, not clamped."""
    channels = [
        np.array(Image.fromarray(channel).resize((width, height), Image.Resampling.LANCZOS))
        for channel in image[0].numpy()
    ]
    return torch.from_numpy(np.stack(channels))[None]
