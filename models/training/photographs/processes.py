"""Several devices as one: torchrun (or accelerate launch) starts a process for each and says which it is."""

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Iterable

import torch
from torch import distributed

# Evaluation and export are the first process's alone; the others wait for it this long.
PATIENCE = timedelta(hours=6)


@dataclass(frozen=True)
class Processes:
    """This process's place among those that train together."""

    rank: int
    world: int
    device: torch.device

    @classmethod
    def join(cls) -> "Processes":
        """Meets the other processes by what their launcher put into the environment; alone where there was none."""
        world, rank, local = (int(os.environ.get(name, default)) for name, default in (("WORLD_SIZE", "1"), ("RANK", "0"), ("LOCAL_RANK", "0")))
        on_gpu = torch.cuda.is_available()
        device = torch.device("cuda", local) if on_gpu else torch.device("cpu")
        if on_gpu:
            torch.cuda.set_device(device)
        if world > 1:
            distributed.init_process_group("nccl" if on_gpu else "gloo", timeout=PATIENCE)
        return cls(rank, world, device)

    @property
    def is_first(self) -> bool:
        return self.rank == 0

    def average_gradients(self, parameters: Iterable[torch.nn.Parameter]) -> None:
        """Every process's gradients become the mean of all, in one exchange a step."""
        if self.world == 1:
            return
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        distributed.all_reduce(flat)
        flat /= self.world
        for gradient, part in zip(gradients, flat.split([gradient.numel() for gradient in gradients])):
            gradient.copy_(part.view_as(gradient))

    def total(self, values: torch.Tensor) -> torch.Tensor:
        """The sum over all processes."""
        if self.world > 1:
            distributed.all_reduce(values)
        return values

    def wait(self) -> None:
        """Until all processes are here."""
        if self.world > 1:
            distributed.barrier()

    def leave(self) -> None:
        """Nothing is exchanged any more."""
        if self.world > 1:
            distributed.destroy_process_group()
