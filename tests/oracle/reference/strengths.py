"""What a strength means: where the second pass starts, in diffusers and in A1111's hires fix.

The A1111 side is written from its arithmetic: req steps are always run; a schedule of int(req / min(strength, 0.999))
steps is made and its last req + 1 values are used. Schedules are k-diffusion's, in float64.
"""

import json

import numpy as np

from . import configs, files

A1111_ROWS = [(20, 0.7), (30, 0.7), (20, 0.5), (10, 0.4), (20, 0.35), (25, 0.35), (30, 0.35), (25, 0.3), (30, 0.3),
              (25, 1.0), (1, 0.5)]  # fmt: skip
DIFFUSERS_ROWS = [(25, 0.35), (30, 0.35), (50, 0.35), (30, 0.3), (25, 0.3), (20, 0.7), (50, 0.3),
                  (20, 1.0), (20, 0.3)]  # fmt: skip


def training_sigmas() -> np.ndarray:
    """Sigma of every training timestep, [1000], from scaled-linear betas."""
    root = np.linspace(configs.SDXL_SCHEDULER["beta_start"] ** 0.5, configs.SDXL_SCHEDULER["beta_end"] ** 0.5, 1000)
    alphas = np.cumprod(1.0 - root**2)
    return np.sqrt((1.0 - alphas) / alphas)


def sigma_of(timestep):
    """Log-linear between the training timesteps."""
    return np.exp(np.interp(timestep, np.arange(1000), np.log(training_sigmas())))


def timestep_of(sigma):
    return np.interp(np.log(sigma), np.log(training_sigmas()), np.arange(1000))


def uniform(steps: int) -> np.ndarray:
    return sigma_of(np.linspace(999, 0, steps))


def karras(steps: int, rho: float = 7.0) -> np.ndarray:
    """Karras et al. 2022 (arXiv:2206.00364), equation 5."""
    low, high = training_sigmas()[[0, -1]] ** (1 / rho)
    return (high + np.linspace(0, 1, steps) * (low - high)) ** rho


def exponential(steps: int) -> np.ndarray:
    low, high = np.log(training_sigmas()[[0, -1]])
    return np.exp(np.linspace(high, low, steps))


SCHEDULES = {"uniform": uniform, "karras": karras, "exponential": exponential}


def a1111(schedule: str, steps: int, strength: float) -> tuple[int, int, np.ndarray]:
    """(steps of the whole schedule, index of the start in it, the steps + 1 sigmas that are run, the last one 0)."""
    total = int(steps / min(strength, 0.999))
    sigmas = np.append(SCHEDULES[schedule](total), 0.0)
    start = total - steps
    return total, start, sigmas[start:]


def a1111_row(steps: int, strength: float) -> dict:
    row = {"steps": steps, "strength": strength}
    for schedule in SCHEDULES:
        total, start, sigmas = a1111(schedule, steps, strength)
        row |= {"total": total, "start": start}
        row[schedule] = {"sigma": round(float(sigmas[0]), 6), "timestep": round(float(timestep_of(sigmas[0])), 3)}
    return row


def diffusers_row(steps: int, strength: float) -> dict:
    """Leading spacing, offset 1: timesteps are multiples of 1000 // steps, plus one."""
    run = min(int(steps * strength), steps)
    timestep = (run - 1) * (1000 // steps) + 1
    return {"steps": steps, "strength": strength, "run": run, "timestep": timestep,
            "sigma": round(float(training_sigmas()[timestep]), 6)}  # fmt: skip


def against_diffusers(row: dict) -> None:
    """The row from the scheduler and the pipeline's own slicing."""
    from diffusers import EulerDiscreteScheduler

    scheduler = EulerDiscreteScheduler.from_config(configs.SDXL_SCHEDULER)
    scheduler.set_timesteps(row["steps"])
    start = row["steps"] - min(int(row["steps"] * row["strength"]), row["steps"])
    assert len(scheduler.timesteps) - start == row["run"], row
    assert float(scheduler.timesteps[start]) == row["timestep"], row
    relative = float(scheduler.sigmas[start]) / row["sigma"] - 1  # the scheduler multiplies its alphas in float32
    assert abs(relative) < 1e-5, row


def make() -> None:
    table = {
        "diffusers": [diffusers_row(*row) for row in DIFFUSERS_ROWS],
        "a1111": [a1111_row(*row) for row in A1111_ROWS],
    }
    for row in table["diffusers"]:
        against_diffusers(row)
    lines = [f'"{key}":[\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]" for key, rows in table.items()]
    (files.VECTORS / "strength.json").write_text("{" + ",\n".join(lines) + "}\n")
    print(f"strength: {sum(len(rows) for rows in table.values())} rows", flush=True)
