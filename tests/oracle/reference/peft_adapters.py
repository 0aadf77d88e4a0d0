"""Adapters of the UNet as PEFT itself saves them: OFT, BOFT and IA3, each a folder with its adapter_config.json.

PEFT makes them, merges them into the tiny base and runs it. Its butterflies of several stages want a CUDA extension; the
same operation in torch takes its place.
"""

import json
import shutil

import torch
from peft import BOFTConfig, IA3Config, OFTConfig, inject_adapter_in_model
from peft.tuners.boft import layer as boft_layer
from peft.tuners.tuners_utils import BaseTunerLayer
from peft.utils import get_peft_model_state_dict
from safetensors.torch import save_file

from . import files, pipelines
from .adapters import CONV_LAYERS, FOLDER, MODEL, TIMESTEP, UNET_LAYERS, answers, chosen, fresh_parts

LAYERS = UNET_LAYERS + CONV_LAYERS
FEEDFORWARD = [r"up_blocks\.0\.attentions\.1\.transformer_blocks\.0\.ff\.net\.2", r"mid_block\.resnets\.1\.conv2"]
# name -> (configuration, its fields, spread of the random numbers)
KINDS = {
    "oft": (OFTConfig, {"oft_block_size": 8, "r": 0}, 0.08),
    "oft_exact": (OFTConfig, {"oft_block_size": 16, "r": 0, "use_cayley_neumann": False, "block_share": True}, 0.2),
    "oft_bound": (OFTConfig, {"oft_block_size": 8, "r": 0, "coft": True, "eps": 2.0}, 0.2),
    "boft": (BOFTConfig, {"boft_block_size": 8, "boft_block_num": 0, "boft_n_butterfly_factor": 1}, 0.3),
    "boft_stages": (BOFTConfig, {"boft_block_size": 8, "boft_block_num": 0, "boft_n_butterfly_factor": 2}, 0.3),
    "ia3": (IA3Config, {}, 0.3),
}


class BlockDiagonal:
    """What PEFT's extension computes: [N, D, H, H] -> [N, D H, D H]."""

    @staticmethod
    def apply(blocks: torch.Tensor) -> torch.Tensor:
        return torch.stack([torch.block_diag(*stage) for stage in blocks])


def config_of(kind, fields: dict, network: torch.nn.Module):
    layers = chosen(network, LAYERS)
    if kind is IA3Config:
        fields = fields | {"feedforward_modules": chosen(network, FEEDFORWARD)}
    return kind(target_modules=layers, **fields)


def randomise(network: torch.nn.Module, spread: float) -> None:
    """Numbers of a size that shows, rounded as they are stored; scales lie about 1."""
    generator = pipelines.generator(4000)
    for key, value in network.named_parameters():
        if not any(word in key for word in (".oft_R.", ".boft_R.", ".boft_s.", ".ia3_l.")):
            continue
        noise = torch.randn(value.shape, generator=generator) * spread
        about_one = ".boft_s." in key or ".ia3_l." in key
        value.data = ((1 + noise) if about_one else noise).half().float()


def write(name: str, tensors: dict, config) -> None:
    folder = FOLDER / f"peft_{name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    stored = {f"base_model.model.{key}": value.half().contiguous().clone() for key, value in tensors.items()}
    path = folder / "adapter_model.safetensors"
    save_file(stored, path, metadata={"format": "pt"})
    path.chmod(0o644)
    fields = {key: sorted(value) if isinstance(value, set) else value for key, value in config.to_dict().items()}
    kept = {key: value for key, value in fields.items() if isinstance(value, (bool, int, float, str, list))}
    (folder / "adapter_config.json").write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")


def make(names: list[str]) -> None:
    if MODEL not in names:
        return
    boft_layer.get_fbd_cuda = lambda: True
    boft_layer.FastBlockDiag = BlockDiagonal
    vectors, cases = {}, []
    for name, (kind, fields, spread) in KINDS.items():
        parts = fresh_parts()
        network = parts["unet"]
        config = config_of(kind, fields, network)
        inject_adapter_in_model(config, network)
        network.requires_grad_(False).eval()
        randomise(network, spread)
        write(name, get_peft_model_state_dict(network, adapter_name="default"), config)
        for module in network.modules():
            if isinstance(module, BaseTunerLayer):
                module.merge()
        vectors[f"{name}.unet"] = answers(parts, text=False, picture=False)["unet"]
        cases.append({"name": name, "file": f"peft_{name}/adapter_model"})
    vectors["none.unet"] = answers(fresh_parts(), text=False, picture=False)["unet"]
    files.save(f"{MODEL}_peft", vectors, {"cases": cases, "timestep": TIMESTEP})
