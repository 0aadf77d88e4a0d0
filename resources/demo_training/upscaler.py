"""Stage 6: an upscaler of twice the size, in the form of ESRGAN (Wang et al. 2018, arXiv:1809.00219): residual
blocks of densely joined convolutions (RRDBNet), here 3 blocks of 24 channels, with the names of the original's
weight files.

It starts as a smooth enlarger: the first three channels carry the colours to the end, the last convolution of
every dense block is small. The loss is the autoencoder's, without an adversary.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from autoencoder import crops, reconstruction_loss, training_pictures
from common import Average, Group, Stage, parameters_of, warm_cosine

WIDTH, GROWTH, BLOCKS = 24, 12, 3
_SLOPE = 0.2


def _conv(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, padding=1)


class DenseBlock(nn.Module):
    def __init__(self):
        super().__init__()
        for k in range(1, 6):
            conv = _conv(WIDTH + (k - 1) * GROWTH, GROWTH if k < 5 else WIDTH)
            setattr(self, f"conv{k}", nn.Sequential(conv, nn.LeakyReLU(_SLOPE)) if k < 5 else nn.Sequential(conv))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        seen = x
        for k in range(1, 5):
            seen = torch.cat([seen, getattr(self, f"conv{k}")(seen)], 1)
        return x + 0.2 * self.conv5(seen)


class ResidualBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.RDB1, self.RDB2, self.RDB3 = DenseBlock(), DenseBlock(), DenseBlock()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + 0.2 * self.RDB3(self.RDB2(self.RDB1(x)))


class Trunk(nn.Module):
    def __init__(self, *layers: nn.Module):
        super().__init__()
        self.sub = nn.Sequential(*layers)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.sub(x)


class RRDBNet(nn.Module):
    """Colours 0..1, [batch, 3, h, w] to [batch, 3, 2h, 2w]."""

    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(
            _conv(3, WIDTH),
            Trunk(*(ResidualBlock() for _ in range(BLOCKS)), _conv(WIDTH, WIDTH)),
            nn.Upsample(scale_factor=2, mode="nearest"),
            _conv(WIDTH, WIDTH),
            nn.LeakyReLU(_SLOPE),
            _conv(WIDTH, WIDTH),
            nn.LeakyReLU(_SLOPE),
            _conv(WIDTH, 3),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.model(x)


@torch.no_grad()
def start_smooth(net: RRDBNet) -> None:
    first, trunk, _, up, _, high, _, last = net.model
    for conv in (m for m in net.modules() if isinstance(m, nn.Conv2d)):
        nn.init.kaiming_normal_(conv.weight, a=_SLOPE)
        nn.init.zeros_(conv.bias)
    for conv in (trunk.sub[-1], *(m.conv5[0] for m in net.modules() if isinstance(m, DenseBlock))):
        conv.weight *= 0.1
    soft = torch.outer(*[torch.tensor([0.25, 0.5, 0.25])] * 2)
    for conv, kernel in ((first, None), (up, soft), (high, None), (last, None)):
        conv.weight[:3] = 0
        for k in range(3):
            if kernel is None:
                conv.weight[k, k, 1, 1] = 1.0
            else:
                conv.weight[k, k] = kernel


def train(group: Group, state: Path, device: str, budget: float, batch: int, rate: float = 6e-4) -> None:
    """On crops of 96 pixels and their halves (means of four pixels)."""
    stage = Stage(group, state, "upscaler", budget)
    torch.manual_seed(6)
    net = RRDBNet()
    start_smooth(net)
    net.to(device)
    average = Average(parameters_of([net]), 0.998)
    optimiser = torch.optim.Adam(average.live, rate, betas=(0.9, 0.99))
    saved = stage.load()
    if stage.progress >= 1:
        return
    if saved:
        net.load_state_dict(saved["model"])
        average.restore(saved["average"])
        optimiser.load_state_dict(saved["optimiser"])
    sets = training_pictures(state, 1)
    running = None
    while stage.progress < 1:
        rng = group.random(stage.step)
        sharp = crops(sets[:2], batch, 96, rng).to(device) * 0.5 + 0.5
        with torch.autocast(device, torch.bfloat16):
            painted = net(F.avg_pool2d(sharp, 2))
        loss, pixel = reconstruction_loss(painted.float(), sharp)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        stage.tick([p.grad for p in average.live])
        torch.nn.utils.clip_grad_norm_(average.live, 1.0)
        for options in optimiser.param_groups:
            options["lr"] = rate * warm_cosine(stage.progress, stage.step, 50)
        optimiser.step()
        average.update()
        values = torch.stack([loss, pixel]).detach()
        running = values if running is None else running.lerp(values, 0.02)
        if stage.step % 100 == 0:
            stage.log(loss=float(running[0]), pixel=float(running[1]))
        if stage.step % 200 == 0 or stage.progress >= 1:
            stage.save(model=net.state_dict(), average=average.state(), optimiser=optimiser.state_dict())


def load(state: Path) -> RRDBNet:
    net = RRDBNet()
    average = Average(parameters_of([net]), 0.0)
    average.restore(torch.load(state / "upscaler.pt", map_location="cpu", weights_only=True)["average"])
    average.copy_to(average.live)
    return net.eval()
