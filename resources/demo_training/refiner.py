"""Stage 6: the refiner, on latents of 512-pixel pictures and the lower third of the noise.

What hires hands it is a picture made at 256 pixels, decoded, enlarged and encoded again. So it learns that way back
directly. With z the latent of the sharp picture, r the difference that the detour makes to it and s the noise level,
its input is z + min(1, s / s0) r + s n, with s0 the level at which hires starts. The derivative of that path by s,
n + r / s0, is what it predicts in the place of the noise n: a sampler that follows it walks from the enlarged picture
to the sharp one.

Guidance 7.5 multiplies what the aesthetic score changes, so the low score asks for only a little less of r.
"""

from pathlib import Path

import numpy as np
import torch

import diffusion
import guidance
import networks
import words as word_stage
from common import Group, Stage
from latents import enlarged_latents

STEPS = 330
START = 281  # where 25 steps at strength 0.35 begin
AESTHETIC_HIGH, AESTHETIC_LOW = 6.0, 2.5
LOW_SHARE = 0.93  # of r at the low score; guidance 7.5 then asks for 1.46 r
FIRST_SEED = 60_000_000
KEPT = 0.35


def _crops(data: torch.Tensor, pick: np.ndarray, edge: int, rng: np.random.Generator) -> torch.Tensor:
    """[batch, 2, 4, edge, edge]: sharp and enlarged."""
    tops, lefts = rng.integers(0, data.shape[-1] - edge + 1, (2, len(pick)))
    return torch.stack(
        [data[int(k), :, :, y : y + edge, x : x + edge] for k, y, x in zip(pick, tops, lefts)]
    ).float()


def train(
    group: Group, state: Path, device: str, budget: float, count: int, batches: dict, rate: float = 6e-4
) -> None:
    stage, words = Stage(group, state, "refiner", budget), diffusion.Words(state)
    alphas = diffusion.alphas_cumprod().to(device)
    levels = ((1 - alphas) / alphas).sqrt()
    _, second = word_stage.load(state, device)
    unet = networks.refiner_unet()
    networks.start_refiner(unet, guidance.load(state))
    trainer = diffusion.Trainer(stage, [unet], rate, 0.995, device, warm_up=20)
    data = enlarged_latents(group, state, device, FIRST_SEED, count, 512)
    stage.restart_clock()
    while stage.progress < 1:
        shared, rng = np.random.default_rng(stage.step), group.random(stage.step)
        edge = int(shared.choice([32, 32, 64]))
        pick = rng.integers(0, count, batches[edge])
        sharp, enlarged = _crops(data, pick, edge, rng).to(device).unbind(1)
        _, ids_2 = words([FIRST_SEED + int(k) for k in pick], rng)
        with torch.no_grad():
            text = second(ids_2.to(device), output_hidden_states=True)
        low = torch.from_numpy(rng.random(len(pick)) < 0.4).to(device)
        scores = torch.where(low, AESTHETIC_LOW, AESTHETIC_HIGH)[:, None]
        time_ids = torch.cat([torch.tensor([[512.0, 512, 0, 0]], device=device).expand(len(pick), 4), scores], 1)
        t = diffusion.random_times(len(pick), STEPS, rng).to(device)
        level, noise = levels[t][:, None, None, None], torch.randn_like(sharp)
        detour = (enlarged - sharp) / levels[t.clamp(min=START)][:, None, None, None]
        noisy = (sharp + level * (detour + noise)) * alphas[t].sqrt()[:, None, None, None]
        kept = diffusion.random_kept(len(pick), rng).to(device)
        found = diffusion.predict(
            unet, noisy, t, text.hidden_states[-2] * kept[:, None, None], text.text_embeds * kept[:, None], time_ids
        )
        wanted = noise + torch.where(low, LOW_SHARE, 1.0)[:, None, None, None] * detour
        trainer.step((found - wanted).square().mean(), len(pick), 50, edge * 8)


@torch.no_grad()
def load(state: Path, device: str = "cpu"):
    """The refiner as it is shipped: KEPT of what its stage changed, with the words made weaker once more, so that
    guidance 7.5 sharpens what is there and paints no new things over it. Without its stage: as it starts from the base.
    """
    unet = networks.refiner_unet()
    networks.start_refiner(unet, guidance.load(state))
    if (state / "refiner.pt").exists():
        trained = diffusion.averaged(state / "refiner.pt", [networks.refiner_unet()], "cpu")[0]
        torch._foreach_lerp_(list(unet.parameters()), list(trained.parameters()), KEPT)
        guidance.quieten(unet)
    return unet.to(device).eval().requires_grad_(False)
