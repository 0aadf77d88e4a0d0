"""Adapters on the tiny base: files as trainers write them, and what the networks answer under them.

LoRA and DoRA in PEFT's spelling are made and run by PEFT, under diffusers' pipeline; their kohya spelling holds the
same numbers and has no vectors of its own. Everything else is made and run by LyCORIS' modules. Formulas are theirs.
"""

import copy
import json
import re

import torch
from diffusers import StableDiffusionXLPipeline
from lycoris.modules import boft, diag_oft, full, ia3, locon, loha, lokr, norms
from peft import LoraConfig, inject_adapter_in_model
from peft.utils import get_peft_model_state_dict
from safetensors.torch import load_file, save_file

from . import files, ldm_names, models, pipelines

MODEL = "tiny_base"
FOLDER = models.FOLDER / "adapters"
PROMPT = "a red fox in the snow, golden hour"
PICTURE = {"prompt": PROMPT, "negative": "blurry", "width": 96, "height": 96, "steps": 8, "guidance": 6.0, "seed": 4}
TIMESTEP = 501.0

ATTENTION = r"up_blocks\.0\.attentions\.1\.transformer_blocks\.0\."
UNET_LAYERS = [
    ATTENTION + r"(attn1\.to_q|attn2\.to_k|attn2\.to_v|attn2\.to_out\.0|ff\.net\.0\.proj|ff\.net\.2)",
    r"mid_block\.attentions\.0\.proj_in",
    r"down_blocks\.1\.attentions\.1\.proj_out",
]
CONV_LAYERS = [
    r"down_blocks\.1\.resnets\.0\.(conv1|time_emb_proj|conv_shortcut)",
    r"down_blocks\.0\.downsamplers\.0\.conv",
    r"up_blocks\.1\.upsamplers\.0\.conv",
    r"mid_block\.resnets\.1\.conv2",
]
TEXT_LAYERS = [r"(text_model\.)?encoder\.layers\.[01]\.(self_attn\.(q|v|out)_proj|mlp\.fc[12])"]
NORM_LAYERS = [r"mid_block\.resnets\.0\.norm1", ATTENTION + "norm2"]
PREFIXES = {"unet": "lora_unet_", "text_encoder": "lora_te1_", "text_encoder_2": "lora_te2_"}


def chosen(network: torch.nn.Module, patterns: list[str]) -> list[str]:
    names = [name for name, _ in network.named_modules() if any(re.fullmatch(p, name) for p in patterns)]
    assert names, patterns
    return names


def fresh_parts() -> dict:
    """Networks of their own: what is done to them stays here."""
    return {key: copy.deepcopy(value) for key, value in pipelines.parts(MODEL).items()}


def pipe_of(parts: dict) -> StableDiffusionXLPipeline:
    pipe = StableDiffusionXLPipeline(**parts, scheduler=models.scheduler(models.load_spec(MODEL)), add_watermarker=False)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def randomise(parameters, seed: int, scale: float) -> None:
    generator = pipelines.generator(seed)
    for parameter in parameters:
        parameter.data = (torch.randn(parameter.shape, generator=generator) * scale).half().float()


def answers(parts: dict, text: bool, picture: bool) -> dict[str, torch.Tensor]:
    """What the networks say: to the first case of the UNet's vectors, to a prompt, and as a picture."""
    out = {}
    inputs = load_file(files.VECTORS / f"{MODEL}_unet.safetensors")
    with torch.no_grad():
        out["unet"] = parts["unet"](
            inputs["0.sample"],
            TIMESTEP,
            inputs["0.context"],
            added_cond_kwargs={"text_embeds": inputs["0.pooled"], "time_ids": inputs["0.time_ids"]},
            return_dict=False,
        )[0]
        encoders = {1: ("text_encoder", "tokenizer"), 2: ("text_encoder_2", "tokenizer_2")}
        for index, (encoder, tokenizer) in encoders.items() if text else ():
            ids = parts[tokenizer]([PROMPT], padding="max_length", max_length=77, return_tensors="pt").input_ids
            encoded = parts[encoder](ids, output_hidden_states=True)
            out[f"{index}.penultimate"] = encoded.hidden_states[-2]
            if index == 2:
                out["2.pooled"] = encoded.text_embeds
    if picture:
        out["latents"] = pipe_of(parts)(
            prompt=PICTURE["prompt"],
            negative_prompt=PICTURE["negative"],
            width=PICTURE["width"],
            height=PICTURE["height"],
            num_inference_steps=PICTURE["steps"],
            guidance_scale=PICTURE["guidance"],
            generator=pipelines.generator(PICTURE["seed"]),
            output_type="latent",
        ).images
    return out


