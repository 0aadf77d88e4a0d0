"""Stages 3 and 4: the base UNet, then the refiner UNet on the low-noise part. The text encoders are those
of stage 2.

Noise prediction with SDXL's schedule, min-SNR weights, a small noise offset (so that the brightness of the
whole picture comes from the words and not from the noise), prompts dropped to zeros for guidance, averaged
weights.
"""

from pathlib import Path

import numpy as np
import torch

import networks
import vocabulary
import words as word_stage
from common import Average, Group, Stage, parameters_of, warm_cosine
from latents import latents
from scene import caption, draw_scene

STEPS, DROPPED, NOISE_OFFSET, SNR_LIMIT = 1000, 0.10, 0.10, 5.0
REFINER_STEPS = 400
AESTHETIC_HIGH, AESTHETIC_LOW = 6.0, 2.5


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


def denoising_loss(
    unet, x0, context, pooled, time_ids, steps: int, alphas, rng, snr_limit: float, offset: float
) -> torch.Tensor:
    """Weighted error of the predicted noise, [batch]; time steps are stratified over 0..steps-1."""
    batch, device = len(x0), x0.device
    t = (
        ((torch.from_numpy(rng.permutation(batch) + rng.random(batch)) / batch) * steps)
        .long()
        .clamp_(0, steps - 1)
        .to(device)
    )
    noise = torch.randn_like(x0) + offset * torch.randn(batch, 4, 1, 1, device=device)
    a = alphas[t][:, None, None, None]
    kept = torch.from_numpy(rng.random(batch) >= DROPPED).to(device, x0.dtype)
    with torch.autocast(device.type, torch.bfloat16):
        predicted = unet(
            a.sqrt() * x0 + (1 - a).sqrt() * noise,
            t,
            context * kept[:, None, None],
            added_cond_kwargs={"text_embeds": pooled * kept[:, None], "time_ids": time_ids},
        ).sample
    snr = alphas[t] / (1 - alphas[t])
    return (predicted.float() - noise).square().mean((1, 2, 3)) * (snr.clamp(max=snr_limit) / snr)


class _Trainer:
    """The part both stages share: optimiser, averaged weights, resuming, the step."""

    def __init__(self, stage: Stage, modules: list, rate: float, decay: float, device: str):
        self.stage, self.modules, self.rate = stage, [m.to(device) for m in modules], rate
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
            group["lr"] = self.rate * warm_cosine(self.stage.progress, self.stage.step, 200)
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
    if progress < 0.75:
        return 128
    if progress < 0.93:
        return 256 if draw < 0.85 else 128
    return 256 if draw < 0.5 else 320


def train_base(
    group: Group, state: Path, device: str, budget: float, counts: dict, batches: dict, rate: float = 1.5e-3
) -> None:
    stage, words, alphas = Stage(group, state, "base", budget), Words(state), alphas_cumprod().to(device)
    first, second = word_stage.load(state, device)
    torch.manual_seed(2)
    unet = networks.base_unet()
    trainer = _Trainer(stage, [unet], rate, 0.999, device)
    first_seed = {128: 30_000_000, 256: 40_000_000, 320: 50_000_000}
    data = {}
    while stage.progress < 1:
        shared, rng = np.random.default_rng(stage.step), np.random.default_rng([stage.step, group.rank])
        size = _size_now(stage.progress, shared.random())
        if size not in data:
            data[size] = latents(group, state, device, first_seed[size], counts[size], size)
            stage.restart_clock()
        pick = rng.integers(0, counts[size], batches[size])
        x0 = data[size][torch.from_numpy(pick)].float().to(device)
        ids, ids_2 = words([first_seed[size] + int(k) for k in pick], rng)
        with torch.no_grad(), torch.autocast(device, torch.bfloat16):
            context, pooled = networks.encode_text(first, second, ids.to(device), ids_2.to(device))
        time_ids = torch.tensor([[size, size, 0, 0, size, size]], dtype=torch.float32, device=device).expand(
            len(pick), 6
        )
        loss = denoising_loss(
            unet, x0, context.float(), pooled.float(), time_ids, STEPS, alphas, rng, SNR_LIMIT, NOISE_OFFSET
        )
        trainer.step(loss.mean(), len(pick), 100, size)


def train_refiner(
    group: Group, state: Path, device: str, budget: float, count: int, batches: dict, rate: float = 1e-3
) -> None:
    """Sharp pictures carry a high aesthetic score, enlarged ones a low one: guidance then pulls towards
    detail."""
    stage, words, alphas = Stage(group, state, "refiner", budget), Words(state), alphas_cumprod().to(device)
    _, second = word_stage.load(state, device)
    unet = networks.refiner_unet()
    networks.start_refiner(unet, load_base(state))
    trainer = _Trainer(stage, [unet], rate, 0.998, device)
    data = latents(group, state, device, 60_000_000, count, 512, blurred=True)
    stage.restart_clock()
    while stage.progress < 1:
        shared, rng = np.random.default_rng(stage.step), np.random.default_rng([stage.step, group.rank])
        edge = int(shared.choice([32, 32, 64]))
        pick = rng.integers(0, count, batches[edge])
        low = rng.random(len(pick)) < 0.3
        tops, lefts = rng.integers(0, 64 - edge + 1, (2, len(pick)))
        x0 = (
            torch.stack(
                [
                    data[int(k), int(b), :, y : y + edge, x : x + edge]
                    for k, b, y, x in zip(pick, low, tops, lefts)
                ]
            )
            .float()
            .to(device)
        )
        _, ids_2 = words([60_000_000 + int(k) for k in pick], rng)
        with torch.no_grad():
            text = second(ids_2.to(device), output_hidden_states=True)
        time_ids = torch.tensor(
            [[512, 512, 0, 0, AESTHETIC_LOW if b else AESTHETIC_HIGH] for b in low],
            dtype=torch.float32,
            device=device,
        )
        loss = denoising_loss(
            unet,
            x0,
            text.hidden_states[-2],
            text.text_embeds,
            time_ids,
            REFINER_STEPS,
            alphas,
            rng,
            20.0,
            0.0,
        )
        trainer.step(loss.mean(), len(pick), 100, edge * 8)


def _averaged(path: Path, modules: list, device: str) -> list:
    average = Average(parameters_of(modules), 0.0)
    average.restore(torch.load(path, map_location="cpu", weights_only=True)["average"])
    average.copy_to(average.live)
    return [m.to(device).eval().requires_grad_(False) for m in modules]


def load_base(state: Path, device: str = "cpu"):
    return _averaged(state / "base.pt", [networks.base_unet()], device)[0]


def load_refiner(state: Path, device: str = "cpu"):
    """The refiner; as it starts from the base if its own stage has not run."""
    unet = networks.refiner_unet()
    if (state / "refiner.pt").exists():
        return _averaged(state / "refiner.pt", [unet], device)[0]
    networks.start_refiner(unet, load_base(state))
    return unet.to(device).eval().requires_grad_(False)
