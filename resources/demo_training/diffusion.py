"""Stage 3: the base UNet. The text encoders are those of stage 2.

Noise prediction with SDXL's schedule, min-SNR weights, a small noise offset (so that the brightness of the
whole picture comes from the words and not from the noise), prompts dropped to zeros for guidance, averaged
weights.
"""

from pathlib import Path

import numpy as np
import torch
from diffusers.models.attention_processor import AttnProcessor

import networks
import vocabulary
import words as word_stage
from common import Average, Group, Stage, parameters_of, warm_cosine
from latents import latents
from scene import caption, draw_scene

STEPS, DROPPED, NOISE_OFFSET, SNR_LIMIT = 1000, 0.10, 0.10, 5.0


def alphas_cumprod() -> torch.Tensor:
    """SDXL's schedule: beta is linear in its square root from 0.00085 to 0.012."""
    return torch.cumprod(
        1 - torch.linspace(0.00085**0.5, 0.012**0.5, STEPS, dtype=torch.float64) ** 2, 0
    ).float()


class Words:
    """Captions of scenes as token ids for both encoders."""

    def __init__(self, state: Path):
        self.tokenizers = vocabulary.load(state)

    def __call__(self, seeds: list[int], rng: np.random.Generator) -> list[torch.Tensor]:
        texts = [caption(draw_scene(seed), rng) for seed in seeds]
        return [
            t(
                texts, padding="max_length", max_length=networks.LENGTH, truncation=True, return_tensors="pt"
            ).input_ids
            for t in self.tokenizers
        ]


def random_times(batch: int, steps: int, rng: np.random.Generator) -> torch.Tensor:
    """One time step for each sample, spread evenly over 0..steps-1."""
    spread = (rng.permutation(batch) + rng.random(batch)) / batch
    return (torch.from_numpy(spread) * steps).long().clamp_(0, steps - 1)


def random_kept(batch: int, rng: np.random.Generator) -> torch.Tensor:
    """0 for the samples that lose their words, else 1."""
    return torch.from_numpy(rng.random(batch) >= DROPPED).float()


def predict(unet, noisy, t, context, pooled, time_ids) -> torch.Tensor:
    with torch.autocast(noisy.device.type, torch.bfloat16):
        words = {"text_embeds": pooled, "time_ids": time_ids}
        return unet(noisy, t, context, added_cond_kwargs=words).sample.float()


def offset_noise(x0: torch.Tensor) -> torch.Tensor:
    return torch.randn_like(x0) + NOISE_OFFSET * torch.randn(len(x0), 4, 1, 1, device=x0.device)


def noise_weights(alphas: torch.Tensor) -> torch.Tensor:
    """min-SNR weights (Hang et al. 2023, arXiv:2303.09556) of the error of the predicted noise."""
    snr = alphas / (1 - alphas)
    return snr.clamp(max=SNR_LIMIT) / snr


class Trainer:
    """The part both stages share: optimiser, averaged weights, resuming, the step."""

    def __init__(
        self, stage: Stage, modules: list, rate: float, decay: float, device: str, warm_up: int = 200
    ):
        self.warm_up = warm_up
        self.stage, self.modules, self.rate = stage, [m.to(device) for m in modules], rate
        if device == "cpu":
            for module in modules:  # PyTorch's fused attention is slow backwards on a CPU: a third of the step
                module.set_attn_processor(AttnProcessor())
        self.average = Average(parameters_of(self.modules), decay)
        self.parameters = self.average.live
        self.optimiser = torch.optim.AdamW(self.parameters, rate, betas=(0.9, 0.99), weight_decay=0.01)
        self.running = None
        if saved := stage.load():
            for module, weights in zip(self.modules, saved["modules"], strict=True):
                module.load_state_dict(weights)
            self.average.restore(saved["average"])
            if "optimiser" in saved:
                self.optimiser.load_state_dict(saved["optimiser"])
        torch.manual_seed(stage.step * 64 + stage.group.rank)
        stage.log(parameters=sum(p.numel() for p in self.parameters))

    def step(self, loss: torch.Tensor, samples: int, every: int, size: int) -> None:
        self.optimiser.zero_grad(set_to_none=False)
        loss.backward()
        for p in self.parameters:
            if p.grad is None:
                p.grad = torch.zeros_like(p)
        self.stage.tick([p.grad for p in self.parameters])
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * warm_cosine(self.stage.progress, self.stage.step, self.warm_up)
        self.optimiser.step()
        self.average.update()
        value = float(loss.detach())
        self.running = value if self.running is None else self.running + 0.01 * (value - self.running)
        self.samples = getattr(self, "samples", 0) + samples * self.stage.group.count
        if self.stage.step % every == 0:
            self.stage.log(loss=self.running, size=size, samples_since_start=self.samples)
        if self.stage.step % (2 * every) == 0 or self.stage.progress >= 1:
            self.stage.save(
                modules=[m.state_dict() for m in self.modules],
                average=self.average.state(),
                optimiser=self.optimiser.state_dict(),
            )


