"""Vectors of EulerDiscreteScheduler: timesteps, sigmas, init_noise_sigma."""

import torch
from diffusers import EulerDiscreteScheduler

from . import configs, files

STEPS = [1, 2, 8, 20, 25, 30, 50]


def make() -> None:
    tensors, cases = {}, []
    settings = [
        {"timestep_spacing": spacing, "steps_offset": offset, "rescale_betas_zero_snr": zero, "prediction_type": kind}
        for spacing in ("leading", "trailing", "linspace")
        for offset in (0, 1)
        for zero, kind in ((False, "epsilon"), (True, "v_prediction"))
    ]
    for setting in settings:
        for steps in STEPS:
            scheduler = EulerDiscreteScheduler.from_config({**configs.SDXL_SCHEDULER, **setting})
            scheduler.set_timesteps(steps)
            number = len(cases)
            tensors[f"{number}.timesteps"] = scheduler.timesteps
            tensors[f"{number}.sigmas"] = scheduler.sigmas
            tensors[f"{number}.init_noise_sigma"] = torch.as_tensor(scheduler.init_noise_sigma).float()
            cases.append({**setting, "steps": steps})
    for zero in (False, True):
        scheduler = EulerDiscreteScheduler.from_config({**configs.SDXL_SCHEDULER, "rescale_betas_zero_snr": zero})
        tensors["alphas_cumprod_zero_snr" if zero else "alphas_cumprod"] = scheduler.alphas_cumprod
    files.save("euler", tensors, {"cases": cases})
