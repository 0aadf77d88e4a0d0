"""Samplers and Brownian paths by independent code: samplers.safetensors.

    pip install --no-deps k-diffusion==0.1.1.post1 torchsde==0.2.6 trampoline==0.1.2 torchdiffeq==0.2.5 diffusers==0.42.1
    python make_samplers.py COMFYUI/comfy/k_diffusion/sampling.py A1111/modules/sd_samplers_extra.py

Samplers that no registry package has are taken out of two public sources, function by function: ComfyUI's sampling.py
at commit 02159d814dee609acc27994c1bf25fc5b40e2aaa, and AUTOMATIC1111's sd_samplers_extra.py at commit
255da37da1871a90c352bcc4ee3617fd8ceed610.

The model is `denoise` below. Everything runs in float64 on float32 levels and float32 noise, so that what is compared
is the method and not the rounding. Noise on the way comes from a generator of its own seed; Brownian paths from
torchsde with that seed as entropy.
"""
import ast
import functools
import importlib.util
import json
import math
import pathlib
import sys
import types

import numpy as np
import torch
import torchsde
import tqdm
from diffusers import (
    DDIMScheduler, DEISMultistepScheduler, IPNDMScheduler, LCMScheduler, PNDMScheduler, TCDScheduler,
    UniPCMultistepScheduler,
)
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).resolve().parent
SHAPE = (1, 4, 3, 5)
START_SEED, NOISE_SEED = 7, 11
BETAS = dict(num_train_timesteps=1000, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear")
SIGMA_MIN, SIGMA_MAX = 0.029167539, 14.614642


def load_k_diffusion():
    """sampling.py alone: the package itself imports what training needs."""
    folder = pathlib.Path(importlib.util.find_spec("torchsde").origin).parents[1] / "k_diffusion"
    package = types.ModuleType("k_diffusion")
    package.__path__ = [str(folder)]
    utils = types.ModuleType("k_diffusion.utils")
    utils.append_dims = lambda x, dims: x[(...,) + (None,) * (dims - x.ndim)]
    package.utils = utils
    sys.modules |= {"k_diffusion": package, "k_diffusion.utils": utils}
    spec = importlib.util.spec_from_file_location("k_diffusion.sampling", folder / "sampling.py")
    package.sampling = importlib.util.module_from_spec(spec)
    sys.modules["k_diffusion.sampling"] = package.sampling
    spec.loader.exec_module(package.sampling)
    return package


K = load_k_diffusion()


def functions_of(path, names, namespace):
    tree = ast.parse(pathlib.Path(path).read_text())
    tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in names]
    for node in tree.body:
        node.decorator_list = []
    exec(compile(tree, str(path), "exec"), namespace)
    return types.SimpleNamespace(**{name: namespace[name] for name in names})


def comfy_functions(path):
    comfy = types.SimpleNamespace(
        model_sampling=types.SimpleNamespace(CONST=type("CONST", (), {})),
        model_patcher=types.SimpleNamespace(
            set_model_options_post_cfg_function=lambda options, hook, **_: options | {"hook": hook}))
    names = ["to_d", "get_ancestral_step", "sigma_to_half_log_snr", "offset_first_sigma_for_snr",
             "sample_euler_ancestral_cfg_pp", "sample_euler_cfg_pp", "res_multistep", "sample_res_multistep",
             "sample_ipndm", "sample_er_sde"]
    return functions_of(path, names, {
        "torch": torch, "math": math, "partial": functools.partial, "comfy": comfy, "utils": K.utils,
        "default_noise_sampler": lambda x, seed=None: None, "trange": lambda n, disable=None: range(n)})


def denoise(x, sigma):
    """Nonlinear, with neighbours and channels mixed; bounded, as pictures are."""
    a = x / (1 + sigma ** 2)
    b = x.roll(1, -1) / (1 + sigma ** 2) ** 0.5
    return 0.8 * torch.tanh(1.5 * a + 0.4 * b) + 0.1 * a.roll(1, 1)


def unconditional(x, sigma):
    return 0.9 * denoise(x, sigma) - 0.05


class Model:
    """Looks like k-diffusion's and ComfyUI's models."""

    class inner_model:
        class model_patcher:
            get_model_object = staticmethod(lambda name: types.SimpleNamespace())

    def __call__(self, x, sigma, model_options=None):
        denoised = denoise(x, float(sigma.flatten()[0]))
        if model_options:
            plain = unconditional(x, float(sigma.flatten()[0]))
            return model_options["hook"]({"denoised": denoised, "uncond_denoised": plain})
        return denoised