def _size_now(progress: float, draw: float) -> int:
    """The curriculum: composition and words at 128 px, then 256, then 256 and 320."""
    if progress < 0.30:
        return 128
    if progress < 0.55:
        return 256 if draw < 0.85 else 128
    return 256 if draw < 0.65 else 320


FIRST_SEED = {128: 30_000_000, 256: 40_000_000, 320: 50_000_000}


class Scenes:
    """Batches of the base's training data: latents and what the text encoders make of their captions."""

    def __init__(self, group: Group, state: Path, device: str, counts: dict, batches: dict):
        self.group, self.state, self.device, self.counts, self.batches = group, state, device, counts, batches
        self.words, self.data = Words(state), {}
        self.encoders = word_stage.load(state, device)

    def draw(self, size: int, rng: np.random.Generator, stage: Stage) -> tuple:
        """x0, context, pooled, time_ids."""
        if size not in self.data:
            self.data[size] = latents(
                self.group, self.state, self.device, FIRST_SEED[size], self.counts[size], size
            )
            stage.restart_clock()
        pick = rng.integers(0, self.counts[size], self.batches[size])
        x0 = self.data[size][torch.from_numpy(pick)].float().to(self.device)
        ids = [i.to(self.device) for i in self.words([FIRST_SEED[size] + int(k) for k in pick], rng)]
        with torch.no_grad(), torch.autocast(self.device, torch.bfloat16):
            context, pooled = networks.encode_text(*self.encoders, *ids)
        sizes = torch.tensor([size, size, 0, 0, size, size], dtype=torch.float32, device=self.device)
        return x0, context.float(), pooled.float(), sizes.expand(len(pick), 6)


def train_base(
    group: Group, state: Path, device: str, budget: float, counts: dict, batches: dict, rate: float = 1e-3
) -> None:
    stage, alphas = Stage(group, state, "base", budget), alphas_cumprod().to(device)
    torch.manual_seed(2)
    unet = networks.base_unet()
    trainer = Trainer(stage, [unet], rate, 0.999, device)
    scenes = Scenes(group, state, device, counts, batches)
    while stage.progress < 1:
        size = _size_now(stage.progress, np.random.default_rng(stage.step).random())
        rng = group.random(stage.step)
        x0, context, pooled, time_ids = scenes.draw(size, rng, stage)
        t, noise = random_times(len(x0), STEPS, rng).to(device), offset_noise(x0)
        a, kept = alphas[t][:, None, None, None], random_kept(len(x0), rng).to(device)
        noisy = a.sqrt() * x0 + (1 - a).sqrt() * noise
        found = predict(unet, noisy, t, context * kept[:, None, None], pooled * kept[:, None], time_ids)
        error = (found - noise).square().mean((1, 2, 3)) * noise_weights(alphas[t])
        trainer.step(error.mean(), len(x0), 100, size)


def averaged(path: Path, modules: list, device: str) -> list:
    average = Average(parameters_of(modules), 0.0)
    average.restore(torch.load(path, map_location="cpu", weights_only=True)["average"])
    average.copy_to(average.live)
    return [m.to(device).eval().requires_grad_(False) for m in modules]


def load_base(state: Path, device: str = "cpu"):
    return averaged(state / "base.pt", [networks.base_unet()], device)[0]
