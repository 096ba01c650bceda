"""The frozen decoder's diffusion loss as the encoder's teacher, and the pictures it is asked about."""

from dataclasses import dataclass

import torch

from .networks import PatchEncoder
from .noise_schedule import add_noise
from .sampling import Decoder
from .text_judge import TextJudge
from .world.batch import pixels, scenes
from .world.scene import Scene


@dataclass
class Lessons:
    """Pictures as the frozen parts see them: backbone features [n, 64, d] and latents [n, 4, 16, 16]."""

    scenes: list[Scene]
    features: torch.Tensor
    latents: torch.Tensor

    def pick(self, rows: torch.Tensor) -> "Lessons":
        """Some of the pictures."""
        return Lessons([self.scenes[row] for row in rows.tolist()], self.features[rows], self.latents[rows])

    def and_then(self, more: "Lessons") -> "Lessons":
        """These pictures and more."""
        return Lessons(self.scenes + more.scenes, torch.cat([self.features, more.features]), torch.cat([self.latents, more.latents]))


@torch.no_grad()
def make_lessons(backbone: PatchEncoder, decoder: Decoder, split: str, first: int, count: int, two_objects: float = 0.2) -> Lessons:
    """Renders and encodes `count` scenes of a split; no caption, box or fact leaves this function."""
    batch = scenes(split, first, count, two_objects)
    features, latents = [], []
    for start in range(0, count, 128):
        images = pixels(batch[start : start + 128])
        features.append(backbone(images))
        latents.append(decoder.latents(images))
    return Lessons(batch, torch.cat(features), torch.cat(latents))


def draw_noise(latents: torch.Tensor, low: float = 0.45, high: float = 0.85) -> tuple[torch.Tensor, torch.Tensor]:
    """One noise and one timestep per picture; objects are decided at t ≈ .6 to .8."""
    timesteps = (torch.empty(len(latents)).uniform_(low, high) * 1000).long()
    return torch.randn_like(latents), timesteps


def diffusion_errors(decoder: Decoder, lessons: Lessons, states: torch.Tensor, noise: torch.Tensor, timesteps: torch.Tensor) -> torch.Tensor:
    """Mean v-prediction error of each picture given its text's states, [batch]; every cell counts alike."""
    noised, velocity = add_noise(lessons.latents, noise, timesteps)
    return (decoder.unet(noised, timesteps, states).sample - velocity).square().mean((1, 2, 3))


def text_loss(judge: TextJudge, lessons: Lessons, rows: torch.Tensor) -> float:
    """The judge's mean loss of one text a picture, rows [n, words], at looks that are always the same; not counted as the search's."""
    asked = judge.evaluations
    with torch.random.fork_rng():
        torch.manual_seed(5)
        losses = judge.losses(lessons.latents, torch.arange(len(rows)), rows, (0.5, 0.6, 0.7, 0.8, 0.9))
    judge.evaluations = asked
    return float(losses.mean())
