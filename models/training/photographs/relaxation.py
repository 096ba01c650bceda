"""The paper's teacher: a relaxation of the poolers' words lets the frozen decoder's gradient through to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import nn

from ..discrete import choose
from .frozen_decoder import Frozen
from .picture_views import Views
from .settings import Settings, temperature_at


@dataclass(frozen=True)
class Chance:
    """What is drawn for each picture, by its number alone: a noise level, noise, and the words' Gumbel noise."""

    timesteps: torch.Tensor
    noise: torch.Tensor
    gumbel: dict[int, torch.Tensor]


class Relaxation:
    """A teacher (`training_loop.py`) that shows a picture once."""

    def __init__(self, settings: Settings, frozen: Frozen):
        self.settings, self.frozen = settings, frozen

    def prepare(self, step: int, poolers: nn.ModuleDict) -> None:
        """Nothing has to be known before a step."""

    def numbers(self, step: int) -> range:
        return range(step * self.settings.batch, (step + 1) * self.settings.batch)

    def losses(self, poolers: nn.ModuleDict, views: Views, numbers: Sequence[int], step: int) -> Iterator[torch.Tensor]:
        return relaxed_losses(self.settings, self.frozen, poolers, views, numbers, temperature_at(self.settings, step))

    def told(self, step: int) -> dict[str, float]:
        return {"temperature": temperature_at(self.settings, step)}


def draw_chance(settings: Settings, numbers: Sequence[int], latents: torch.Tensor, poolers: nn.ModuleDict, timesteps: int) -> Chance:
    """The same for a picture's number whoever asks, so that neither a resumed run nor another number of devices draws others."""
    rows = []
    for number in numbers:
        generator = torch.Generator(latents.device).manual_seed((settings.seed << 40) + number)
        level = settings.noise_low + (settings.noise_high - settings.noise_low) * torch.rand((), generator=generator, device=latents.device)
        noise = torch.randn(latents.shape[1:], generator=generator, device=latents.device)
        words = {}
        for name, pooler in poolers.items():
            uniform = torch.rand((pooler.length, len(pooler.allowed)), generator=generator, device=latents.device)
            words[int(name)] = -(-uniform.clamp(1e-6, 1 - 1e-6).log()).log()
        rows.append((level, noise, words))
    levels = (torch.stack([row[0] for row in rows]) * timesteps).long().clamp(0, timesteps - 1)
    gumbel = {int(name): torch.stack([row[2][int(name)] for row in rows]) for name in poolers}
    return Chance(levels, torch.stack([row[1] for row in rows]), gumbel)


def relaxed_losses(
    settings: Settings, frozen: Frozen, poolers: nn.ModuleDict, views: Views, numbers: Sequence[int], temperature: float
) -> Iterator[torch.Tensor]:
    """The mean diffusion loss of a few pictures given each pooler's soft text, a pooler at a time so that one graph is in memory."""
    features = frozen.features(views.seen)
    latents = frozen.decoder.latents(views.drawn)
    chance = draw_chance(settings, numbers, latents, poolers, frozen.decoder.schedule.config.num_train_timesteps)
    for name, pooler in poolers.items():
        yield text_loss(settings, frozen, pooler, features, latents, chance.gumbel[int(name)], chance.noise, chance.timesteps, temperature)


def text_loss(
    settings: Settings,
    frozen: Frozen,
    pooler: nn.Module,
    features: torch.Tensor,
    latents: torch.Tensor,
    gumbel: torch.Tensor,
    noise: torch.Tensor,
    timesteps: torch.Tensor,
    temperature: float,
) -> torch.Tensor:
    """The mean diffusion loss of pictures (features [n, patches, d] and latents [n, c, h, w]) given the pooler's soft text of them."""
    half = frozen.decoder.unet.dtype == torch.bfloat16
    # Plans are counted on networks without numbers, for which there is no autocast.
    with torch.autocast("cpu" if latents.is_meta else latents.device.type, torch.bfloat16, enabled=half):
        logits, _ = pooler(features)
    choice = choose(logits + gumbel, temperature, settings.form)
    conditions = frozen.decoder.conditions(choice, pooler.allowed, frozen.side)
    return frozen.decoder.errors(latents, noise, timesteps, conditions).mean()
