"""Specs on disk, and the networks they describe with the weights of the rule."""

import json
from pathlib import Path

import torch
from diffusers import AutoencoderKL, EulerDiscreteScheduler, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from . import configs, gains, ldm_names, weights

FOLDER = Path(__file__).resolve().parent.parent
NETWORKS = ["unet", "text_encoder", "text_encoder_2", "vae"]


def build(component: str, config: dict) -> torch.nn.Module:
    if component == "unet":
        return UNet2DConditionModel.from_config(config)
    if component == "vae":
        return AutoencoderKL.from_config(config)
    kind = CLIPTextModelWithProjection if component == "text_encoder_2" else CLIPTextModel
    return kind(CLIPTextConfig(**config))


def folder_key(component: str, key: str) -> str:
    """The name in a diffusers folder. transformers 5 drops `text_model.` inside CLIPTextModel; files keep it."""
    if component == "text_encoder" and not key.startswith("text_model."):
        return "text_model." + key
    return key


def make_spec(name: str, model: dict) -> dict:
    tensors = []
    levels = len(model["components"]["unet"]["block_out_channels"])
    for component in NETWORKS:
        config = model["components"].get(component)
        if config is None:
            continue
        with torch.device("meta"):
            network = build(component, config)
        for own_key, value in network.state_dict().items():
            key, shape = folder_key(component, own_key), list(value.shape)
            offset, scale, diagonal = gains.offset_and_scale(component, key, shape, levels)
            ldm_key, transform = ldm_names.ldm_name(component, key, shape, config, model["kind"])
            row = [component, key, shape, offset, scale, ldm_key, transform]
            tensors.append([*row, diagonal] if diagonal else row)
    return {
        "kind": model["kind"],
        "seed": model["seed"],
        "prediction_type": model["prediction_type"],
        "components": model["components"],
        "model_index": model["model_index"],
        "ldm_extra": ldm_names.extra_tensors(name, model["kind"]),
        "tensors": tensors,
    }


def write_spec(path: Path, spec: dict) -> None:
    """JSON with one tensor a line."""
    compact = {"separators": (",", ":"), "ensure_ascii": True}
    head = [f"{json.dumps(k)}:{json.dumps(v, **compact)}" for k, v in spec.items() if k != "tensors"]
    rows = ",\n".join(json.dumps(row, **compact) for row in spec["tensors"])
    path.write_text("{" + ",\n".join(head) + ',\n"tensors":[\n' + rows + "\n]}\n")


def load_spec(name: str) -> dict:
    return json.loads((FOLDER / "models" / f"{name}.json").read_text())


def write_all_specs() -> None:
    for name, model in configs.all_models().items():
        write_spec(FOLDER / "models" / f"{name}.json", make_spec(name, model))


def component_weights(spec: dict, component: str) -> dict[str, torch.Tensor]:
    """Diffusers key -> float32 tensor."""
    return {
        key: weights.tensor(spec["seed"], f"{component}/{key}", shape, offset, scale, *diagonal)
        for part, key, shape, offset, scale, _, _, *diagonal in spec["tensors"]
        if part == component
    }


def network(spec: dict, component: str) -> torch.nn.Module:
    with torch.device("meta"):
        result = build(component, spec["components"][component])
    own = {folder_key(component, key): key for key in result.state_dict()}
    state = {own[key]: value for key, value in component_weights(spec, component).items()}
    result.to_empty(device="cpu").load_state_dict(state, strict=True, assign=True)
    if component.startswith("text"):  # a buffer that is no weight: to_empty left it undefined
        for module in result.modules():
            if isinstance(getattr(module, "position_ids", None), torch.Tensor):
                module.position_ids = torch.arange(77).expand((1, -1))
    return result.float().eval().requires_grad_(False)


def scheduler(spec: dict) -> EulerDiscreteScheduler:
    return EulerDiscreteScheduler.from_config(spec["components"]["scheduler"])
