"""Stage 7: an upscaler of twice the size, in the form of ESRGAN (Wang et al. 2018, arXiv:1809.00219): residual
blocks of densely joined convolutions (RRDBNet), here 3 blocks of 24 channels, with the names that Real-ESRGAN's
weight files use.

It starts as bicubic enlargement, exactly: see start_bicubic. What it learns is what bicubic enlargement lacks, so it
is ahead of it from the first steps on. Colours' own error (L1) leads; the error of their gradients, a tenth of it,
keeps edges sharp. There is no adversary: nothing is made up.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from autoencoder import crops, training_pictures
from common import Average, Group, Stage, parameters_of, warm_cosine

WIDTH, GROWTH, BLOCKS = 24, 12, 3
CROP, GRADIENT_WEIGHT = 64, 0.1
_SLOPE = 0.2


def _conv(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, padding=1)


def _leaky(x: torch.Tensor) -> torch.Tensor:
    return F.leaky_relu(x, _SLOPE)


class DenseBlock(nn.Module):
    def __init__(self):
        super().__init__()
        for k in range(5):
            setattr(self, f"conv{k + 1}", _conv(WIDTH + k * GROWTH, GROWTH if k < 4 else WIDTH))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        seen = x
        for conv in (self.conv1, self.conv2, self.conv3, self.conv4):
            seen = torch.cat([seen, _leaky(conv(seen))], 1)
        return x + 0.2 * self.conv5(seen)


class ResidualBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.rdb1, self.rdb2, self.rdb3 = DenseBlock(), DenseBlock(), DenseBlock()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + 0.2 * self.rdb3(self.rdb2(self.rdb1(x)))


class RRDBNet(nn.Module):
    """Colours 0..1, [batch, 3, h, w] to [batch, 3, 2h, 2w]."""

    def __init__(self):
        super().__init__()
        self.conv_first = _conv(3, WIDTH)
        self.body = nn.Sequential(*(ResidualBlock() for _ in range(BLOCKS)))
        self.conv_body, self.conv_up1, self.conv_hr = (_conv(WIDTH, WIDTH) for _ in range(3))
        self.conv_last = _conv(WIDTH, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.conv_first(x)
        x = x + self.conv_body(self.body(x))
        x = _leaky(self.conv_up1(F.interpolate(x, scale_factor=2, mode="nearest")))
        return self.conv_last(_leaky(self.conv_hr(x)))


@torch.no_grad()
def start_bicubic(net: RRDBNet) -> None:
    """Bicubic enlargement to twice the size (Keys 1981, a = -1/2) is a repetition of pixels followed by three filters
    of three taps, the first two of which are positive: the activations between them pass every colour. They are laid
    through the first three channels; the others start random, and the last convolution does not read them yet."""
    for conv in (m for m in net.modules() if isinstance(m, nn.Conv2d)):
        nn.init.kaiming_normal_(conv.weight, a=_SLOPE)
        nn.init.zeros_(conv.bias)
    for conv in (net.conv_body, *(m.conv5 for m in net.modules() if isinstance(m, DenseBlock))):
        conv.weight *= 0.1
    net.conv_body.weight[:3] = 0
    nn.init.zeros_(net.conv_last.weight)
    middle = 3.548189 + 1 / 3.548189  # 3.548189: a root of what is left of Keys' kernel without its zeros at -1
    taps = (
        (net.conv_first, (0.0, 1.0, 0.0)),
        (net.conv_up1, (0.25, 0.5, 0.25)),
        (net.conv_hr, [t / (2 + middle) for t in (1.0, middle, 1.0)]),
        (net.conv_last, [t / (2 - middle) for t in (1.0, -middle, 1.0)]),
    )
    for conv, tap in taps:
        conv.weight[:3] = 0
        for k in range(3):
            conv.weight[k, k] = torch.outer(torch.tensor(tap), torch.tensor(tap))


def _gradient_error(y: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    e = y - x
    return (e[..., 1:] - e[..., :-1]).abs().mean() + (e[..., 1:, :] - e[..., :-1, :]).abs().mean()


def train(
    group: Group, state: Path, device: str, budget: float, batch: int, pictures: dict, rate: float = 1e-3
) -> None:
    """On crops and their halves (means of four pixels)."""
    stage = Stage(group, state, "upscaler", budget)
    torch.manual_seed(6)
    net = RRDBNet()
    start_bicubic(net)
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
    sets = training_pictures(state, 1, pictures)
    stage.restart_clock()
    running = None
    while stage.progress < 1:
        rng = group.random(stage.step)
        sharp = crops(sets[:2], batch, CROP, rng).to(device) * 0.5 + 0.5
        painted = net(F.avg_pool2d(sharp, 2))
        pixel = (painted - sharp).abs().mean()
        loss = pixel + GRADIENT_WEIGHT * _gradient_error(painted, sharp)
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


@torch.no_grad()
def against_bicubic(net: RRDBNet, pictures) -> dict:
    """Mean PSNR, and mean Laplacian energy over the true picture's, of the network and of bicubic enlargement on the
    halves of rendered pictures, [count, h, w, 3] in 0..255, that it was not trained on."""
    from autoencoder import laplacian_bands

    figures: dict[str, list] = {}
    for picture in pictures:
        x = torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float() / 255
        half = F.avg_pool2d(x, 2)
        ways = {"network": net(half), "bicubic": F.interpolate(half, scale_factor=2, mode="bicubic")}
        for name, y in ways.items():
            y = y.clamp(0, 1)
            detail = [laplacian_bands(z, 1)[0].abs().mean() for z in (y, x)]
            psnr = -10 * torch.log10((y - x).square().mean())
            figures.setdefault(name, []).append((float(psnr), float(detail[0] / detail[1])))
    return {name: torch.tensor(rows).mean(0).tolist() for name, rows in figures.items()}
