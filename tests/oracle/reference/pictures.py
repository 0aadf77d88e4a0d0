"""Standard pictures: text to image with a base model alone."""

import torch

from . import files, pipelines

PROMPT = "a red fox in the snow, golden hour"
NEGATIVE = "blurry, low quality"
BIG_SEED = 2**53 + 12345
# Every case says all that decides the picture. negative None: the prompt is empty and the pipeline decides (zeroed
# if force_zeros_for_empty_prompt); negative "": given but empty, which diffusers encodes.
COMMON = {
    "prompt": PROMPT,
    "negative": NEGATIVE,
    "width": 128,
    "height": 128,
    "steps": 20,
    "guidance": 7.5,
    "seed": 0,
}
CASES = {
    "tiny_base": [
        {},
        {"width": 192, "height": 128, "seed": BIG_SEED},
        {"negative": None, "seed": 7},
        {"negative": "", "seed": 7},
        {"guidance": 1.0, "seed": 7, "negative": None},
        {"steps": 4, "original_size": [768, 512], "crop": [32, 16], "target_size": [256, 128], "seed": 8},
    ],
    "tiny_base_odd": [
        {"width": 320, "height": 448},
        {"width": 152, "height": 104, "seed": 5},
        {"width": 128, "height": 128, "negative": None, "seed": 7},
    ],
    "tiny_base_v": [
        {},
        {"width": 192, "height": 128, "seed": BIG_SEED},
        {"negative": None, "seed": 7, "steps": 8},
    ],
}


def run(name: str, case: dict, pipe=None, generator=None):
    """(pipeline, latents after the last step) of one case; sizes are (height, width) as diffusers has them."""
    pipe = pipe or pipelines.text_to_image(name)
    sizes = {
        "original_size": tuple(case["original_size"]) if "original_size" in case else None,
        "crops_coords_top_left": tuple(case.get("crop", (0, 0))),
        "target_size": tuple(case["target_size"]) if "target_size" in case else None,
    }
    latents = pipe(
        prompt=case["prompt"],
        negative_prompt=case["negative"],
        width=case["width"],
        height=case["height"],
        num_inference_steps=case["steps"],
        guidance_scale=case["guidance"],
        generator=generator or pipelines.generator(case["seed"]),
        output_type="latent",
        **sizes,
    ).images
    return pipe, latents


def make(names: list[str]) -> None:
    for name in names:
        tensors, cases = {}, []
        for change in CASES.get(name, []):
            case = {**COMMON, **change}
            number = len(cases)
            pipe, latents = run(name, case)
            if number == 0:
                shape = (1, 4, case["height"] // 8, case["width"] // 8)
                tensors["0.noise"] = torch.randn(shape, generator=pipelines.generator(case["seed"]))
            tensors[f"{number}.latents"] = latents
            tensors[f"{number}.picture"] = pipelines.to_bytes(pipelines.decode(pipe, latents))
            cases.append(case)
        if cases:
            files.save(f"{name}_standard", tensors, {"model": name, "cases": cases})
