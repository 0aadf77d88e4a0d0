"""Vectors of what the UNet is told: text of both encoders together, pooled text, sizes, aesthetic scores."""

import torch

from . import files, models, pictures, pipelines

# negative None: the pipeline zeroes it if the model says so; "": encoded.
NEGATIVES = [pictures.NEGATIVE, None, ""]
SIZES = {"original": (768, 512), "crop": (32, 16), "target": (256, 192)}  # (height, width), (top, left)


def time_ids(name: str, pipe) -> dict[str, torch.Tensor]:
    width = pipe.text_encoder_2.config.projection_dim
    original, crop, target = SIZES["original"], SIZES["crop"], SIZES["target"]
    if models.load_spec(name)["kind"] == "base":
        ids = pipe._get_add_time_ids(original, crop, target, torch.float32, text_encoder_projection_dim=width)
        return {"time_ids": ids}
    positive, negative = pipe._get_add_time_ids(
        original, crop, target, 6.0, 2.5, original, crop, target, torch.float32, text_encoder_projection_dim=width
    )
    return {"time_ids": positive, "negative_time_ids": negative}


def make(names: list[str]) -> None:
    for name in names:
        if name == "tiny_base_v":  # the same as tiny_base
            continue
        base = models.load_spec(name)["kind"] == "base"
        pipe = pipelines.text_to_image(name) if base else pipelines.image_to_image(name)
        tensors = time_ids(name, pipe)
        for number, negative in enumerate(NEGATIVES):
            with torch.no_grad():
                encoded = pipe.encode_prompt(
                    prompt=pictures.PROMPT, negative_prompt=negative, do_classifier_free_guidance=True, device="cpu"
                )
            if number == 0:
                tensors["context"], tensors["pooled"] = encoded[0], encoded[2]
            tensors[f"{number}.negative_context"], tensors[f"{number}.negative_pooled"] = encoded[1], encoded[3]
        settings = {"prompt": pictures.PROMPT, "negatives": NEGATIVES, **SIZES, "scores": [6.0, 2.5]}
        files.save(f"{name}_conditioning", tensors, settings)
