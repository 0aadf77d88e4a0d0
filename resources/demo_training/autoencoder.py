"""Stage 1: the autoencoder. 8x smaller, 4 channels, trained on crops of pictures up to 512 pixels.

Loss: L1, L1 of a Laplacian pyramid (edges), the difference of local detail energy per pyramid level (so
that fine texture keeps its strength even where its exact pixels cannot be carried), and a small KL term.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL

import identity_start
from common import Average, Group, Stage, warm_cosine
from dataset import pictures

CONFIG = dict(
    in_channels=3,
    out_channels=3,
    latent_channels=4,
    sample_size=256,
    norm_num_groups=8,
    layers_per_block=1,
    block_out_channels=(32, 32, 64, 96),
    down_block_types=("DownEncoderBlock2D",) * 4,
    up_block_types=("UpDecoderBlock2D",) * 4,
)
KL_WEIGHT = 5e-5
RATE = 6e-4  # higher rates shake the identity start to pieces


def laplacian_bands(x: torch.Tensor, levels: int = 3) -> list[torch.Tensor]:
    bands = []
    for _ in range(levels):
        small = F.avg_pool2d(x, 2)
        bands.append(x - F.interpolate(small, scale_factor=2, mode="bilinear", align_corners=False))
        x = small
    return bands


def reconstruction_loss(y: torch.Tensor, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    pixel = (y - x).abs().mean()
    loss = pixel
    for level, (by, bx) in enumerate(zip(laplacian_bands(y), laplacian_bands(x))):
        loss = loss + 0.7 * (by - bx).abs().mean()
        window = 8 >> level
        energy = F.avg_pool2d(by.abs(), window) - F.avg_pool2d(bx.abs(), window)
        loss = loss + (0.6 if level < 2 else 0.3) * energy.abs().mean()
    return loss, pixel


def crops(sets: list[np.ndarray], count: int, size: int, rng: np.random.Generator) -> torch.Tensor:
    source = sets[int(rng.integers(len(sets)))]
    out = np.empty((count, size, size, 3), np.uint8)
    for k in range(count):
        picture = source[int(rng.integers(len(source)))]
        top, left = rng.integers(0, picture.shape[0] - size + 1, 2)
        out[k] = picture[top : top + size, left : left + size][:, :: 1 if rng.random() < 0.5 else -1]
    return torch.from_numpy(out).permute(0, 3, 1, 2).float() / 127.5 - 1


def training_pictures(state: Path, workers: int, counts: dict[int, int]) -> list[np.ndarray]:
    """Rendered pictures of 256, 512 and 128 pixels, `counts` of each."""
    return [
        pictures(state, 10_000_000 + k * 100_000, counts[size], size, workers)
        for k, size in enumerate((256, 512, 128))
    ]


def _fit(
    stage: Stage,
    model: AutoencoderKL,
    parameters: list,
    device: str,
    batches: dict,
    counts: dict,
    size_now,
    noise: float = 0.0,
) -> None:
    """Trains `parameters` of the model until the stage's budget is spent. Processes draw their own crops.

    `noise`: the most that is added to a latent, as a standard deviation in the autoencoder's own space."""
    model.to(device)
    average = Average(parameters, 0.998)
    optimiser = torch.optim.AdamW(parameters, RATE, betas=(0.9, 0.98), weight_decay=1e-3)
    saved = stage.load()
    if stage.progress >= 1:
        return
    if saved:
        model.load_state_dict(saved["model"])
        average.restore(saved["average"])
        optimiser.load_state_dict(saved["optimiser"])
    sets = training_pictures(stage.path.parent, 1, counts)
    sets = [sets[0], sets[0], sets[1], sets[1], sets[2]]
    stage.log(parameters=sum(p.numel() for p in parameters))
    running = None
    torch.manual_seed(stage.step * 64 + stage.group.rank)
    stage.restart_clock()
    while stage.progress < 1:
        size, rng = size_now(stage.progress), stage.group.random(stage.step)
        x = crops([s for s in sets if s.shape[1] >= size], batches[size], size, rng).to(device)
        with torch.autocast(device, torch.bfloat16):
            posterior = model.encode(x).latent_dist
            latent = posterior.sample()
            latent = latent + noise * torch.rand(len(x), 1, 1, 1, device=device) * torch.randn_like(latent)
            y = model.decode(latent).sample
        loss, pixel = reconstruction_loss(y.float(), x)
        kl = 0.5 * (posterior.mean.float() ** 2 + posterior.var.float() - 1 - posterior.logvar.float()).mean()
        optimiser.zero_grad(set_to_none=True)
        (loss + KL_WEIGHT * kl).backward()
        stage.tick([p.grad for p in parameters])
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        for group in optimiser.param_groups:
            group["lr"] = RATE * warm_cosine(stage.progress, stage.step, 50)
        optimiser.step()
        average.update()
        values = torch.stack([loss, pixel, kl]).detach()
        running = values if running is None else running.lerp(values, 0.02)
        if stage.step % 100 == 0:
            stage.log(loss=float(running[0]), pixel=float(running[1]), kl=float(running[2]), size=size)
        if stage.step % 200 == 0 or stage.progress >= 1:
            stage.save(model=model.state_dict(), average=average.state(), optimiser=optimiser.state_dict())


def train(group: Group, state: Path, device: str, budget: float, batches: dict, counts: dict) -> None:
    """Both halves, on crops that grow: 64, 128, then 256 pixels."""
    torch.manual_seed(1)
    model = AutoencoderKL(**CONFIG)
    identity_start.apply(model)
    _fit(
        Stage(group, state, "autoencoder", budget),
        model,
        list(model.parameters()),
        device,
        batches,
        counts,
        lambda progress: 64 if progress < 0.5 else 128 if progress < 0.85 else 256,
    )


def _decoder_parameters(model: AutoencoderKL) -> list:
    model.encoder.requires_grad_(False)
    model.quant_conv.requires_grad_(False)
    return [*model.decoder.parameters(), *model.post_quant_conv.parameters()]


def train_decoder(
    group: Group,
    state: Path,
    device: str,
    budget: float,
    batches: dict,
    counts: dict,
    model: AutoencoderKL,
    noise: float,
) -> None:
    """The decoder alone, from a trained autoencoder: pictures get better while the latents stay what they
    are. It learns from noisy latents too, for those that a UNet makes are: a decoder that takes their noise for
    texture lays a grain over skies."""
    _fit(
        Stage(group, state, "decoder", budget),
        model,
        _decoder_parameters(model),
        device,
        batches,
        counts,
        lambda progress: 128 if progress < 0.6 else 256,
        noise,
    )


def load_decoder(state: Path, model: AutoencoderKL) -> None:
    _copy_average(state / "decoder.pt", _decoder_parameters(model))


def _copy_average(path: Path, parameters: list) -> None:
    average = Average(parameters, 0.0)
    average.restore(torch.load(path, map_location="cpu", weights_only=True)["average"])
    average.copy_to(parameters)


def load(state: Path) -> AutoencoderKL:
    """The averaged autoencoder of a state folder."""
    model = AutoencoderKL(**CONFIG).eval()
    _copy_average(state / "autoencoder.pt", list(model.parameters()))
    return model
