"""The steps of a run: a teacher gives losses, and the poolers follow them; the same for however many devices."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Protocol

import torch
from torch import nn

from ..average import Average
from ..training_run import TrainingRun, cosine, set_rate
from .frozen_decoder import Frozen
from .picture_views import PictureViews, Views, stream
from .pooler import PhotographPooler
from .processes import Processes
from .settings import Settings

# The paper's rate falls from 3e-4 to 3e-6.
FLOOR = 0.01
LONGEST_GRADIENT = 1.0


@dataclass(frozen=True)
class Pace:
    """How a run is carried out; none of it changes its numbers but for the order in which they are summed."""

    micro_batch: int
    workers: int = 0
    save_seconds: float = 600.0
    log_steps: int = 20
    look_steps: int = 1000
    """Steps between looks at the held-out pictures."""


class Teacher(Protocol):
    """What is learned from which pictures. All of it follows from the step alone, so that a resumed run goes on as it would have."""

    def prepare(self, step: int, poolers: nn.ModuleDict) -> None:
        """Is asked before each step, in every process."""

    def numbers(self, step: int) -> Sequence[int]:
        """Numbers in the run's order of the pictures that the step's batch shows; they may be asked for ahead."""

    def losses(self, poolers: nn.ModuleDict, views: Views, numbers: Sequence[int], step: int) -> Iterator[torch.Tensor]:
        """The loss of each pooler for a few of those pictures, a pooler at a time so that one graph is in memory."""

    def told(self, step: int) -> dict[str, float]:
        """What the log says beside the loss."""


def make_poolers(settings: Settings, frozen: Frozen, allowed: list[int]) -> nn.ModuleDict:
    """A pooler for each length, with first weights by the settings' seed; a search begins with poolers that hold no word likelier than silence."""
    torch.manual_seed(settings.seed)
    poolers = nn.ModuleDict({str(n): PhotographPooler(n, frozen.backbone.width, settings.width, settings.blocks, allowed) for n in settings.tokens})
    if settings.method == "search":
        for pooler in poolers.values():
            nn.init.zeros_(pooler.head.weight)
    return poolers


@dataclass(frozen=True)
class Shares:
    """The numbers of this process's pictures from step `first` on, a few at a time: each step's batch is shared out among processes in turn."""

    teacher: Teacher
    settings: Settings
    pace: Pace
    processes: Processes
    first: int

    def __iter__(self) -> Iterator[Sequence[int]]:
        few, rank = self.pace.micro_batch, self.processes.rank
        for step in range(self.first, self.settings.steps):
            numbers = self.teacher.numbers(step)
            for start in range(rank * few, self.settings.batch, few * self.processes.world):
                yield numbers[start : start + few]


def train(
    settings: Settings,
    pace: Pace,
    teacher: Teacher,
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
    shares = Shares(teacher, settings, pace, processes, first)
    shown = zip(shares, stream(pictures, shares, pace.workers))
    for step in run.steps(first, settings.steps):
        teacher.prepare(step, poolers)
        set_rate(optimizer, cosine(step, settings.steps, settings.warm_up, settings.rate, FLOOR))
        optimizer.zero_grad(set_to_none=True)
        tally = torch.zeros(2, device=processes.device)
        for _ in range(parts):
            mine, views = next(shown)
            for loss in teacher.losses(poolers, views.to(processes.device), mine, step):
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
            run.log(step, loss=tally[0] / processes.world, gradient=length, broken=tally[1], **teacher.told(step))
        if processes.is_first and (step + 1) % pace.look_steps == 0 and not is_last:
            print(f"held out {step} " + " ".join(f"{name}={value:.4f}" for name, value in look(average.module, step).items()), flush=True)
    processes.wait()
    return average.module
