"""Stage 2: the text encoders learn to name what a caption says before any picture is painted from it.

Small heads read every attribute of the scene from what the UNet will be given: the penultimate layers at
the end token and the pooled projection. The heads are thrown away. Captions that leave an attribute out
teach its odds.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import networks
import vocabulary
from common import Average, Group, Stage, parameters_of, warm_cosine
from scene import FLOWERS, GROUNDS, TIMES, Scene, caption, draw_scene

_FEATURES = ("", "boat", "house", "tree", "island", "cactus")
_FLAGS = ("mountains", "snowy_peaks", "winter", "autumn", "cloudy", "fog", "disc")
_CHOICES = (len(TIMES), len(GROUNDS), 1 + len(FLOWERS), len(_FEATURES), *(2 for _ in _FLAGS))


def attributes(s: Scene) -> list[int]:
    return [
        TIMES.index(s.time),
        GROUNDS.index(s.ground),
        ("", *FLOWERS).index(s.flowers),
        _FEATURES.index(s.feature),
        *(int(getattr(s, name)) for name in _FLAGS),
    ]


def _batch(tokenizers, rng: np.random.Generator, count: int, length: int):
    scenes = [draw_scene(80_000_000 + int(k)) for k in rng.integers(0, 20_000_000, count)]
    texts = [caption(s, rng) for s in scenes]
    ids = [
        t(texts, padding="max_length", max_length=length, truncation=True, return_tensors="pt").input_ids
        for t in tokenizers
    ]
    return *ids, torch.tensor([attributes(s) for s in scenes])


def new_heads() -> torch.nn.ModuleList:
    return torch.nn.ModuleList(torch.nn.Linear(width, sum(_CHOICES)) for width in (64, 96, 96))


def train(group: Group, state: Path, device: str, budget: float, batch: int, rate: float = 2e-3) -> None:
    stage, tokenizers = Stage(group, state, "words", budget), vocabulary.load(state)
    torch.manual_seed(4)
    first, second = networks.text_encoders(len(tokenizers[0]))
    heads = new_heads()
    modules = [m.to(device) for m in (first, second, heads)]
    average = Average(parameters_of(modules), 0.995)
    optimiser = torch.optim.AdamW(average.live, rate, betas=(0.9, 0.98), weight_decay=0.01)
    saved = stage.load()
    if stage.progress >= 1:
        return
    if saved:
        for module, weights in zip(modules, saved["modules"], strict=True):
            module.load_state_dict(weights)
        average.restore(saved["average"])
        optimiser.load_state_dict(saved["optimiser"])
    running = None
    while stage.progress < 1:
        rng = group.random(stage.step)
        ids, ids_2, truth = (
            x.to(device) for x in _batch(tokenizers, rng, batch, 40 if stage.step % 4 else networks.LENGTH)
        )
        one, two = first(ids, output_hidden_states=True), second(ids_2, output_hidden_states=True)
        last = (ids == ids.max()).int().argmax(1)
        row = torch.arange(len(ids), device=device)
        read = (one.hidden_states[-2][row, last], two.hidden_states[-2][row, last], two.text_embeds)
        losses = [
            sum(F.cross_entropy(part, truth[:, k]) for k, part in enumerate(head(x).split(_CHOICES, 1)))
            for head, x in zip(heads, read)
        ]
        optimiser.zero_grad(set_to_none=True)
        sum(losses).backward()
        for p in average.live:  # the last layer of the first encoder feeds nothing, as in SDXL
            p.grad = torch.zeros_like(p) if p.grad is None else p.grad
        stage.tick([p.grad for p in average.live])
        torch.nn.utils.clip_grad_norm_(average.live, 1.0)
        for options in optimiser.param_groups:
            options["lr"] = rate * warm_cosine(stage.progress, stage.step, 100)
        optimiser.step()
        average.update()
        values = torch.stack(losses).detach()
        running = values if running is None else running.lerp(values, 0.05)
        if stage.step % 100 == 0:
            stage.log(first=float(running[0]), second=float(running[1]), pooled=float(running[2]))
        if stage.step % 200 == 0 or stage.progress >= 1:
            stage.save(
                modules=[m.state_dict() for m in modules],
                average=average.state(),
                optimiser=optimiser.state_dict(),
            )


def load(state: Path, device: str = "cpu") -> list:
    """Both text encoders with their averaged weights, frozen."""
    modules = [*networks.text_encoders(len(vocabulary.load(state)[0]))]
    heads = new_heads()
    average = Average(parameters_of([*modules, heads]), 0.0)
    average.restore(torch.load(state / "words.pt", map_location="cpu", weights_only=True)["average"])
    average.copy_to(average.live)
    return [m.to(device).eval().requires_grad_(False) for m in modules]
