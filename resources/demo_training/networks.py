"""The networks: SDXL's shapes, scaled down. Two text encoders, a three-level base UNet, a refiner UNet.

Normalisation groups hold four or more channels, as in SDXL (10 in its UNet, 4 in its autoencoder). With one
channel a group, the mean of a whole picture would be normalised away.
"""

import torch
from diffusers import UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

LENGTH = 77
TIME_IDS_WIDTH = 32  # channels of each sinusoidal size embedding


def _text_config(vocabulary: int, width: int, heads: int, activation: str, pad: int) -> CLIPTextConfig:
    return CLIPTextConfig(
        vocab_size=vocabulary,
        hidden_size=width,
        intermediate_size=width * 4,
        projection_dim=width,
        num_hidden_layers=3,
        num_attention_heads=heads,
        max_position_embeddings=LENGTH,
        hidden_act=activation,
        bos_token_id=vocabulary - 2,
        eos_token_id=vocabulary - 1,
        pad_token_id=pad,
    )


def text_encoders(vocabulary: int) -> tuple[CLIPTextModel, CLIPTextModelWithProjection]:
    first = CLIPTextModel(_text_config(vocabulary, 64, 2, "quick_gelu", vocabulary - 1))
    second = CLIPTextModelWithProjection(_text_config(vocabulary, 96, 3, "gelu", 0))
    for model in (first, second):  # CLIP's 0.02 starts too quietly for a network this small
        torch.nn.init.normal_(model.get_input_embeddings().weight, std=0.3)
    return first, second


def _quiet_start(unet: UNet2DConditionModel) -> UNet2DConditionModel:
    """Every residual branch and the output begin at zero: the network starts by predicting nothing."""
    for name, module in unet.named_modules():
        if name.endswith(("conv2", "conv_out", "proj_out")):
            torch.nn.init.zeros_(module.weight)
            torch.nn.init.zeros_(module.bias)
    return unet


def base_unet() -> UNet2DConditionModel:
    return _quiet_start(
        UNet2DConditionModel(
            sample_size=32,
            in_channels=4,
            out_channels=4,
            layers_per_block=1,
            block_out_channels=(32, 64, 96),
            norm_num_groups=8,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
            transformer_layers_per_block=(1, 1, 2),
            attention_head_dim=(1, 2, 3),
            cross_attention_dim=160,
            use_linear_projection=True,
            addition_embed_type="text_time",
            addition_time_embed_dim=TIME_IDS_WIDTH,
            projection_class_embeddings_input_dim=6 * TIME_IDS_WIDTH + 96,
        )
    )


def refiner_unet() -> UNet2DConditionModel:
    return _quiet_start(
        UNet2DConditionModel(
            sample_size=64,
            in_channels=4,
            out_channels=4,
            layers_per_block=1,
            block_out_channels=(32, 64, 96),
            norm_num_groups=8,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
            transformer_layers_per_block=(1, 1, 1),
            attention_head_dim=(1, 2, 3),
            cross_attention_dim=96,
            use_linear_projection=True,
            addition_embed_type="text_time",
            addition_time_embed_dim=TIME_IDS_WIDTH,
            projection_class_embeddings_input_dim=5 * TIME_IDS_WIDTH + 96,
        )
    )


def start_refiner(refiner: UNet2DConditionModel, base: UNet2DConditionModel) -> None:
    """Takes over the base's weights; columns that read the first text encoder or the last size are left
    out."""
    known = base.state_dict()
    weights = {}
    for name, own in refiner.state_dict().items():
        value = known[name]
        if (
            value.shape != own.shape
        ):  # what reads the text keeps the second encoder's columns, what reads the sizes the first ones
            value = value[:, -own.shape[1] :] if "attn2" in name else value[:, : own.shape[1]]
        weights[name] = value.clone()
    refiner.load_state_dict(weights)


def encode_text(first, second, ids: torch.Tensor, ids_2: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """SDXL's conditioning: penultimate layers side by side [batch, 77, 160], pooled projection [batch, 96]."""
    one = first(ids, output_hidden_states=True)
    two = second(ids_2, output_hidden_states=True)
    return torch.cat([one.hidden_states[-2], two.hidden_states[-2]], -1), two.text_embeds