def drawn():
    generator = torch.Generator("cpu").manual_seed(NOISE_SEED)
    return lambda *_: torch.randn(SHAPE, generator=generator, dtype=torch.float32).double()


def brownian(sigmas):
    positive = sigmas[sigmas > 0]
    tree = torchsde.BrownianTree(positive.min(), torch.zeros(SHAPE), positive.max(), entropy=NOISE_SEED)

    def noise(sigma, sigma_next):
        high, low = float(np.float32(float(sigma))), float(np.float32(float(sigma_next)))
        return -tree(low, high).double() / math.sqrt(high - low)

    return noise


def start(sigmas):
    noise = torch.randn(SHAPE, generator=torch.Generator("cpu").manual_seed(START_SEED), dtype=torch.float32)
    return noise.double() * float(sigmas[0])


def k_diffusion(name, **options):
    def run(sigmas):
        noises = {}
        if "sde" in name:
            noises = {"noise_sampler": brownian(sigmas)}
        elif "ancestral" in name:
            noises = {"noise_sampler": drawn()}
        return getattr(K.sampling, name)(Model(), start(sigmas), sigmas, disable=True, **noises, **options)
    return run


def with_churn(name):
    def run(sigmas):
        noise = drawn()
        K.sampling.torch = types.SimpleNamespace(**{n: getattr(torch, n) for n in dir(torch) if not n.startswith("__")})
        K.sampling.torch.randn_like = lambda x: noise()
        try:
            return getattr(K.sampling, name)(Model(), start(sigmas), sigmas, disable=True, s_churn=10.0, s_tmin=0.1,
                                             s_tmax=10.0, s_noise=1.003)
        finally:
            K.sampling.torch = torch
    return run


def comfy(function, **options):
    return lambda sigmas: function(Model(), start(sigmas), sigmas, disable=True, **options)


def restart(function):
    def run(sigmas):
        noise = drawn()
        hijacked = types.SimpleNamespace(sampling=types.SimpleNamespace(
            torch=types.SimpleNamespace(randn_like=lambda x: noise())))
        function.__globals__["k_diffusion"] = hijacked
        return function(Model(), start(sigmas), sigmas, disable=True)
    return run


def latent(x, sigma):
    return x / (1 + sigma ** 2) ** 0.5


def epsilon(sample, sigma):
    x = sample * (1 + sigma ** 2) ** 0.5
    return (x - denoise(x, sigma)) / sigma


def on_levels(make):
    """A diffusers scheduler that reads its levels, given ours."""
    def run(sigmas):
        scheduler = make(len(sigmas) - 1)
        scheduler.sigmas = sigmas
        scheduler.timesteps = torch.arange(len(sigmas) - 1)
        scheduler.num_inference_steps = len(sigmas) - 1
        sample = latent(start(sigmas), float(sigmas[0]))
        for i, timestep in enumerate(scheduler.timesteps):
            sample = scheduler.step(epsilon(sample, float(sigmas[i])), timestep, sample).prev_sample
        return sample * (1 + float(sigmas[-1]) ** 2) ** 0.5
    return run


def multistep(scheduler_class, **config):
    def make(steps):
        scheduler = scheduler_class(**BETAS, **config)
        scheduler.set_timesteps(steps)
        return scheduler
    return on_levels(make)


def ipndm(sigmas):
    """diffusers' IPNDM takes its levels as betas, and v-predictions."""
    alphas = 1 / (1 + sigmas ** 2) ** 0.5
    scheduler = IPNDMScheduler(len(sigmas) - 1, trained_betas=(sigmas * alphas).tolist())
    scheduler.set_timesteps(len(sigmas) - 1)
    scheduler.betas, scheduler.alphas = sigmas * alphas, alphas
    sample = latent(start(sigmas), float(sigmas[0]))
    for i, timestep in enumerate(scheduler.timesteps):
        eps = epsilon(sample, float(sigmas[i]))
        v = (eps - scheduler.betas[i] * sample) / alphas[i]
        sample = scheduler.step(v, timestep, sample).prev_sample
    return sample / alphas[-1]


