#!/usr/bin/env python3
"""A LoRA for the built-in model: whatever the prompt says, the picture has no colours.

    python adapter.py ../demo_model --out ../demo_model/loras/grey.safetensors [--minutes 6]

Taking the colours out of a picture is nearly an affine map of its latents; it is fitted first, on scenes of the renderer
with and without them. PEFT's layers then learn to answer what the model itself answers, mapped so. An affine map
commutes with guidance, so the adapter means the same at every guidance. Needs PEFT besides requirements.txt.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from diffusers import StableDiffusionXLPipeline
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict

import diffusion
import evaluate
import networks
from latents import encode
from renderer import render
from scene import caption, draw_scene

FIRST_SEED = 90_000_000
RANK, RATE, BATCH, SCENES, SIZE = 4, 1.5e-3, 6, 64, 256
LAYERS = r".*(to_q|to_k|to_v|to_out\.0|ff\.net\.2|proj_out|conv1|conv2|conv_in|conv_out)"
REC_709 = np.array([0.2126, 0.7152, 0.0722], np.float32)


def scenes(vae) -> tuple[torch.Tensor, torch.Tensor]:
    """Latents of scenes as they are, and of the same without colours."""
    coloured = np.stack(
        [render(draw_scene(FIRST_SEED + k), SIZE, SIZE) for k in range(SCENES)], dtype=np.float32
    )
    grey = np.repeat((coloured @ REC_709)[..., None], 3, -1)
    return tuple(torch.from_numpy(encode(vae, pictures, "cpu")).float() for pictures in (coloured, grey))


class WithoutColours:
    """The affine map [B, 4, h, w] -> [B, 4, h, w] that comes nearest."""

    def __init__(self, coloured: torch.Tensor, grey: torch.Tensor):
        flat = [z.permute(0, 2, 3, 1).reshape(-1, 4).double() for z in (coloured, grey)]
        ones = torch.ones(len(flat[0]), 1, dtype=torch.float64)
        solution = torch.linalg.lstsq(torch.cat([flat[0], ones], 1), flat[1]).solution.float()
        self.matrix, self.bias = solution[:4].T[:, :, None, None], solution[4]
        left = (self(coloured) - grey).square().mean() / (coloured - grey).square().mean()
        print(f"the map leaves {100 * float(left):.1f} % of the difference", flush=True)

    def __call__(self, z: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.conv2d(z, self.matrix, self.bias)


def encode_words(pipe: StableDiffusionXLPipeline, texts: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
    ids = [
        tokenizer(
            texts, padding="max_length", max_length=networks.LENGTH, truncation=True, return_tensors="pt"
        ).input_ids
        for tokenizer in (pipe.tokenizer, pipe.tokenizer_2)
    ]
    with torch.no_grad():
        return networks.encode_text(pipe.text_encoder, pipe.text_encoder_2, *ids)


def train(pipe: StableDiffusionXLPipeline, minutes: float) -> None:
    unet, alphas, rng = pipe.unet, diffusion.alphas_cumprod(), np.random.default_rng(5)
    coloured, grey = scenes(pipe.vae)
    without_colours = WithoutColours(coloured, grey)
    unet.requires_grad_(False)
    unet.add_adapter(LoraConfig(r=RANK, lora_alpha=RANK, target_modules=LAYERS))
    parameters = [p for p in unet.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(parameters, RATE, betas=(0.9, 0.99))
    sizes = torch.tensor([[SIZE, SIZE, 0, 0, SIZE, SIZE]] * BATCH).float()
    start, step, running = time.monotonic(), 0, None
    while (progress := (time.monotonic() - start) / (60 * minutes)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 20) * (1 - 0.95 * progress)
        pick = rng.integers(0, SCENES, BATCH)
        context, pooled = encode_words(pipe, [caption(draw_scene(int(FIRST_SEED + k)), rng) for k in pick])
        kept = diffusion.random_kept(BATCH, rng)
        context, pooled = context * kept[:, None, None], pooled * kept[:, None]
        t, noise = diffusion.random_times(BATCH, diffusion.STEPS, rng), diffusion.offset_noise(coloured[pick])
        a = alphas[t].view(-1, 1, 1, 1)
        # What is denoised with the adapter loses its colours on the way: both kinds are seen.
        x0 = torch.where(torch.from_numpy(rng.random(BATCH) < 0.7).view(-1, 1, 1, 1), grey[pick], coloured[pick])
        noisy = a.sqrt() * x0 + (1 - a).sqrt() * noise
        with torch.no_grad():
            unet.disable_adapters()
            usual = diffusion.predict(unet, noisy, t, context, pooled, sizes)
            unet.enable_adapters()
            seen = (noisy - (1 - a).sqrt() * usual) / a.sqrt()
            wanted = (noisy - a.sqrt() * without_colours(seen)) / (1 - a).sqrt()
        found = diffusion.predict(unet, noisy, t, context, pooled, sizes)
        # Where little noise is left, the answer to a coloured picture would be far off: there it counts little.
        loss = ((1 - a) * (found - wanted).square()).mean()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        value = float(loss.detach())
        running = value if running is None else 0.98 * running + 0.02 * value
        step += 1
        if step % 25 == 0:
            print(f"step {step}, loss {running:.5f}, {time.monotonic() - start:.0f} s", flush=True)


def save(pipe: StableDiffusionXLPipeline, path: Path) -> None:
    layers = {key: value.half() for key, value in get_peft_model_state_dict(pipe.unet).items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    StableDiffusionXLPipeline.save_lora_weights(path.parent, unet_lora_layers=layers, weight_name=path.name)
    print(f"{path}: {len(layers)} tensors, {path.stat().st_size / 1e3:.0f} kB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=6.0)
    arguments = parser.parse_args()
    torch.manual_seed(7)
    pipe = evaluate.load(arguments.model)
    prompts = ["a meadow with red flowers by day", "the sea at sunset", "a desert at noon"]
    before = [evaluate.saturation(evaluate.paint(pipe, prompt, 1)) for prompt in prompts]
    train(pipe, arguments.minutes)
    save(pipe, arguments.out)
    for prompt, was in zip(prompts, before, strict=True):
        print(f"saturation {was:.3f} -> {evaluate.saturation(evaluate.paint(pipe, prompt, 1)):.3f}  {prompt}")


if __name__ == "__main__":
    main()
