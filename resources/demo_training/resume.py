"""Turns an exported model back into a state folder, so that training goes on where only the export was
kept.

Autoencoder and text encoders count as finished (their latents and embeddings are what the UNets know);
base, decoder and refiner continue from the exported weights with a fresh optimiser and a fresh budget.
"""

from pathlib import Path

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTextModelWithProjection

import words
from common import parameters_of

_FINISHED = 1e12
_AVERAGED_STEPS = 1000  # the exported weights are an average already: keep its long memory


def _state(modules: list[torch.nn.Module], spent: float) -> dict:
    return {
        "spent": spent,
        "step": 0,
        "modules": [m.state_dict() for m in modules],
        "average": {"mean": [p.detach().float() for p in parameters_of(modules)], "count": _AVERAGED_STEPS},
    }


def unpack(folder: Path, state: Path) -> None:
    if any((state / f"{name}.pt").exists() for name in ("autoencoder", "words", "base", "refiner")):
        raise SystemExit(
            f"{state} already holds a training state; to start from {folder}, choose an empty folder with --state."
        )
    read = lambda kind, path: kind.from_pretrained(path, torch_dtype=torch.float32, local_files_only=True)
    state.mkdir(parents=True, exist_ok=True)
    (state / "vocabulary").mkdir(exist_ok=True)
    for name in ("tokenizer", "tokenizer_2"):
        target = state / "vocabulary" / name
        target.mkdir(exist_ok=True)
        for file in (folder / name).iterdir():
            (target / file.name).write_bytes(file.read_bytes())
    torch.save({"spent": _FINISHED, "step": 0}, state / "autoencoder.pt")
    torch.save(read(AutoencoderKL, folder / "vae").state_dict(), state / "autoencoder_whitened.pt")
    encoders = [
        read(CLIPTextModel, folder / "text_encoder"),
        read(CLIPTextModelWithProjection, folder / "text_encoder_2"),
    ]
    torch.save(_state([*encoders, words.new_heads()], _FINISHED), state / "words.pt")
    torch.save(_state([read(UNet2DConditionModel, folder / "unet")], 0.0), state / "base.pt")
    torch.save(_state([read(UNet2DConditionModel, folder / "refiner" / "unet")], 0.0), state / "refiner.pt")
