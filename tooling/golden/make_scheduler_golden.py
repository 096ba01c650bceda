"""Walks diffusers' schedulers over a toy model of one number and records every state: test/golden/schedulers.json.

State: x = init_noise_sigma at the start. Model: 0.3 · input + 0.2 · sin(t / 100). Every noise drawn is 0.5.

python tooling/golden/make_scheduler_golden.py
"""

import math

import diffusers.schedulers.scheduling_ddim as ddim
import diffusers.schedulers.scheduling_euler_ancestral_discrete as euler_ancestral
import diffusers.schedulers.scheduling_lcm as lcm
import torch
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    LCMScheduler,
)
from write_golden import rounded, write_golden

for module in (ddim, euler_ancestral, lcm):
    module.randn_tensor = lambda shape, **options: torch.full(tuple(shape), 0.5)

CLASSES = {
    "ddim": DDIMScheduler,
    "euler": EulerDiscreteScheduler,
    "euler-ancestral": EulerAncestralDiscreteScheduler,
    "dpmpp-2m": DPMSolverMultistepScheduler,
    "dpmpp-2m-karras": DPMSolverMultistepScheduler,
    "lcm": LCMScheduler,
}
BETAS = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear")
LEADING = dict(timestep_spacing="leading", steps_offset=1)
STABLE = dict(**LEADING, set_alpha_to_one=False, clip_sample=False)
TRAILING = dict(timestep_spacing="trailing")
V = dict(prediction_type="v_prediction")
ZERO = dict(rescale_betas_zero_snr=True)
SAMPLE = dict(prediction_type="sample")
COSINE = dict(beta_schedule="squaredcos_cap_v2")

RUNS = [
    ("ddim", STABLE, 5, {}),
    ("ddim", STABLE, 5, {"eta": 1.0}),
    ("ddim", STABLE | V, 5, {}),
    ("ddim", STABLE | SAMPLE, 5, {}),
    ("ddim", TRAILING | V | {"clip_sample": False}, 4, {}),
    ("ddim", TRAILING | V | ZERO | {"clip_sample": False}, 4, {}),
    ("ddim", {"timestep_spacing": "linspace", "clip_sample": False}, 7, {}),
    ("ddim", {"clip_sample": True, "clip_sample_range": 0.8}, 6, {}),
    ("ddim", {"beta_schedule": "linear", "beta_start": 0.0001, "beta_end": 0.02}, 6, {}),
    ("ddim", STABLE | COSINE, 6, {}),
    ("euler", LEADING, 5, {}),
    ("euler", LEADING, 20, {}),
    ("euler", {}, 5, {}),
    ("euler", V, 5, {}),
    ("euler", SAMPLE, 5, {}),
    ("euler", TRAILING, 1, {}),
    ("euler", TRAILING, 4, {}),
    ("euler", TRAILING | V | ZERO, 4, {}),
    ("euler", LEADING | {"use_karras_sigmas": True}, 5, {}),
    ("euler", {"use_exponential_sigmas": True}, 5, {}),
    ("euler", {"use_beta_sigmas": True}, 5, {}),
    ("euler", {"final_sigmas_type": "sigma_min"}, 5, {}),
    ("euler-ancestral", TRAILING, 4, {}),
    ("euler-ancestral", {}, 5, {}),
    ("euler-ancestral", LEADING | V, 6, {}),
    ("dpmpp-2m", {}, 5, {}),
    ("dpmpp-2m", LEADING, 5, {}),
    ("dpmpp-2m", {}, 20, {}),
    ("dpmpp-2m", TRAILING | V, 4, {}),
    ("dpmpp-2m", SAMPLE, 6, {}),
    ("dpmpp-2m", {"final_sigmas_type": "sigma_min"}, 5, {}),
    ("dpmpp-2m", {"final_sigmas_type": "sigma_min"}, 16, {}),
    ("dpmpp-2m", {"solver_type": "heun"}, 6, {}),
    ("dpmpp-2m", COSINE | {"lambda_min_clipped": -5.1}, 6, {}),
    ("dpmpp-2m", TRAILING | V | ZERO, 5, {}),
    ("dpmpp-2m-karras", {}, 5, {}),
    ("dpmpp-2m-karras", {}, 20, {}),
    ("dpmpp-2m-karras", {}, 1, {}),
    ("dpmpp-2m-karras", LEADING | V, 8, {}),
    ("lcm", {}, 4, {}),
    ("lcm", {}, 1, {}),
    ("lcm", {}, 8, {"strength": 0.6}),
    ("lcm", V | {"set_alpha_to_one": False}, 3, {}),
    ("lcm", {"clip_sample": True, "original_inference_steps": 25}, 3, {}),
]


def walk(name: str, config: dict, steps: int, options: dict):
    config = BETAS | config
    karras = {"use_karras_sigmas": True} if name == "dpmpp-2m-karras" else {}
    scheduler = CLASSES[name](**config, **karras)
    strength = {"strength": options["strength"]} if "strength" in options else {}
    scheduler.set_timesteps(steps, **strength)
    x = torch.ones(1, 1, 1, 1) * scheduler.init_noise_sigma
    initial = float(scheduler.init_noise_sigma)
    extra = {"eta": options["eta"]} if "eta" in options else {}
    states = []
    for t in scheduler.timesteps:
        model_input = scheduler.scale_model_input(x, t)
        output = 0.3 * model_input + 0.2 * math.sin(float(t) / 100)
        x = scheduler.step(output, t, x, return_dict=False, **extra)[0]
        states.append(float(x))
    return {
        "name": name,
        "config": config,
        "steps": steps,
        "options": options,
        "initial": initial,
        "timesteps": rounded(scheduler.timesteps),
        "states": rounded(states),
    }


write_golden("schedulers", "make_scheduler_golden.py", ["diffusers", "torch", "scipy"], 1e-5, [walk(*run) for run in RUNS])
