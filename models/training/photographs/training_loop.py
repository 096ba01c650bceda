"""The paper's training: the frozen decoder's loss alone moves the poolers, through a relaxation of their words."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import torch
from torch import nn

from ..average import Average
from ..discrete import choose
from ..training_run import TrainingRun, cosine, set_rate
from .backbone import Backbone
from .frozen_decoder import FrozenDecoder
from .picture_views import PictureViews, Views, stream
from .pooler import PhotographPooler
from .processes import Processes
from .settings import Settings, temperature_at

# The paper's rate falls from 3e-4 to 3e-6.
FLOOR = 0.01
LONGEST_GRADIENT = 1.0


@dataclass(frozen=True)
class Frozen:
    """What is never trained, and the side of the pictures its loss is asked about."""

    backbone: Backbone
    decoder: FrozenDecoder
    side: int


@dataclass(frozen=True)
class Pace:
    """How a run is carried out; none of it changes its numbers but for the order in which they are summed."""

    micro_batch: int
    workers: int = 0
    save_seconds: float = 600.0
    log_steps: int = 20
    look_steps: int = 1000
    """Steps between looks at the held-out pictures."""


@dataclass(frozen=True)
class Chance:
    """What is drawn for each picture, by its number alone: a noise level, noise, and the words' Gumbel noise."""

    timesteps: torch.Tensor
    noise: torch.Tensor
    gumbel: dict[int, torch.Tensor]


def make_poolers(settings: Settings, frozen: Frozen, allowed: list[int]) -> nn.ModuleDict:
    """A pooler for each length, with first weights by the settings' seed."""
    torch.manual_seed(settings.seed)
    return nn.ModuleDict({str(n): PhotographPooler(n, frozen.backbone.width, settings.width, settings.blocks, allowed) for n in settings.tokens})


def draw_chance(settings: Settings, numbers: range, latents: torch.Tensor, poolers: nn.ModuleDict, timesteps: int) -> Chance:
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


def micro_losses(settings: Settings, frozen: Frozen, poolers: nn.ModuleDict, views: Views, numbers: range, temperature: float) -> Iterator[torch.Tensor]:
    """The mean diffusion loss of a few pictures given each pooler's soft text, a pooler at a time so that one graph is in memory."""
    with torch.no_grad():
        features = frozen.backbone(views.seen.to(next(frozen.backbone.parameters()).dtype)).float()
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


@dataclass(frozen=True)
class Numbers:
    """The numbers of this process's pictures from step `first` on, a few at a time: each step's batch is shared out among processes in turn."""

    settings: Settings
    pace: Pace
    processes: Processes
    first: int

    def __iter__(self) -> Iterator[range]:
        few, batch = self.pace.micro_batch, self.settings.batch
        for start in range(self.first * batch, self.settings.steps * batch, few * self.processes.world):
            begin = start + self.processes.rank * few
            yield range(begin, begin + few)


def train(
    settings: Settings,
    pace: Pace,
    frozen: Frozen,
    poolers: nn.ModuleDict,
    pictures: PictureViews,
    run_folder: Path,
    processes: Processes,
    look: Callable[[nn.Module, int], dict[str, float]],
) -> nn.ModuleDict:
    """Trains the poolers from the run's last checkpoint, if it has one, to the last step; gives their smoothed copies.

    The settings' batch must be a multiple of the pace's micro-batch times the processes. `look` is asked now and then for figures of held-out pictures.
    """
    optimizer = torch.optim.AdamW(poolers.parameters(), lr=settings.rate, betas=(0.9, 0.999), weight_decay=0.0)
    average = Average(poolers, settings.average)
    run = TrainingRun(run_folder, "pooler", settings.seed, pace.save_seconds, processes.is_first)
    first = run.resume(poolers=poolers, average=average, optimizer=optimizer)
    parts = settings.batch // (pace.micro_batch * processes.world)
    numbers = Numbers(settings, pace, processes, first)
    shown = zip(numbers, stream(pictures, numbers, pace.workers))
    for step in run.steps(first, settings.steps):
        set_rate(optimizer, cosine(step, settings.steps, settings.warm_up, settings.rate, FLOOR))
        optimizer.zero_grad(set_to_none=True)
        tally = torch.zeros(2, device=processes.device)
        for _ in range(parts):
            mine, views = next(shown)
            for loss in micro_losses(settings, frozen, poolers, views.to(processes.device), mine, temperature_at(settings, step)):
                (loss / parts).backward()
                tally[0] += loss.detach() / (parts * len(poolers))
            tally[1] += views.broken
        processes.average_gradients(poolers.parameters())
        length = nn.utils.clip_grad_norm_(poolers.parameters(), LONGEST_GRADIENT)
        optimizer.step()
        average.update(poolers)
        tally = processes.total(tally)
        is_last = step == settings.steps - 1
        if processes.is_first and (step % pace.log_steps == 0 or is_last):
            run.log(step, loss=tally[0] / processes.world, temperature=temperature_at(settings, step), gradient=length, broken=tally[1])
        if processes.is_first and (step + 1) % pace.look_steps == 0 and not is_last:
            print(f"held out {step} " + " ".join(f"{name}={value:.4f}" for name, value in look(average.module, step).items()), flush=True)
    processes.wait()
    return average.module