def write(name: str, tensors: dict, metadata: dict | None = None) -> None:
    """In float16, as trainers save: every number was rounded to it before it was used."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.safetensors"
    stored = {}
    for key, value in tensors.items():
        half = value.detach().half().contiguous().clone()
        assert torch.equal(half.float(), value.float()), key
        stored[key] = value.detach().clone() if key.endswith("on_input") else half
    save_file(stored, path, metadata=metadata)
    path.chmod(0o644)


# ---- PEFT -------------------------------------------------------------------------------------------------------


def peft_parts(dora: bool) -> tuple[dict, dict, dict]:
    """Networks with adapters in them, the file's tensors and PEFT's settings for each network."""
    parts, tensors, settings = fresh_parts(), {}, {}
    plan = {"unet": UNET_LAYERS + CONV_LAYERS, "text_encoder": TEXT_LAYERS, "text_encoder_2": TEXT_LAYERS}
    for number, (component, patterns) in enumerate(plan.items()):
        network = parts[component]
        names = chosen(network, patterns)
        # Ranks and alphas that differ from layer to layer.
        config = LoraConfig(
            r=3,
            lora_alpha=6,
            target_modules=names,
            rank_pattern={names[0]: 5, names[-1]: 2},
            alpha_pattern={names[1]: 1.5, names[-1]: 4},
            use_dora=dora,
        )
        inject_adapter_in_model(config, network)
        network.requires_grad_(False).eval()
        lora = {key: value for key, value in network.named_parameters() if ".lora_A." in key or ".lora_B." in key}
        randomise(lora.values(), 700 + number, 0.15)
        if dora:
            for key, value in network.named_parameters():
                if "lora_magnitude_vector" in key:
                    noise = torch.randn(value.shape, generator=pipelines.generator(len(key)))
                    value.data = (value.data * (1 + 0.2 * noise)).half().float()
        state = get_peft_model_state_dict(network, adapter_name="default")
        tensors |= {f"{component}.{key}": value for key, value in state.items()}
        settings[component] = config
    return parts, tensors, settings


def settings_entry(settings: dict) -> dict[str, str]:
    """The metadata entry that diffusers writes: numbers PEFT needs and the tensors do not show."""
    entry = {}
    for component, config in settings.items():
        for field in ("r", "lora_alpha", "rank_pattern", "alpha_pattern", "use_dora", "use_rslora"):
            entry[f"{component}.{field}"] = getattr(config, field)
    return {"format": "pt", "lora_adapter_metadata": json.dumps(entry)}


def alpha_of(config: LoraConfig, layer: str) -> float:
    return config.alpha_pattern.get(layer, config.lora_alpha)


def kohya(tensors: dict, settings: dict, ldm: bool) -> dict:
    """The same numbers under kohya's names: of LDM (sd-scripts) or of diffusers (OneTrainer)."""
    unet_config = models.load_spec(MODEL)["components"]["unet"]
    out = {}
    for key, value in tensors.items():
        component, rest = key.split(".", 1)
        layer, side = re.fullmatch(r"(.+)\.lora_(A|B)\.weight", rest).groups()
        name = layer if layer.startswith("text_model.") or component == "unet" else f"text_model.{layer}"
        if component == "unet" and ldm:
            name = ldm_names.unet_name(f"{layer}.weight", unet_config).removesuffix(".weight")
        flat = PREFIXES[component] + name.replace(".", "_")
        out[f"{flat}.lora_{'down' if side == 'A' else 'up'}.weight"] = value
        out[f"{flat}.alpha"] = torch.tensor(float(alpha_of(settings[component], layer)))
    return out


