#!/usr/bin/env python3
"""Holds the single-file names of the specs against the converters in diffusers, both ways.

Tiny models: every tensor bit for bit. Models of full size: every name and shape, the parameter counts, the file size.
"""

import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import torch  # noqa: E402
from diffusers.loaders import single_file_utils as ldm  # noqa: E402

from reference import models, single_file  # noqa: E402

# What the published files hold: parameters, tensors, bytes of data in float16.
PUBLISHED = {
    "sdxl_base": {
        "unet": 2_567_463_684,
        "text_encoder": 123_060_480,
        "text_encoder_2": 694_659_840,
        "vae": 83_653_863,
        "tensors": 2515,
        "gigabytes": 6.94,
    },
    "sdxl_refiner": {"unet": 2_259_526_660, "text_encoder_2": 694_659_840, "vae": 83_653_863, "gigabytes": 6.08},
}


class TextModel:
    """The converter asks an OpenCLIP target for its width alone."""

    def __init__(self, config: dict):
        self.config = type("Config", (), config)


def convert(component: str, content: dict, spec: dict) -> dict:
    config = spec["components"][component]
    if component == "unet":
        return ldm.convert_ldm_unet_checkpoint(dict(content), config)
    if component == "vae":
        return ldm.convert_ldm_vae_checkpoint(dict(content), config)
    if component == "text_encoder":
        converted = ldm.convert_ldm_clip_checkpoint(dict(content))
        return {key: value for key, value in converted.items() if not key.endswith("position_ids")}
    prefix = f"conditioner.embedders.{1 if spec['kind'] == 'base' else 0}.model."
    return ldm.convert_open_clip_checkpoint(TextModel(config), dict(content), prefix=prefix)


def check(name: str, meta: bool) -> list[str]:
    spec = models.load_spec(name)
    content = single_file.tensors(spec, meta)
    wrong = []
    for component in models.NETWORKS:
        if component not in spec["components"]:
            continue
        rows = [row for row in spec["tensors"] if row[0] == component]
        expected = (
            {row[1]: torch.empty(row[2], device="meta") for row in rows}
            if meta
            else models.component_weights(spec, component)
        )
        converted = convert(component, content, spec)
        for key in sorted(expected.keys() ^ converted.keys()):
            wrong.append(f"{name}/{component}: {key} is in one of the two only")
        for key in expected.keys() & converted.keys():
            ours, theirs = expected[key], converted[key]
            if ours.shape != theirs.shape or not (meta or torch.equal(ours, theirs)):
                wrong.append(f"{name}/{component}: {key} differs")
        parameters = sum(math.prod(row[2]) for row in rows)
        published = PUBLISHED.get(name, {}).get(component, parameters)
        if parameters != published:
            wrong.append(f"{name}/{component}: {parameters} parameters, published are {published}")
        print(f"{name}/{component}: {len(rows)} tensors, {parameters:,} parameters")
    gigabytes = single_file.safetensors_size(content, 2) / 1e9
    print(f"{name}: single file of {len(content)} tensors, {gigabytes:.2f} GB in float16")
    facts = PUBLISHED.get(name, {})
    if facts and abs(facts["gigabytes"] - gigabytes) > 0.005:
        wrong.append(f"{name}: the published file has {facts['gigabytes']} GB")
    if len(content) != facts.get("tensors", len(content)):
        wrong.append(f"{name}: the published file has {facts['tensors']} tensors")
    return wrong


def main() -> int:
    wrong = []
    for path in sorted((models.FOLDER / "models").glob("*.json")):
        wrong += check(path.stem, meta=not path.stem.startswith("tiny"))
    print("\n".join(wrong) or "all equal")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
