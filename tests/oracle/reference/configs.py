"""The configurations: what config.json says in a diffusers folder of each model."""

import copy

SDXL_SCHEDULER = {
    "_class_name": "EulerDiscreteScheduler",
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "interpolation_type": "linear",
    "num_train_timesteps": 1000,
    "prediction_type": "epsilon",
    "rescale_betas_zero_snr": False,
    "sample_max_value": 1.0,
    "set_alpha_to_one": False,
    "skip_prk_steps": True,
    "steps_offset": 1,
    "timestep_spacing": "leading",
    "trained_betas": None,
    "use_karras_sigmas": False,
}


def unet(channels, layers, heads, context, pooled, sample_size, time_ids=6, attention_free_last=False):
    """A UNet of the SDXL family. `layers`: transformer layers per level; `heads`: heads per level.

    `time_ids`: size values beside the pooled text (6 in the base, 5 in the refiner).
    `attention_free_last`: the lowest level has no attention (the refiner).
    """
    levels = len(channels)
    down = ["DownBlock2D"] + ["CrossAttnDownBlock2D"] * (levels - 1)
    if attention_free_last:
        down[-1] = "DownBlock2D"
    up = [kind.replace("Down", "Up") for kind in reversed(down)]
    return {
        "_class_name": "UNet2DConditionModel",
        "act_fn": "silu",
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 256,
        "attention_head_dim": heads,
        "block_out_channels": channels,
        "center_input_sample": False,
        "cross_attention_dim": context,
        "down_block_types": down,
        "downsample_padding": 1,
        "flip_sin_to_cos": True,
        "freq_shift": 0,
        "in_channels": 4,
        "layers_per_block": 2,
        "mid_block_type": "UNetMidBlock2DCrossAttn",
        "norm_eps": 1e-05,
        "norm_num_groups": 32,
        "out_channels": 4,
        "projection_class_embeddings_input_dim": pooled + 256 * time_ids,
        "sample_size": sample_size,
        "transformer_layers_per_block": layers,
        "up_block_types": up,
        "use_linear_projection": True,
    }


def text_encoder(hidden, heads, layers, activation, projection, with_projection):
    return {
        "architectures": ["CLIPTextModelWithProjection" if with_projection else "CLIPTextModel"],
        "attention_dropout": 0.0,
        "bos_token_id": 0,
        "eos_token_id": 2,
        "hidden_act": activation,
        "hidden_size": hidden,
        "intermediate_size": hidden * 4,
        "layer_norm_eps": 1e-05,
        "max_position_embeddings": 77,
        "model_type": "clip_text_model",
        "num_attention_heads": heads,
        "num_hidden_layers": layers,
        "pad_token_id": 1,
        "projection_dim": projection,
        "vocab_size": 49408,
    }


def vae(channels, sample_size):
    return {
        "_class_name": "AutoencoderKL",
        "act_fn": "silu",
        "block_out_channels": channels,
        "down_block_types": ["DownEncoderBlock2D"] * len(channels),
        "force_upcast": True,
        "in_channels": 3,
        "latent_channels": 4,
        "layers_per_block": 2,
        "norm_num_groups": 32,
        "out_channels": 3,
        "sample_size": sample_size,
        "scaling_factor": 0.13025,
        "up_block_types": ["UpDecoderBlock2D"] * len(channels),
    }


def base(unet_config, clip_l, clip_g, vae_config, scheduler=None):
    return {
        "kind": "base",
        "components": {
            "unet": unet_config,
            "text_encoder": clip_l,
            "text_encoder_2": clip_g,
            "vae": vae_config,
            "scheduler": {**SDXL_SCHEDULER, **(scheduler or {})},
        },
        "model_index": {
            "_class_name": "StableDiffusionXLPipeline",
            "force_zeros_for_empty_prompt": True,
            "scheduler": ["diffusers", "EulerDiscreteScheduler"],
            "text_encoder": ["transformers", "CLIPTextModel"],
            "text_encoder_2": ["transformers", "CLIPTextModelWithProjection"],
            "tokenizer": ["transformers", "CLIPTokenizer"],
            "tokenizer_2": ["transformers", "CLIPTokenizer"],
            "unet": ["diffusers", "UNet2DConditionModel"],
            "vae": ["diffusers", "AutoencoderKL"],
        },
    }


def refiner(unet_config, clip_g, vae_config):
    return {
        "kind": "refiner",
        "components": {
            "unet": unet_config,
            "text_encoder_2": clip_g,
            "vae": vae_config,
            "scheduler": copy.deepcopy(SDXL_SCHEDULER),
        },
        "model_index": {
            "_class_name": "StableDiffusionXLImg2ImgPipeline",
            "force_zeros_for_empty_prompt": False,
            "requires_aesthetics_score": True,
            "scheduler": ["diffusers", "EulerDiscreteScheduler"],
            "text_encoder": [None, None],
            "text_encoder_2": ["transformers", "CLIPTextModelWithProjection"],
            "tokenizer": [None, None],
            "tokenizer_2": ["transformers", "CLIPTokenizer"],
            "unet": ["diffusers", "UNet2DConditionModel"],
            "vae": ["diffusers", "AutoencoderKL"],
        },
    }


def all_models():
    """name -> {"kind", "components", "model_index", "seed"}."""
    clip_l = text_encoder(64, 1, 3, "quick_gelu", 64, False)
    clip_g = text_encoder(128, 2, 3, "gelu", 128, True)
    models = {
        "tiny_base": base(
            unet([64, 64, 128], [1, 1, 2], [1, 1, 2], 192, 128, 32), clip_l, clip_g, vae([32, 32, 64, 64], 256)
        ),
        "tiny_base_odd": base(
            unet([64, 128, 192], [1, 2, 3], [1, 2, 3], 192, 64, 32),
            text_encoder(128, 2, 2, "quick_gelu", 128, False),
            text_encoder(64, 1, 4, "gelu", 64, True),
            vae([32, 64, 64, 96], 256),
        ),
        "tiny_base_v": base(
            unet([64, 64, 128], [1, 1, 2], [1, 1, 2], 192, 128, 32),
            clip_l,
            clip_g,
            vae([32, 32, 64, 64], 256),
            {"prediction_type": "v_prediction", "rescale_betas_zero_snr": True, "timestep_spacing": "trailing"},
        ),
        "tiny_refiner": refiner(
            unet([64, 64, 128, 128], 2, [1, 1, 2, 2], 128, 128, 32, time_ids=5, attention_free_last=True),
            clip_g,
            vae([32, 32, 64, 64], 256),
        ),
        "sdxl_base": base(
            unet([320, 640, 1280], [1, 2, 10], [5, 10, 20], 2048, 1280, 128),
            text_encoder(768, 12, 12, "quick_gelu", 768, False),
            text_encoder(1280, 20, 32, "gelu", 1280, True),
            vae([128, 256, 512, 512], 1024),
        ),
        "sdxl_refiner": refiner(
            unet([384, 768, 1536, 1536], 4, [6, 12, 24, 24], 1280, 1280, 128, 5, attention_free_last=True),
            text_encoder(1280, 20, 32, "gelu", 1280, True),
            vae([128, 256, 512, 512], 1024),
        ),
    }
    for seed, model in enumerate(models.values(), start=1):
        model["seed"] = seed
        model["prediction_type"] = model["components"]["scheduler"]["prediction_type"]
    models["tiny_base_odd"]["model_index"]["force_zeros_for_empty_prompt"] = False
    return models
