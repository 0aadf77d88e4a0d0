"""How large the random weights are.

A default-initialised UNet hardly listens to its conditioning, and a picture would match under a wrong prompt. These
gains make every input count (`check_sensitivity.py` measures it) and keep latents and pictures in a sane range.
A gain of 1 keeps the variance of a layer's input: uniform in +-gain * sqrt(3 / fan_in).
"""

import re

from .weights import short

# (component, pattern of the key) -> gain of the weight; the first match counts.
GAINS = [
    ("unet", r"add_embedding\.linear_1", 3.0),
    ("unet", r"add_embedding\.linear_2", 2.0),
    ("unet", r"time_embedding\.linear", 4.0),
    ("unet", r"time_emb_proj", 0.6),
    ("unet", r"resnets\.\d\.conv2", 2.0),
    ("unet", r"attn2\.to_[qk]", 1.2),
    ("unet", r"attn2\.to_v", 1.0),
    ("unet", r"attn2\.to_out", 3.0),
    ("unet", r"attn1\.to_out|ff\.net\.2", 0.7),
    ("unet", r"attentions\.\d\.proj_out", 0.8),
    ("unet", r"last_skip", 0.3),
    ("unet", r"^conv_(in|out)", 0.3),
    ("vae", r"^quant_conv", 3.5),
    ("vae", r"post_quant_conv", 0.1),
    ("vae", r"decoder\.conv_out", 0.5),
    ("text", r"token_embedding", 1.0),
    ("text", r"position_embedding", 0.4),
    ("text", r"self_attn\.[qk]_proj", 1.3),
    ("", r"", 1.0),
]
# Input channels times the weight that lets the latent through the UNet; see `weights.tensor`, diagonal.
DIAGONALS = [(r"^conv_in", 4.0), (r"last_skip", 16.0), (r"^conv_out", 12.0)]
BIAS_OFFSETS = {("vae", "quant_conv.bias"): -3.0}  # a posterior with a small but visible spread
BIAS_SCALE = 0.1


def offset_and_scale(component: str, key: str, shape: list[int], levels: int) -> tuple[float, float, float]:
    """(offset, scale, diagonal) of one tensor; see README.md, "The weight rule". `levels` of the UNet."""
    if "norm" in key:
        return (1.0, 0.25, 0.0) if key.endswith("weight") else (0.0, 0.125, 0.0)
    if key.endswith("bias"):
        return BIAS_OFFSETS.get((component, key), 0.0), short(BIAS_SCALE), 0.0
    # The last resnet takes the skip connection from conv_in.
    role = key.replace(f"up_blocks.{levels - 1}.resnets.2.conv_shortcut", "last_skip")
    gain = next(g for part, pattern, g in GAINS if component.startswith(part) and re.search(pattern, role))
    if "embedding.weight" in key:
        return 0.0, short(gain), 0.0
    fan_in = 1
    for extent in shape[1:]:
        fan_in *= extent
    through = next((d for pattern, d in DIAGONALS if component == "unet" and re.search(pattern, role)), 0.0)
    return 0.0, short(gain * (3.0 / fan_in) ** 0.5), short(through / shape[1])
