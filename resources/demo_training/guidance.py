"""Stage 4: the base learns what guidance 7.5 means.

Guidance 7.5 is what people and programs ask of SDXL, yet a network as small as this one is at its best near 2.5: more
burns the colours out and wipes objects away. So a copy of the base learns to answer a prompt with
u + (2.5 / 7.5) (c - u), c and u being the base's own answers with and without the prompt. Guidance 7.5 of the copy is
then guidance 2.5 of the base; without a prompt both are the same.

The copy starts close to that: attention to the text and the pooled projection enter it that much weaker.
"""

from pathlib import Path

import numpy as np
import torch

import diffusion
import networks
from common import Group, Stage

USUAL, BEST = 7.5, 2.5
STRENGTH = BEST / USUAL
POOLED = 96


@torch.no_grad()
def quieten(unet) -> None:
    """To first order, the effect of the words times STRENGTH. Without words (zeros) nothing changes."""
    for name, module in unet.named_modules():
        if name.endswith("attn2"):
            module.to_v.weight *= STRENGTH
    unet.add_embedding.linear_1.weight[:, -POOLED:] *= STRENGTH


def train(
    group: Group, state: Path, device: str, budget: float, counts: dict, batches: dict, rate: float = 3e-4
) -> None:
    stage, alphas = Stage(group, state, "guidance", budget), diffusion.alphas_cumprod().to(device)
    torch.manual_seed(5)
    teacher = diffusion.load_base(state, device)
    unet = networks.base_unet()
    unet.load_state_dict(teacher.state_dict())
    quieten(unet)
    trainer = diffusion.Trainer(stage, [unet], rate, 0.99, device, warm_up=20)
    scenes = diffusion.Scenes(group, state, device, counts, batches)
    while stage.progress < 1:
        size = 256 if np.random.default_rng(stage.step).random() < 0.65 else 320
        rng = group.random(stage.step)
        x0, context, pooled, time_ids = scenes.draw(size, rng, stage)
        t, noise = diffusion.random_times(len(x0), diffusion.STEPS, rng).to(device), diffusion.offset_noise(x0)
        a, kept = alphas[t][:, None, None, None], diffusion.random_kept(len(x0), rng).to(device)
        noisy = a.sqrt() * x0 + (1 - a).sqrt() * noise
        with torch.no_grad():
            without = diffusion.predict(teacher, noisy, t, context * 0, pooled * 0, time_ids)
            told = diffusion.predict(teacher, noisy, t, context, pooled, time_ids)
        wanted = without + (STRENGTH * kept)[:, None, None, None] * (told - without)
        found = diffusion.predict(
            unet, noisy, t, context * kept[:, None, None], pooled * kept[:, None], time_ids
        )
        # An error here is multiplied by the guidance, and matters where the picture is composed: no weights.
        error = USUAL * (found - wanted).square().mean((1, 2, 3))
        trainer.step(error.mean(), len(x0), 50, size)


def load(state: Path, device: str = "cpu"):
    """The base as it is shipped: of this stage, or of stage 3 if this one has not run."""
    if not (state / "guidance.pt").exists():
        return diffusion.load_base(state, device)
    return diffusion.averaged(state / "guidance.pt", [networks.base_unet()], device)[0]