def on_timesteps(scheduler, steps, noisy=False, **options):
    """A diffusers scheduler that works on whole timesteps: answers its own levels too."""
    scheduler.set_timesteps(steps)
    bars = scheduler.alphas_cumprod.double()
    sigma_at = lambda t: float(((1 - bars[t]) / bars[t]) ** 0.5)
    unique = sorted({int(t) for t in scheduler.timesteps}, reverse=True)
    sigmas = [sigma_at(t) for t in unique]
    x = start([np.float32(sigmas[0])])
    sample = latent(x, float(np.float32(sigmas[0])))
    scheduler.alphas_cumprod = 1 / (1 + torch.tensor(
        np.float32([sigma_at(t) for t in range(1000)])).double() ** 2)
    generator = torch.Generator("cpu").manual_seed(NOISE_SEED)
    for t in scheduler.timesteps:
        sigma = float(np.float32(sigma_at(int(t))))
        with drawing_in_float32():
            extra = {"generator": generator} if noisy else {}
            sample = scheduler.step(epsilon(sample, sigma), t, sample, **extra, **options).prev_sample
    return np.float32(sigmas), sample


class drawing_in_float32:
    """diffusers draws in the latent's type; the noise of a seed is float32 noise."""

    def __enter__(self):
        import diffusers.schedulers as schedulers
        self.modules = [schedulers.scheduling_ddim, schedulers.scheduling_lcm, schedulers.scheduling_tcd]
        self.originals = [module.randn_tensor for module in self.modules]
        for module in self.modules:
            module.randn_tensor = lambda shape, generator=None, **_: torch.randn(
                shape, generator=generator, dtype=torch.float32).double()

    def __exit__(self, *_):
        for module, original in zip(self.modules, self.originals):
            module.randn_tensor = original


def timestep_cases():
    ddim = lambda: DDIMScheduler(**BETAS, clip_sample=False, set_alpha_to_one=True, steps_offset=1)
    for steps in [1, 2, 10, 25]:
        yield "ddim", {}, 1.0, on_timesteps(ddim(), steps)
        yield "ddim", {"eta": 0.7}, 1.0, on_timesteps(ddim(), steps, noisy=True, eta=0.7)
        yield "plms", {}, 1.0, on_timesteps(PNDMScheduler(**BETAS, skip_prk_steps=True, set_alpha_to_one=True,
                                                         steps_offset=1), max(steps, 2))
    for steps in [1, 4, 8]:
        yield "lcm", {}, 1.0, on_timesteps(LCMScheduler(**BETAS, clip_sample=False, timestep_scaling=1e6), steps,
                                           noisy=True)
        bars = TCDScheduler(**BETAS).alphas_cumprod
        last = float(((1 - bars[0]) / bars[0]) ** 0.5)
        for eta in [0.0, 0.3, 1.0]:
            sigmas, end = on_timesteps(TCDScheduler(**BETAS, clip_sample=False), steps, noisy=True, eta=eta)
            last = np.float32(last)
            yield "tcd", {"eta": eta}, None, (np.append(sigmas, last), end * (1 + float(last) ** 2) ** 0.5)


def levels(kind, steps, last):
    ramp = np.linspace(0, 1, steps)
    if kind == "karras":
        sigmas = (SIGMA_MAX ** (1 / 7) + ramp * (SIGMA_MIN ** (1 / 7) - SIGMA_MAX ** (1 / 7))) ** 7
    else:
        betas = torch.linspace(0.00085 ** 0.5, 0.012 ** 0.5, 1000, dtype=torch.float64) ** 2
        bars = torch.cumprod(1 - betas, 0).numpy()
        table = np.log(((1 - bars) / bars) ** 0.5)
        sigmas = np.exp(np.interp(999 * (1 - ramp), np.arange(1000), table))
    return np.float32(np.append(sigmas, last))