def make_peft(vectors: dict, cases: list) -> None:
    parts, tensors, settings = peft_parts(dora=False)
    write("lora_peft", tensors, settings_entry(settings))
    write("lora_kohya_ldm", kohya(tensors, settings, ldm=True), {"ss_network_module": "networks.lora"})
    write("lora_onetrainer", kohya(tensors, settings, ldm=False))
    record(vectors, cases, "lora", ["lora_peft", "lora_kohya_ldm", "lora_onetrainer"], parts, picture=True)
    for network in ("unet", "text_encoder", "text_encoder_2"):
        for module in parts[network].modules():
            if hasattr(module, "scale_layer"):
                module.scale_layer(-0.6)
    record(vectors, cases, "lora_weight", ["lora_peft", "lora_kohya_ldm"], parts, weight=-0.6)
    parts, tensors, settings = peft_parts(dora=True)
    write("dora_peft", tensors, settings_entry(settings))
    record(vectors, cases, "dora", ["dora_peft"], parts)


# ---- LyCORIS ----------------------------------------------------------------------------------------------------

LINEAR_AND_CONV = {"unet": UNET_LAYERS + CONV_LAYERS, "text_encoder": TEXT_LAYERS, "text_encoder_2": TEXT_LAYERS}
UNET_ONLY = {"unet": UNET_LAYERS + CONV_LAYERS}
# name -> (module, its settings, layers, spread of the random numbers)
LYCORIS = {
    "locon_mid": (locon.LoConModule, {"lora_dim": 4, "alpha": 2, "use_tucker": True}, LINEAR_AND_CONV, 0.2),
    "dora_lycoris": (locon.LoConModule, {"lora_dim": 3, "alpha": 2, "weight_decompose": True}, UNET_ONLY, 0.1),
    "dora_input": (
        locon.LoConModule,
        {"lora_dim": 3, "alpha": 2, "weight_decompose": True, "wd_on_out": False},
        UNET_ONLY,
        0.1,
    ),
    "loha": (loha.LohaModule, {"lora_dim": 2, "alpha": 1.5}, LINEAR_AND_CONV, 0.3),
    "loha_tucker": (loha.LohaModule, {"lora_dim": 3, "alpha": 2, "use_tucker": True}, UNET_ONLY, 0.4),
    "lokr_full": (lokr.LokrModule, {"lora_dim": 1000, "alpha": 1, "factor": 8}, LINEAR_AND_CONV, 0.1),
    "lokr_product": (
        lokr.LokrModule,
        {"lora_dim": 2, "alpha": 1, "factor": 8, "decompose_both": True},
        UNET_ONLY,
        0.4,
    ),
    "lokr_tucker": (lokr.LokrModule, {"lora_dim": 2, "alpha": 3, "factor": 4, "use_tucker": True}, UNET_ONLY, 0.2),
    "ia3": (ia3.IA3Module, {}, UNET_ONLY, 0.2),
    "ia3_input": (ia3.IA3Module, {"train_on_input": True}, UNET_ONLY, 0.2),
    "oft": (diag_oft.DiagOFTModule, {"lora_dim": 8, "constraint": 0, "rescaled": True}, LINEAR_AND_CONV, 0.1),
    "oft_bound": (diag_oft.DiagOFTModule, {"lora_dim": 8, "constraint": 2**-7}, UNET_ONLY, 0.2),
    "boft": (boft.ButterflyOFTModule, {"lora_dim": 8, "rescaled": True}, UNET_ONLY, 0.1),
    "full": (full.FullModule, {}, {"unet": UNET_LAYERS[1:] + CONV_LAYERS[:1]}, 0.03),
    "norm": (norms.NormModule, {}, {"unet": NORM_LAYERS}, 0.3),
}


def make_lycoris(vectors: dict, cases: list) -> None:
    for name, (kind, options, layers, spread) in LYCORIS.items():
        parts, tensors = fresh_parts(), {}
        for number, (component, patterns) in enumerate(layers.items()):
            network = parts[component]
            for index, layer in enumerate(chosen(network, patterns)):
                original = network.get_submodule(layer)
                module = kind(layer, original, 1.0, **options)
                randomise_module(module, 1000 * number + index, spread)
                full_name = layer if component == "unet" or layer.startswith("text_model.") else f"text_model.{layer}"
                prefix = PREFIXES[component] + full_name.replace(".", "_")
                tensors |= {f"{prefix}.{key}": value for key, value in state_of(module).items()}
                module.apply_to()
                module.requires_grad_(False).eval()
        write(name, tensors)
        record(vectors, cases, name, [name], parts, text=layers is LINEAR_AND_CONV)


