"""Walks diffusers' schedulers over a toy model of one number and records every state: test/golden/schedulers.json.

State: x = init_noise_sigma at the start. Model: 0.3 · input + 0.2 · sin(t / 100). Every noise drawn is 0.5.

python tooling/golden/make_scheduler_golden.py
"""

import math
import sys
from types import ModuleType

import diffusers.schedulers.scheduling_ddim as ddim
import diffusers.schedulers.scheduling_euler_ancestral_discrete as euler_ancestral
import diffusers.schedulers.scheduling_dpmsolver_multistep as multistep
import diffusers.schedulers.scheduling_flow_match_euler_discrete as flow_match
import diffusers.schedulers.scheduling_lcm as lcm
import diffusers.schedulers.scheduling_tcd as tcd
import numpy as np
import torch
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    FlowMatchEulerDiscreteScheduler,
    HeunDiscreteScheduler,
    LCMScheduler,
    PNDMScheduler,
    TCDScheduler,
    UniPCMultistepScheduler,
)
from write_golden import rounded, write_golden

# Asked for its tree of Brownian motion alone, whose place the one below takes.
sys.modules.setdefault("torchsde", ModuleType("torchsde"))
import diffusers.schedulers.scheduling_dpmsolver_sde as dpmsolver_sde  # noqa: E402

for module in (ddim, euler_ancestral, flow_match, lcm, multistep, tcd):
    module.randn_tensor = lambda shape, *arguments, **options: torch.full(tuple(shape), 0.5)


class BrownianMotion:
    """Motion whose every new piece is 0.5 times the root of its length: from a level to the middle, and from there on."""

    def __init__(self, *arguments):
        self.began = None

    def __call__(self, start, end):
        goes_on = self.began == float(start)
        motion = 0.5 * (self.middle - end).abs().sqrt() + self.moved if goes_on else 0.5 * (start - end).abs().sqrt()
        self.began, self.middle, self.moved = float(start), end, motion
        return motion / (start - end).abs().sqrt()


dpmsolver_sde.BrownianTreeNoiseSampler = BrownianMotion

SDE = {"algorithm_type": "sde-dpmsolver++"}
CLASSES = {
    "ddim": (DDIMScheduler, {}),
    "pndm": (PNDMScheduler, {}),
    "euler": (EulerDiscreteScheduler, {}),
    "euler-ancestral": (EulerAncestralDiscreteScheduler, {}),
    "heun": (HeunDiscreteScheduler, {}),
    "dpmpp-2m": (DPMSolverMultistepScheduler, {}),
    "dpmpp-2m-sde": (DPMSolverMultistepScheduler, SDE),
    "dpmpp-sde": (dpmsolver_sde.DPMSolverSDEScheduler, {}),
    "unipc": (UniPCMultistepScheduler, {}),
    "lcm": (LCMScheduler, {}),
    "tcd": (TCDScheduler, {}),
    "flow-match-euler": (FlowMatchEulerDiscreteScheduler, {}),
}
SHAPES = {f"-{shape}": {f"use_{shape}_sigmas": True} for shape in ("karras", "exponential", "beta")}
BETAS = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear")
LEADING = dict(timestep_spacing="leading", steps_offset=1)
STABLE = dict(**LEADING, set_alpha_to_one=False, clip_sample=False)
TRAILING = dict(timestep_spacing="trailing")
V = dict(prediction_type="v_prediction")
ZERO = dict(rescale_betas_zero_snr=True)
SAMPLE = dict(prediction_type="sample")
COSINE = dict(beta_schedule="squaredcos_cap_v2")
DYNAMIC = dict(use_dynamic_shifting=True)

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
    ("euler-karras", LEADING, 5, {}),
    ("euler-karras", {"sigma_min": 0.05, "sigma_max": 10.0}, 6, {}),
    ("euler-exponential", {}, 5, {}),
    ("euler-beta", {}, 5, {}),
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
    ("dpmpp-2m-karras", COSINE, 7, {}),
    ("dpmpp-2m-exponential", {}, 9, {}),
    ("dpmpp-2m-beta", TRAILING | V, 16, {}),
    ("dpmpp-2m-sde", {}, 5, {}),
    ("dpmpp-2m-sde", {"final_sigmas_type": "sigma_min"}, 16, {}),
    ("dpmpp-2m-sde", {"solver_type": "heun"}, 16, {}),
    ("dpmpp-2m-sde", TRAILING | V | ZERO, 5, {}),
    ("dpmpp-2m-sde-karras", {}, 5, {}),
    ("dpmpp-2m-sde-karras", LEADING | V, 20, {}),
    ("dpmpp-2m-sde-exponential", {}, 8, {}),
    ("dpmpp-2m-sde-beta", {}, 8, {}),
    ("dpmpp-sde", {}, 5, {}),
    ("dpmpp-sde", {}, 1, {}),
    ("dpmpp-sde", LEADING | V, 8, {}),
    ("dpmpp-sde-karras", TRAILING, 10, {}),
    ("dpmpp-sde-exponential", {}, 6, {}),
    ("dpmpp-sde-beta", {}, 6, {}),
    ("heun", {}, 5, {}),
    ("heun", {}, 1, {}),
    ("heun", LEADING | V, 8, {}),
    ("heun", SAMPLE | {"clip_sample": True, "clip_sample_range": 0.4}, 6, {}),
    ("heun-karras", TRAILING, 10, {}),
    ("heun-exponential", {}, 6, {}),
    ("heun-beta", LEADING, 6, {}),
    ("pndm", LEADING | {"skip_prk_steps": True}, 5, {}),
    ("pndm", LEADING | {"skip_prk_steps": True}, 1, {}),
    ("pndm", LEADING | {"skip_prk_steps": True}, 2, {}),
    ("pndm", LEADING | V | {"skip_prk_steps": True}, 20, {}),
    ("pndm", TRAILING | {"skip_prk_steps": True, "set_alpha_to_one": True}, 7, {}),
    ("pndm", {"timestep_spacing": "linspace", "skip_prk_steps": True}, 6, {}),
    ("pndm", LEADING, 5, {}),
    ("pndm", LEADING | V, 12, {}),
    ("unipc", {}, 5, {}),
    ("unipc", {}, 20, {}),
    ("unipc", {}, 1, {}),
    ("unipc", LEADING | V, 8, {}),
    ("unipc", TRAILING | SAMPLE, 6, {}),
    ("unipc", TRAILING | V | ZERO, 5, {}),
    ("unipc", {"solver_order": 3}, 6, {}),
    ("unipc", {"solver_order": 3, "lower_order_final": False, "final_sigmas_type": "sigma_min"}, 16, {}),
    ("unipc", {"solver_order": 1}, 6, {}),
    ("unipc", {"solver_type": "bh1", "final_sigmas_type": "sigma_min"}, 5, {}),
    ("unipc", {"disable_corrector": [0, 1]}, 6, {}),
    ("unipc-karras", {}, 5, {}),
    ("unipc-karras", {"sigma_min": 0.05, "sigma_max": 12.0, "final_sigmas_type": "sigma_min"}, 8, {}),
    ("unipc-exponential", {}, 8, {}),
    ("unipc-beta", {}, 8, {}),
    ("lcm", {}, 4, {}),
    ("lcm", {}, 1, {}),
    ("lcm", {}, 8, {"strength": 0.6}),
    ("lcm", V | {"set_alpha_to_one": False}, 3, {}),
    ("lcm", {"clip_sample": True, "original_inference_steps": 25}, 3, {}),
    ("tcd", {}, 4, {"eta": 0.3}),
    ("tcd", {}, 4, {}),
    ("tcd", {}, 4, {"eta": 0.0}),
    ("tcd", V, 8, {"eta": 1.0, "strength": 0.6}),
    ("tcd", SAMPLE, 1, {"eta": 0.5}),
    ("flow-match-euler", {"shift": 3.0}, 4, {}),
    ("flow-match-euler", {"shift": 3.0}, 28, {}),
    ("flow-match-euler", {}, 1, {}),
    ("flow-match-euler", {}, 4, {"patches": 256, "even": True}),
    ("flow-match-euler", DYNAMIC, 4, {"patches": 4096, "even": True}),
    ("flow-match-euler", DYNAMIC, 20, {"patches": 1024, "even": True}),
    ("flow-match-euler", DYNAMIC | {"shift": 3.0}, 6, {"patches": 600, "even": False}),
    ("flow-match-euler", DYNAMIC | {"time_shift_type": "linear", "shift_terminal": 0.02}, 6, {"patches": 600, "even": True}),
    ("flow-match-euler", {"shift": 3.0, "stochastic_sampling": True}, 5, {}),
    ("flow-match-euler", {"shift": 2.0, "use_karras_sigmas": True}, 5, {}),
    ("flow-match-euler", {"shift": 2.0, "use_exponential_sigmas": True}, 5, {}),
    ("flow-match-euler", {"shift": 2.0, "use_beta_sigmas": True}, 5, {}),
]


