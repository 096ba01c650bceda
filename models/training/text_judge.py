"""The frozen decoder as the judge of texts: how well it predicts the noise of a picture when it is told a text.

A look is one noise at one level. All texts of one picture are judged at the same looks, so their losses are compared in
pairs, and most of the noise cancels. The loss is the plain mean over all cells: nothing says where objects are.
"""

import copy
from contextlib import nullcontext

import torch

from .discrete import row_states
from .half_training import fast_kernels
from .noise_schedule import TIMESTEPS, add_noise
from .sampling import Decoder

# Texts with a noise each that run together; larger batches are not faster on a core.
BATCH = 96


class TextJudge:
    """Judges texts of rows of `allowed` ids; `work_dtype` is what the denoiser computes in. Counts its `evaluations`."""

    def __init__(self, decoder: Decoder, allowed: torch.Tensor, work_dtype: torch.dtype = torch.float32):
        self.decoder, self.allowed, self.dtype = decoder, allowed, work_dtype
        self.unet = copy.deepcopy(decoder.unet).to(work_dtype)
        self.evaluations = 0

    @torch.no_grad()
    def losses(self, latents: torch.Tensor, pictures: torch.Tensor, rows: torch.Tensor, levels: tuple[float, ...]) -> torch.Tensor:
        """Loss of each text at each of fresh looks, float32 [texts, looks].

        `latents` [n, 4, 16, 16] are the pictures', `pictures` [texts] says whose each text is, `rows` [texts, words] are rows
        of `allowed` with -1 for an empty place, `levels` are the looks' noise levels in 0..1.
        """
        states = self._states(rows)
        found = torch.empty(len(rows), len(levels))
        for look, level in enumerate(levels):
            timesteps = torch.full((len(latents),), int(level * TIMESTEPS))
            noised, velocity = add_noise(latents, torch.randn_like(latents), timesteps)
            for start in range(0, len(rows), BATCH):
                part = slice(start, start + BATCH)
                whose = pictures[part]
                found[part, look] = self._errors(noised[whose], velocity[whose], timesteps[whose], states[part])
        self.evaluations += found.numel()
        return found

    def _states(self, rows: torch.Tensor) -> torch.Tensor:
        return torch.cat([row_states(self.decoder, rows[start : start + BATCH], self.allowed) for start in range(0, len(rows), BATCH)])

    def _errors(self, noised: torch.Tensor, velocity: torch.Tensor, timesteps: torch.Tensor, states: torch.Tensor) -> torch.Tensor:
        half = self.dtype != torch.float32
        with fast_kernels() if half else nullcontext():
            sample = noised.to(self.dtype).contiguous(memory_format=torch.channels_last)
            predicted = self.unet(sample, timesteps, states.to(self.dtype)).sample
        return (predicted.float() - velocity).square().mean((1, 2, 3))