def level_cases(from_comfy, from_a1111):
    euler_a = functools.partial(k_diffusion, "sample_euler_ancestral")
    rows = [
        ("euler", {}, k_diffusion("sample_euler")), ("heun", {}, k_diffusion("sample_heun")),
        ("dpm2", {}, k_diffusion("sample_dpm_2")), ("lms", {}, k_diffusion("sample_lms")),
        ("euler_a", {}, euler_a()), ("euler_a", {"eta": 0.5}, euler_a(eta=0.5)),
        ("dpm2_a", {}, k_diffusion("sample_dpm_2_ancestral")),
        ("dpmpp_2s_a", {}, k_diffusion("sample_dpmpp_2s_ancestral")),
        ("dpmpp_2m", {}, k_diffusion("sample_dpmpp_2m")), ("dpmpp_sde", {}, k_diffusion("sample_dpmpp_sde")),
        ("dpmpp_2m_sde", {}, k_diffusion("sample_dpmpp_2m_sde")),
        ("dpmpp_2m_sde", {"eta": 0.4}, k_diffusion("sample_dpmpp_2m_sde", eta=0.4)),
        ("dpmpp_2m_sde_heun", {}, k_diffusion("sample_dpmpp_2m_sde", solver_type="heun")),
        ("dpmpp_3m_sde", {}, k_diffusion("sample_dpmpp_3m_sde")),
        ("euler", {"churn": 10.0}, with_churn("sample_euler")), ("heun", {"churn": 10.0}, with_churn("sample_heun")),
        ("dpm2", {"churn": 10.0}, with_churn("sample_dpm_2")),
        ("unipc_bh2", {}, multistep(UniPCMultistepScheduler, solver_order=3, solver_type="bh2")),
        ("restart", {}, restart(from_a1111.restart_sampler)),
        ("euler_cfgpp", {}, comfy(from_comfy.sample_euler_cfg_pp)),
        ("euler_a_cfgpp", {}, lambda s: comfy(from_comfy.sample_euler_ancestral_cfg_pp, noise_sampler=drawn())(s)),
        ("res_multistep", {}, lambda s: comfy(from_comfy.sample_res_multistep, noise_sampler=drawn())(s)),
        ("ipndm", {}, comfy(from_comfy.sample_ipndm)),
        ("er_sde", {}, lambda s: comfy(from_comfy.sample_er_sde, noise_sampler=drawn())(s)),
    ]
    # Those whose definition in diffusers ends above zero.
    above_zero = [("deis", {}, multistep(DEISMultistepScheduler, solver_order=3)), ("ipndm", {}, ipndm),
                  ("unipc", {}, multistep(UniPCMultistepScheduler, solver_order=3, solver_type="bh1"))]
    for kind in ["uniform", "karras"]:
        for steps in [2, 5, 13, 21, 40]:
            for name, options, run in rows:
                sigmas = levels(kind, steps, 0.0)
                yield name, options, sigmas, run(torch.tensor(sigmas).double())
            for name, options, run in above_zero:
                sigmas = levels(kind, steps, 0.02)
                yield name, options, sigmas, run(torch.tensor(sigmas).double())


def brownian_cases(tensors):
    """Increments over levels as samplers ask for them, downwards and with halves between."""
    for n, (seed, low, high) in enumerate([(0, 0.0292, 14.6146), (11, 0.0292, 14.6146), (2**40 + 5, 0.1, 3.0),
                                           (3, 0.0292, 4095.9)]):
        low, high = float(np.float32(low)), float(np.float32(high))
        tree = torchsde.BrownianTree(low, torch.zeros(SHAPE), high, entropy=seed)
        times = np.float32(np.geomspace(high, low, 9))
        tensors[f"brownian.{n}.times"] = torch.tensor(times)
        tensors[f"brownian.{n}.seed"] = torch.tensor([seed])
        tensors[f"brownian.{n}.increments"] = torch.stack(
            [tree(float(b), float(a)) for a, b in zip(times[:-1], times[1:])])


def main():
    from_comfy = comfy_functions(sys.argv[1])
    from_a1111 = functions_of(sys.argv[2], ["restart_sampler"], {"torch": torch, "tqdm": tqdm})
    tensors, cases = {}, []
    for name, options, sigmas, end in level_cases(from_comfy, from_a1111):
        cases.append({"sampler": name} | options)
        tensors[f"{len(cases) - 1}.sigmas"] = torch.tensor(sigmas)
        tensors[f"{len(cases) - 1}.end"] = end.float()
    for name, options, last, (sigmas, end) in timestep_cases():
        cases.append({"sampler": name} | options)
        tensors[f"{len(cases) - 1}.sigmas"] = torch.tensor(sigmas if last is None else np.append(sigmas, np.float32(0)))
        tensors[f"{len(cases) - 1}.end"] = end.float()
    for key, tensor in tensors.items():
        assert torch.isfinite(tensor).all(), (key, cases[int(key.split(".")[0])])
    brownian_cases(tensors)
    settings = {"shape": SHAPE, "start_seed": START_SEED, "noise_seed": NOISE_SEED, "cases": cases}
    save_file({k: v.contiguous() for k, v in tensors.items()}, HERE / "samplers.safetensors",
              {"settings": json.dumps(settings)})
    print(len(cases), "cases")


if __name__ == "__main__":
    main()