def patches_shift(scheduler, patches: int) -> float:
    """As the pipelines of SD3 and Flux have it."""
    config = scheduler.config
    slope = (config.max_shift - config.base_shift) / (config.max_image_seq_len - config.base_image_seq_len)
    return patches * slope + config.base_shift - slope * config.base_image_seq_len


def timesteps_asked(scheduler, steps: int, options: dict) -> dict:
    asked = {"strength": options["strength"]} if "strength" in options else {}
    if scheduler.config.get("use_dynamic_shifting"):
        asked["mu"] = patches_shift(scheduler, options["patches"])
    if options.get("even"):
        asked["sigmas"] = np.linspace(1.0, 1 / steps, steps)
    return asked


def walk(name: str, config: dict, steps: int, options: dict):
    suffix = next((suffix for suffix in SHAPES if name.endswith(suffix)), "")
    kind, own = CLASSES[name.removesuffix(suffix)]
    is_flow = kind is FlowMatchEulerDiscreteScheduler
    config = config if is_flow else BETAS | config
    scheduler = kind(**config, **own, **SHAPES.get(suffix, {}))
    scheduler.set_timesteps(steps, **timesteps_asked(scheduler, steps, options))
    # As pipelines do: cut timesteps may occur twice, and looking one up finds the second.
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(0)
    initial = 1.0 if is_flow else float(scheduler.init_noise_sigma)
    x = torch.ones(1, 1, 1, 1) * initial
    extra = {"eta": options["eta"]} if "eta" in options else {}
    states = []
    for t in scheduler.timesteps:
        model_input = x if is_flow else scheduler.scale_model_input(x, t)
        output = 0.3 * model_input + 0.2 * math.sin(float(t) / 100)
        x = scheduler.step(output, t, x, return_dict=False, **extra)[0]
        states.append(float(x))
    return {
        "name": name,
        "config": {"_class_name": kind.__name__, **config},
        "steps": steps,
        "options": options,
        "initial": initial,
        "timesteps": rounded(scheduler.timesteps),
        "sigmas": rounded(getattr(scheduler, "sigmas", [])),
        "states": rounded(states),
    }


write_golden("schedulers", "make_scheduler_golden.py", ["diffusers", "torch", "scipy"], 1e-5, [walk(*run) for run in RUNS])
