"""Pictures of the modes with more than one pass: standard with refiner, simple, hires.

Hand-over between decode, Lanczos and encode, `handover`:
  "8bit"   as users of the pipelines write it: PIL pictures in between.
  "float"  the decoder's output in [0, 1], clamped and not rounded; Pillow's Lanczos in mode "F" a channel at a time;
           clamped again, for Lanczos overshoots; normalised and encoded. It is the 8-bit path less its two roundings.

One generator a picture. An image-to-image pass draws the posterior sample of the autoencoder first, then the noise.
Standard: the refiner goes on with the generator of the first pass (`reseed` false) or with a new one of the same
seed (true). Hires: always a new one of the same seed. A strength of meaning "a1111" gives the second pass other
sigmas, those of `strengths.a1111`, and changes nothing else.
"""

import torch
from PIL import Image

from . import files, pictures, pipelines, strengths

SECOND = {"strength": 0.35, "second_steps": 25}
COMMON = {**pictures.COMMON, "refiner": None, "handover": "float"}
STANDARD = {"mode": "standard", "refiner": "tiny_refiner", "refiner_strength": 0.3, "reseed": False}
SIMPLE = {"mode": "simple", "scale": 1.5}
HIRES = {"mode": "hires", "target_width": 256, "target_height": 256, **SECOND}
A1111 = {
    **HIRES,
    "meaning": "a1111",
    "width": 96,
    "height": 96,
    "target_width": 144,
    "target_height": 144,
    "second_steps": 8,
    "seed": 9,
}
BOTH = ("float", "8bit")
CASES = {
    "tiny_base": [
        *[{**STANDARD, "handover": handover} for handover in BOTH],
        {**STANDARD, "reseed": True, "width": 192, "seed": 11, "negative": None},
        *[{**SIMPLE, "handover": handover} for handover in BOTH],
        *[{**SIMPLE, **STANDARD, "mode": "simple", "handover": handover} for handover in BOTH],
        *[{**HIRES, "handover": handover} for handover in BOTH],
        *[{**HIRES, "refiner": "tiny_refiner", "handover": handover} for handover in BOTH],
        {
            **HIRES,
            "refiner": "tiny_refiner",
            "width": 96,
            "height": 136,
            "target_width": 160,
            "target_height": 232,
            "strength": 0.5,
            "second_steps": 20,
            "guidance": 5.0,
            "negative": None,
            "aesthetic_score": 7.5,
            "negative_aesthetic_score": 1.5,
            "seed": pictures.BIG_SEED,
        },
        *[{**A1111, "schedule": schedule} for schedule in ("uniform", "karras")],
    ],
    "tiny_base_odd": [{**HIRES, "width": 104, "height": 88, "target_width": 184, "target_height": 152, "seed": 3}],
    "tiny_base_v": [{**HIRES, "target_width": 192, "target_height": 192, "seed": 4}],
}


def resize(image, width: int, height: int, handover: str):
    """`image`: [H, W, 3] uint8 for "8bit", [1, 3, H, W] in [0, 1] for "float"; the same kind comes back."""
    if handover == "8bit":
        return pipelines.resize_bytes(image, width, height)
    return pipelines.resize_float(image, width, height).clamp(0, 1)


def second_pass(name: str, image, case: dict, steps: int, strength: float, generator, pipe=None):
    """Image to image with one model. (pipeline, latents after the last step)."""
    pipe = pipe or pipelines.image_to_image(name)
    if case.get("meaning") == "a1111":  # the sigmas are given, so all of them are run
        steps_or_sigmas = {"sigmas": strengths.a1111(case["schedule"], steps, strength)[2].tolist(), "strength": 1.0}
    else:
        steps_or_sigmas = {"num_inference_steps": steps, "strength": strength}
    scores = {key: case[key] for key in ("aesthetic_score", "negative_aesthetic_score") if key in case}
    latents = pipe(
        prompt=case["prompt"],
        negative_prompt=case["negative"],
        image=Image.fromarray(image) if case["handover"] == "8bit" else image,
        guidance_scale=case["guidance"],
        generator=generator,
        output_type="latent",
        **steps_or_sigmas,
        **scores,
    ).images
    return pipe, latents


def handed_over(pipe, latents: torch.Tensor, handover: str):
    image = pipelines.decode(pipe, latents)
    return pipelines.to_bytes(image) if handover == "8bit" else image


def as_bytes(image):
    return pipelines.to_bytes(image) if isinstance(image, torch.Tensor) else image


def first_pass(name: str, case: dict):
    """(generator after it, latents, picture in the form of the hand-over)."""
    generator = pipelines.generator(case["seed"])
    pipe, latents = pictures.run(name, case, generator=generator)
    return generator, latents, handed_over(pipe, latents, case["handover"])


def run(name: str, case: dict) -> dict[str, torch.Tensor]:
    """All layers of one case."""
    generator, first, image = first_pass(name, case)
    result = {"first_latents": first, "first_picture": as_bytes(image)}
    if case["mode"] != "hires" and case["refiner"]:
        generator = pipelines.generator(case["seed"]) if case["reseed"] else generator
        steps, strength = case["steps"], case["refiner_strength"]
        pipe, latents = second_pass(case["refiner"], image, case, steps, strength, generator)
        result["latents"] = latents
        image = handed_over(pipe, latents, case["handover"])
    if case["mode"] == "simple":
        width, height = int(case["width"] * case["scale"]), int(case["height"] * case["scale"])
        image = resize(image, width, height, case["handover"])
    if case["mode"] == "hires":
        image = resize(image, case["target_width"], case["target_height"], case["handover"])
        result["upscaled"] = as_bytes(image)
        generator = pipelines.generator(case["seed"])
        model = case["refiner"] or name
        pipe, latents = second_pass(model, image, case, case["second_steps"], case["strength"], generator)
        result["latents"] = latents
        image = handed_over(pipe, latents, case["handover"])
    result["picture"] = as_bytes(image)
    return result


def make(names: list[str]) -> None:
    for name in names:
        tensors, cases = {}, []
        for change in CASES.get(name, []):
            case = {**COMMON, **change}
            tensors.update({f"{len(cases)}.{key}": value for key, value in run(name, case).items()})
            cases.append(case)
        if cases:
            files.save(f"{name}_modes", tensors, {"model": name, "cases": cases})
