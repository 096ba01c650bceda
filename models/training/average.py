"""Exponential moving average of weights."""

import copy

import torch


class Average(torch.nn.Module):
    """Holds a smoothed copy of a module; evaluation and export use the copy."""

    def __init__(self, module: torch.nn.Module, decay: float):
        super().__init__()
        self.module = copy.deepcopy(module).eval().requires_grad_(False)
        self.decay = decay
        self.register_buffer("updates", torch.zeros((), dtype=torch.long))

    @torch.no_grad()
    def update(self, module: torch.nn.Module) -> None:
        """Moves the copy towards `module`; young averages move faster, so that the start is soon forgotten."""
        self.updates += 1
        count = int(self.updates)
        decay = min(self.decay, (1 + count) / (10 + count))
        smoothed = [value for value in self.module.state_dict().values() if value.is_floating_point()]
        current = [value for value in module.state_dict().values() if value.is_floating_point()]
        torch._foreach_lerp_(smoothed, current, 1 - decay)