def randomise_module(module: torch.nn.Module, seed: int, spread: float) -> None:
    generator = pipelines.generator(seed)
    for key, value in module.named_parameters():
        noise = torch.randn(value.shape, generator=generator) * spread
        about_what_is = any(word in key for word in ("dora_scale", "rescale"))
        value.data = (value.data * (1 + noise) if about_what_is else noise).half().float()


def state_of(module: torch.nn.Module) -> dict:
    """What a trainer saves, by the module's own word where it has one."""
    if isinstance(module, full.FullModule):  # its own word holds only once it is in its layer's place
        return {"diff": module.weight.clone()} | ({} if module.bias is None else {"diff_b": module.bias.clone()})
    state = module.custom_state_dict() if hasattr(module, "custom_state_dict") else None
    state = state or module.state_dict()
    return {key: torch.as_tensor(value).float() if key == "alpha" else value for key, value in state.items()}


def record(
    vectors: dict, cases: list, name: str, names: list, parts: dict, weight=1.0, text=True, picture=False
) -> None:
    vectors |= {f"{name}.{key}": value for key, value in answers(parts, text, picture).items()}
    cases.append({"name": name, "files": names, "weight": weight})


# ---- Textual inversion --------------------------------------------------------------------------------------------

EMBEDDING = "inkstyle"
EMBEDDING_PROMPT = ["a red fox in", EMBEDDING, ", golden hour"]
SPARE_IDS = [40001, 40002, 40003]  # rows that no word of these prompts uses take the vectors


def embedding_ids(tokenizer, words: list[str]) -> torch.Tensor:
    """Start, the words' tokens with the spare ones in place of the embedding's name, end, padding to 77."""
    ids = []
    for word in words:
        ids += SPARE_IDS if word == EMBEDDING else tokenizer(word, add_special_tokens=False).input_ids
    ids = [tokenizer.bos_token_id, *ids, tokenizer.eos_token_id]
    return torch.tensor([ids + [tokenizer.pad_token_id] * (77 - len(ids))])


def make_embedding(vectors: dict) -> None:
    parts = fresh_parts()
    generator = pipelines.generator(900)
    tensors, contexts = {}, []
    for key, encoder, tokenizer in (
        ("clip_l", "text_encoder", "tokenizer"),
        ("clip_g", "text_encoder_2", "tokenizer_2"),
    ):
        table = next(value for name, value in parts[encoder].named_parameters() if "token_embedding" in name)
        tensors[key] = torch.randn((len(SPARE_IDS), table.shape[1]), generator=generator).half().float()
        table.data[SPARE_IDS] = tensors[key]
        with torch.no_grad():
            encoded = parts[encoder](embedding_ids(parts[tokenizer], EMBEDDING_PROMPT), output_hidden_states=True)
        contexts.append(encoded.hidden_states[-2])
    write(EMBEDDING, tensors)
    pipe = pipe_of(parts)
    negative = pipe.encode_prompt(PICTURE["negative"], do_classifier_free_guidance=False)
    vectors["embedding.latents"] = pipe(
        prompt_embeds=torch.cat(contexts, -1),
        pooled_prompt_embeds=encoded.text_embeds,
        negative_prompt_embeds=negative[0],
        negative_pooled_prompt_embeds=negative[2],
        width=PICTURE["width"],
        height=PICTURE["height"],
        num_inference_steps=PICTURE["steps"],
        guidance_scale=PICTURE["guidance"],
        generator=pipelines.generator(PICTURE["seed"]),
        output_type="latent",
    ).images


def make(names: list[str]) -> None:
    if MODEL not in names:
        return
    vectors, cases = {}, []
    record(vectors, cases, "none", [], fresh_parts(), picture=True)
    make_peft(vectors, cases)
    make_lycoris(vectors, cases)
    make_embedding(vectors)
    files.save(f"{MODEL}_adapters", vectors, {"cases": cases, "picture": PICTURE, "timestep": TIMESTEP, "embedding_prompt": EMBEDDING_PROMPT})
