"""The noise schedule of Stable Diffusion 1.x and 2.x with v-prediction, so that every stock scheduler runs the pack."""

from functools import cache

import torch
from diffusers import DDIMScheduler

TIMESTEPS = 1000


def scheduler_config() -> dict:
    """scheduler_config.json of the pack."""
    return {
        "_class_name": "DDIMScheduler",
        "_diffusers_version": "0.42.1",
        "beta_start": 0.00085,
        "beta_end": 0.012,
        "beta_schedule": "scaled_linear",
        "clip_sample": False,
        "num_train_timesteps": TIMESTEPS,
        "prediction_type": "v_prediction",
        "set_alpha_to_one": False,
        "steps_offset": 1,
        "timestep_spacing": "leading",
    }


@cache
def alphas_cumprod() -> torch.Tensor:
    """float32 [1000]: the share of signal variance left at each timestep."""
    return DDIMScheduler.from_config(scheduler_config()).alphas_cumprod.to(torch.get_default_device())


def draw_timesteps(count: int) -> torch.Tensor:
    """int64 [count]: mostly the middle, where objects are decided (logit-normal), a fifth uniform."""
    middle = torch.sigmoid(torch.randn(count) * 1.0 + 0.0)
    uniform = torch.rand(count)
    share = torch.where(torch.rand(count) < 0.2, uniform, middle)
    return (share * TIMESTEPS).long().clamp(0, TIMESTEPS - 1)


def add_noise(latents: torch.Tensor, noise: torch.Tensor, timesteps: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Noised latents and the velocity the network should predict (v = √ᾱ·noise − √(1−ᾱ)·latents)."""
    share = alphas_cumprod()[timesteps][:, None, None, None]
    alpha, sigma = share.sqrt(), (1 - share).sqrt()
    return alpha * latents + sigma * noise, alpha * noise - sigma * latents
