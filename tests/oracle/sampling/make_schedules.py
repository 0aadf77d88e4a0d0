"""Schedules by independent code: schedules.safetensors.

    python make_schedules.py A1111/modules/sd_schedulers.py        # packages as make_samplers.py

k-diffusion's own (uniform, karras, exponential, polyexponential), diffusers' (beta, linear_quadratic), and A1111's for
the rest, taken function by function out of AUTOMATIC1111's sd_schedulers.py at commit
02b0092d5a8450b282bd7d9c2d84fdfed0f3c6db. All over SDXL's training levels.
"""
import json
import pathlib
import sys
import types

import numpy as np
import torch
from diffusers import EulerDiscreteScheduler
from diffusers.pipelines.mochi.pipeline_mochi import linear_quadratic_schedule
from safetensors.torch import save_file
from scipy import stats

from make_samplers import BETAS, K, functions_of

HERE = pathlib.Path(__file__).resolve().parent
STEPS = [1, 2, 3, 4, 8, 10, 11, 20, 25, 40, 50, 100]
BARS = EulerDiscreteScheduler(**BETAS).alphas_cumprod
TABLE = ((1 - BARS) / BARS) ** 0.5
LOW, HIGH = TABLE[0].item(), TABLE[-1].item()


class Discrete:
    """What k-diffusion's DiscreteSchedule answers."""

    sigmas, log_sigmas = TABLE, TABLE.log()

    @classmethod
    def sigma_to_t(cls, sigma):
        return torch.tensor(np.interp(np.log(float(sigma)), cls.log_sigmas.numpy(), np.arange(1000)))

    @classmethod
    def t_to_sigma(cls, t):
        return torch.tensor(np.exp(np.interp(np.asarray(t, dtype=np.float64), np.arange(1000), cls.log_sigmas.numpy())))


def uniform(n):
    return np.append(Discrete.t_to_sigma(torch.linspace(999, 0, n).double()).numpy(), 0)


def beta(n):
    scheduler = EulerDiscreteScheduler(**BETAS, use_beta_sigmas=True, timestep_spacing="linspace", sigma_min=LOW,
                                       sigma_max=HIGH)
    scheduler.set_timesteps(n)
    return scheduler.sigmas


def linear_quadratic(n):
    fractions = [1.0] if n == 1 else linear_quadratic_schedule(n, 0.025)
    return np.append(np.array(fractions)[:n] * HIGH, 0)


def main():
    shared = types.SimpleNamespace(sd_model=types.SimpleNamespace(is_sdxl=True))
    a1111 = functions_of(sys.argv[1], ["sgm_uniform", "get_align_your_steps_sigmas", "kl_optimal", "simple_scheduler",
                                       "ddim_scheduler"], {"torch": torch, "np": np, "stats": stats, "shared": shared})
    rows = {
        "uniform": uniform,
        "karras": lambda n: K.sampling.get_sigmas_karras(n, LOW, HIGH),
        "exponential": lambda n: K.sampling.get_sigmas_exponential(n, LOW, HIGH),
        "polyexponential": lambda n: K.sampling.get_sigmas_polyexponential(n, LOW, HIGH),
        "beta": beta,
        "linear_quadratic": linear_quadratic,
        "sgm_uniform": lambda n: a1111.sgm_uniform(n, LOW, HIGH, Discrete, "cpu"),
        "simple": lambda n: a1111.simple_scheduler(n, LOW, HIGH, Discrete, "cpu"),
        "ddim_uniform": lambda n: a1111.ddim_scheduler(n, LOW, HIGH, Discrete, "cpu"),
        "kl_optimal": lambda n: a1111.kl_optimal(n, LOW, HIGH, "cpu"),
        "align_your_steps": lambda n: a1111.get_align_your_steps_sigmas(n, LOW, HIGH, "cpu"),
    }
    tensors, cases = {}, []
    for name, make in rows.items():
        for n in STEPS:
            sigmas = torch.as_tensor(np.asarray(make(n), dtype=np.float32))
            if len(sigmas) != n + 1 or (name == "align_your_steps" and n == 1):
                continue  # ddim: a step more than asked for; align_your_steps: begins at its smallest level
            tensors[f"{len(cases)}.sigmas"] = sigmas
            cases.append({"schedule": name, "steps": n})
    save_file(tensors, HERE / "schedules.safetensors", {"settings": json.dumps({"cases": cases})})
    print(len(cases), "cases")


if __name__ == "__main__":
    main()
