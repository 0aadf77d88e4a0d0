"""Diffusers names -> names in the single-file (LDM) form that artists download.

Written from the module trees of the two code bases, not from a conversion script, so that a test which reads a
single file made from these names does not test a mapping against itself. `check_conversion.py` holds it against the
converters in diffusers.
"""

import re

UNET_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
UNET_TOP = {
    "conv_in": "input_blocks.0.0",
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}
VAE_ATTENTION = {"group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out.0": "proj_out"}
OPEN_CLIP_LAYER = {
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
    "self_attn.out_proj": "attn.out_proj",
}
OPEN_CLIP_TOP = {
    "embeddings.token_embedding.weight": "token_embedding.weight",
    "embeddings.position_embedding.weight": "positional_embedding",
    "final_layer_norm.weight": "ln_final.weight",
    "final_layer_norm.bias": "ln_final.bias",
}


def unet_name(key: str, config: dict) -> str:
    """Every level has `layers_per_block` resnets down (and a downsampler, but the last), one more on the way up."""
    module, leaf = key.rsplit(".", 1)
    if module in UNET_TOP:
        return f"{UNET_TOP[module]}.{leaf}"
    per_level = config["layers_per_block"] + 1
    if match := re.fullmatch(r"mid_block\.(resnets|attentions)\.(\d)\.(.+)", key):
        kind, index, rest = match.groups()
        if kind == "attentions":
            return f"middle_block.1.{rest}"
        return f"middle_block.{2 * int(index)}.{resnet(rest)}"
    direction, level, kind, index, rest = re.fullmatch(
        r"(down|up)_blocks\.(\d)\.(resnets|attentions|downsamplers|upsamplers)\.(\d)\.(.+)", key
    ).groups()
    level, index = int(level), int(index)
    if kind == "downsamplers":  # a block of its own after the level's resnets; block 0 is conv_in
        return f"input_blocks.{per_level * (level + 1)}.0.{rest.replace('conv', 'op', 1)}"
    if kind == "upsamplers":  # the last member of the level's last block: after the resnet and any attention
        place = 2 if "CrossAttn" in config["up_block_types"][level] else 1
        return f"output_blocks.{per_level * level + per_level - 1}.{place}.{rest}"
    block = per_level * level + index + 1 if direction == "down" else per_level * level + index
    side = "input_blocks" if direction == "down" else "output_blocks"
    return f"{side}.{block}.0.{resnet(rest)}" if kind == "resnets" else f"{side}.{block}.1.{rest}"


def resnet(rest: str) -> str:
    layer, leaf = rest.rsplit(".", 1)
    return f"{UNET_RESNET[layer]}.{leaf}"


def vae_name(key: str, config: dict) -> str:
    """The decoder counts its levels from the finest in LDM, from the coarsest in diffusers."""
    levels = len(config["block_out_channels"])
    key = key.replace("conv_norm_out", "norm_out").replace("conv_shortcut", "nin_shortcut")
    if match := re.fullmatch(r"(encoder|decoder)\.mid_block\.resnets\.(\d)\.(.+)", key):
        side, index, rest = match.groups()
        return f"{side}.mid.block_{int(index) + 1}.{rest}"
    if match := re.fullmatch(r"(encoder|decoder)\.mid_block\.attentions\.0\.(.+)\.(weight|bias)", key):
        side, layer, leaf = match.groups()
        return f"{side}.mid.attn_1.{VAE_ATTENTION[layer]}.{leaf}"
    if match := re.fullmatch(r"encoder\.down_blocks\.(\d)\.(resnets\.(\d)|downsamplers\.0)\.(.+)", key):
        level, what, index, rest = match.groups()
        return f"encoder.down.{level}." + (f"block.{index}.{rest}" if index else f"downsample.{rest}")
    if match := re.fullmatch(r"decoder\.up_blocks\.(\d)\.(resnets\.(\d)|upsamplers\.0)\.(.+)", key):
        level, what, index, rest = match.groups()
        level = levels - 1 - int(level)
        return f"decoder.up.{level}." + (f"block.{index}.{rest}" if index else f"upsample.{rest}")
    return key  # conv_in, conv_out, norm_out, quant_conv, post_quant_conv


def open_clip_name(key: str, config: dict) -> tuple[str, str]:
    if key == "text_projection.weight":
        return "text_projection", "transpose"  # OpenCLIP multiplies from the right
    key = key.removeprefix("text_model.")
    if key in OPEN_CLIP_TOP:
        return OPEN_CLIP_TOP[key], ""
    layer, module, leaf = re.fullmatch(r"encoder\.layers\.(\d+)\.(.+)\.(weight|bias)", key).groups()
    block = f"transformer.resblocks.{layer}"
    if match := re.fullmatch(r"self_attn\.([qkv])_proj", module):
        start = "qkv".index(match.group(1)) * config["hidden_size"]
        return f"{block}.attn.in_proj_{leaf}", f"rows:{start}"
    return f"{block}.{OPEN_CLIP_LAYER[module]}.{leaf}", ""


def ldm_name(component: str, key: str, shape: list[int], config: dict, kind: str) -> tuple[str, str]:
    """(name in the single file, how the diffusers tensor becomes the stored one)."""
    if component == "unet":
        return "model.diffusion_model." + unet_name(key, config), ""
    if component == "vae":
        name = vae_name(key, config)
        return "first_stage_model." + name, "conv1x1" if ".mid.attn_1." in name and len(shape) == 2 else ""
    if component == "text_encoder":
        return f"conditioner.embedders.0.transformer.{key}", ""
    prefix = "conditioner.embedders.1.model." if kind == "base" else "conditioner.embedders.0.model."
    name, transform = open_clip_name(key, config)
    return prefix + name, transform


def extra_tensors(name: str, kind: str) -> list[list]:
    """What real single files carry beside the weights of the networks: [name, shape, dtype].

    position_ids counts 0..76. A reader must accept all of these and use none but the markers `v_pred` and `ztsnr`,
    with which v-prediction checkpoints say what they are.
    """
    extra = []
    if kind == "base":
        extra.append(["conditioner.embedders.0.transformer.text_model.embeddings.position_ids", [1, 77], "I64"])
        extra.append(["conditioner.embedders.1.model.logit_scale", [], "F32"])
    else:
        extra.append(["conditioner.embedders.0.model.logit_scale", [], "F32"])
    if name.startswith("tiny"):
        extra.append(["denoiser.sigmas", [1000], "F32"])
    if name.endswith("_v"):
        extra.append(["v_pred", [0], "F32"])
        extra.append(["ztsnr", [0], "F32"])
    return extra
