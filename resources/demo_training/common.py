"""What every stage shares: where the state lies, the log, wall-clock budgets, checkpoints, averaged
weights."""

import ctypes
import json
import math
import os
import time
from pathlib import Path

import numpy as np
import torch


def keep_memory() -> None:
    """Tells glibc to keep freed memory. Returning every large tensor to the kernel costs half of a step in
    page faults."""
    try:
        libc = ctypes.CDLL("libc.so.6")
    except OSError:
        return
    trim_threshold, top_pad, mmap_max = -1, -2, -4
    for option, value in ((mmap_max, 0), (trim_threshold, 2**31 - 1), (top_pad, 256 * 2**20)):
        libc.mallopt(option, value)


DEFAULT_STATE = Path.home() / ".cache" / "hires-studio" / "training"


class Group:
    """The processes that train together, each with its own part of a batch and one thread on a CPU.

    Single-threaded processes share a busy machine far better than threads that wait for each other in every
    layer.
    """

    def __init__(self, rank: int, count: int, rendezvous: Path):
        self.rank, self.count = rank, count
        if count > 1:
            torch.distributed.init_process_group("gloo", f"file://{rendezvous}", rank=rank, world_size=count)

    def random(self, step: int) -> np.random.Generator:
        """What this process draws in a step: the same again after an interruption."""
        return np.random.default_rng([step, self.rank])

    def wait(self) -> None:
        if self.count > 1:
            torch.distributed.barrier()

    def average(self, tensors: list[torch.Tensor]) -> None:
        """Replaces each tensor by its mean over the processes."""
        if self.count == 1:
            return
        flat = torch.cat([t.reshape(-1) for t in tensors]).div_(self.count)
        torch.distributed.all_reduce(flat)
        torch._foreach_copy_(
            tensors, [part.view_as(t) for part, t in zip(flat.split([t.numel() for t in tensors]), tensors)]
        )


def _enter(rank: int, work, count: int, rendezvous: Path, arguments: tuple) -> None:
    keep_memory()
    if count > 1 or not torch.cuda.is_available():
        torch.set_num_threads(1)
    work(Group(rank, count, rendezvous), *arguments)


def run_group(work, count: int, state: Path, *arguments) -> None:
    """Runs `work(group, *arguments)` in `count` processes and waits for all of them."""
    rendezvous = state / f"rendezvous_{os.getpid()}_{time.monotonic_ns()}"
    state.mkdir(parents=True, exist_ok=True)
    torch.multiprocessing.spawn(_enter, (work, count, rendezvous, arguments), nprocs=count)
    rendezvous.unlink(missing_ok=True)


class Stage:
    """A stage with a wall-clock budget that survives interruption: progress is time already spent."""

    def __init__(self, group: Group, state: Path, name: str, budget_seconds: float):
        self.group = group
        self.path, self.name, self.budget = state / f"{name}.pt", name, budget_seconds
        self.log_path = state / "train.log"
        self.spent, self.step, self._last = 0.0, 0, time.monotonic()
        state.mkdir(parents=True, exist_ok=True)

    def load(self) -> dict | None:
        if not self.path.exists():
            return None
        saved = torch.load(self.path, map_location="cpu", weights_only=True)
        self.spent, self.step = saved["spent"], saved["step"]
        self._last = time.monotonic()
        return saved

    def save(self, **content) -> None:
        if self.group.rank:
            return
        partial = self.path.with_suffix(".partial")
        torch.save({"spent": self.spent, "step": self.step, **content}, partial)
        os.replace(partial, self.path)

    def tick(self, gradients: list[torch.Tensor]) -> None:
        """Ends a step: averages gradients over the processes and counts the time since the last call."""
        now = time.monotonic()
        passed = torch.tensor([now - self._last], device=gradients[0].device)
        self._last = now
        self.group.average([*gradients, passed])
        self.spent += float(passed)
        self.step += 1

    def restart_clock(self) -> None:
        """Work since the last step (making data) is not part of the budget."""
        self._last = time.monotonic()

    @property
    def progress(self) -> float:
        return min(1.0, self.spent / self.budget)

    def log(self, **values) -> None:
        if self.group.rank:
            return
        line = {
            "time": time.strftime("%H:%M:%S", time.gmtime()),
            "stage": self.name,
            "step": self.step,
            "spent": round(self.spent, 1),
        }
        line |= {k: round(v, 5) if isinstance(v, float) else v for k, v in values.items()}
        with self.log_path.open("a") as log:
            log.write(json.dumps(line) + "\n")
        print(json.dumps(line), flush=True)


def finished(state: Path, name: str, budget_seconds: float) -> bool:
    path = state / f"{name}.pt"
    if not path.exists():
        return False
    return torch.load(path, map_location="cpu", weights_only=True, mmap=True)["spent"] >= budget_seconds


def warm_cosine(progress: float, step: int, warm_up: int, floor: float = 0.02) -> float:
    """Factor on the learning rate: linear warm-up in steps, cosine over the wall-clock budget."""
    return min(1.0, (step + 1) / warm_up) * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * progress)))


def parameters_of(modules: list[torch.nn.Module]) -> list[torch.nn.Parameter]:
    return [p for m in modules for p in m.parameters()]


class Average:
    """Exponential moving average of parameters, with a warm-up so that early weights are forgotten."""

    def __init__(self, parameters: list[torch.nn.Parameter], decay: float):
        self.decay, self.count, self.live = decay, 0, parameters
        self.mean = [p.detach().clone().float() for p in self.live]

    @torch.no_grad()
    def update(self) -> None:
        self.count += 1
        decay = min(self.decay, (1 + self.count) / (10 + self.count))
        torch._foreach_lerp_(self.mean, [p.detach() for p in self.live], 1 - decay)

    @torch.no_grad()
    def copy_to(self, parameters: list[torch.nn.Parameter]) -> None:
        for target, mean in zip(parameters, self.mean, strict=True):
            target.copy_(mean)

    def state(self) -> dict:
        return {"mean": self.mean, "count": self.count}

    def restore(self, saved: dict) -> None:
        self.count = saved["count"]
        for mean, value in zip(self.mean, saved["mean"], strict=True):
            mean.copy_(value)
