"""An autoencoder that works before it is trained: colour passes straight through its skip connections.

Three pairs of channels carry +colour and -colour next to constant channels, so that a normalisation group
has zero mean and almost fixed scale, and silu(x) - silu(-x) = x undoes the activation. The untrained latent
is then the picture made 8x smaller (channels 0-2) and an unused channel 3; the untrained decoder enlarges
it smoothly. Residual branches start at zero and learn everything else.
"""

import torch
from diffusers import AutoencoderKL

_CONSTANT = 2.0
_SCALE = ((6 * 0.25 + 6 * _CONSTANT**2) / 12) ** 0.5  # of a group of twelve at the latent's resolution
_OUT_SCALE = ((2 * 0.30 + 2 * _CONSTANT**2) / 4) ** 0.5  # of a group of four at the picture's resolution
_CARRIED = 12  # +RGB, -RGB, six constants


def _random(conv: torch.nn.Conv2d) -> None:
    torch.nn.init.normal_(conv.weight, std=conv.weight[0].numel() ** -0.5)
    torch.nn.init.zeros_(conv.bias)


def _pass(conv: torch.nn.Conv2d, kernel: torch.Tensor) -> None:
    """Channels 0..11 pass through `kernel` unmixed; the others start random."""
    _random(conv)
    conv.weight[:_CARRIED] = 0
    for k in range(_CARRIED):
        conv.weight[k, k] = kernel


def _enter(conv: torch.nn.Conv2d) -> None:
    """Makes the pairs and the constants from inputs 0..2."""
    _random(conv)
    conv.weight[:_CARRIED] = 0
    for k in range(3):
        conv.weight[k, k, 1, 1], conv.weight[3 + k, k, 1, 1] = 1.0, -1.0
    conv.bias[6:_CARRIED] = torch.tensor([1.0, -1.0] * 3) * _CONSTANT


def _silence(module: torch.nn.Module) -> None:
    torch.nn.init.zeros_(module.weight)
    torch.nn.init.zeros_(module.bias)


@torch.no_grad()
def apply(model: AutoencoderKL) -> None:
    for name, module in model.named_modules():
        if name.endswith(("conv2", "to_out.0")):
            _silence(module)
    centre, point = torch.zeros(3, 3), torch.ones(1, 1)
    centre[1, 1] = 1.0
    box = torch.zeros(3, 3)
    box[:2, :2] = 0.25
    soft = torch.outer(*[torch.tensor([0.25, 0.5, 0.25])] * 2)
    _encoder(model, box, point)
    _decoder(model, soft, point)
    for conv in (model.quant_conv, model.post_quant_conv):
        _silence(conv)
        conv.weight[:, :, 0, 0] = torch.eye(conv.weight.shape[0])


def _encoder(model: AutoencoderKL, box: torch.Tensor, point: torch.Tensor) -> None:
    encoder = model.encoder
    _enter(encoder.conv_in)
    for block in encoder.down_blocks:
        for resnet in block.resnets:
            if resnet.conv_shortcut is not None:
                _pass(resnet.conv_shortcut, point)
        for sampler in block.downsamplers or ():
            _pass(sampler.conv, box)
    encoder.conv_out.weight *= 0.3
    encoder.conv_out.weight[:3], encoder.conv_out.weight[4:] = 0, 0
    torch.nn.init.zeros_(encoder.conv_out.bias)
    for k in range(3):
        encoder.conv_out.weight[k, k, 1, 1], encoder.conv_out.weight[k, 3 + k, 1, 1] = _SCALE, -_SCALE
    encoder.conv_out.bias[4:] = -6.0


def _decoder(model: AutoencoderKL, soft: torch.Tensor, point: torch.Tensor) -> None:
    decoder = model.decoder
    _enter(decoder.conv_in)
    for block in decoder.up_blocks:
        for resnet in block.resnets:
            if resnet.conv_shortcut is not None:
                _pass(resnet.conv_shortcut, point)
        for sampler in block.upsamplers or ():
            _pass(sampler.conv, soft)
    last = [r for b in decoder.up_blocks for r in b.resnets if r.conv_shortcut is not None][-1].conv_shortcut
    last.weight[:_CARRIED] = 0  # regroup: one group of four for each colour
    _silence(decoder.conv_out)
    decoder.conv_out.weight.normal_(std=0.02)
    for k in range(3):
        for place, source in enumerate((k, 3 + k, 6 + 2 * k, 7 + 2 * k)):
            last.weight[4 * k + place, source, 0, 0] = 1.0
        decoder.conv_out.weight[k] = 0
        decoder.conv_out.weight[k, 4 * k, 1, 1], decoder.conv_out.weight[k, 4 * k + 1, 1, 1] = (
            _OUT_SCALE,
            -_OUT_SCALE,
        )
