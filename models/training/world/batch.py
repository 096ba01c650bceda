"""Scenes as tensors for training."""

import numpy as np
import torch

from .render import render
from .scene import Scene
from .split import scene_of


def scenes(split: str, first: int, count: int, two_objects: float = 0.2) -> list[Scene]:
    """Scenes number `first` to `first + count - 1` of a split; `two_objects` is the share with a second object."""
    return [scene_of(split, seed, two_objects) for seed in range(first, first + count)]


def pixels(batch: list[Scene], size: int = 64) -> torch.Tensor:
    """Rendered scenes as float32 [batch, 3, size, size] in -1..1."""
    stack = np.stack([render(scene, size) for scene in batch])
    return to_tensor(stack)


def on_device(values: np.ndarray) -> torch.Tensor:
    """The array as a tensor on the device that the preset chose."""
    return torch.from_numpy(values).to(torch.get_default_device())


def to_tensor(stack: np.ndarray) -> torch.Tensor:
    """uint8 [batch, h, w, 3] to float32 [batch, 3, h, w] in -1..1."""
    return on_device(stack).permute(0, 3, 1, 2).float() / 127.5 - 1.0


def to_images(tensor: torch.Tensor) -> np.ndarray:
    """float [batch, 3, h, w] in -1..1 to uint8 [batch, h, w, 3]."""
    scaled = (tensor.detach().float().clamp(-1, 1) + 1.0) * 127.5
    return scaled.round().byte().permute(0, 2, 3, 1).contiguous().cpu().numpy()


def object_weights(batch: list[Scene], size: int, weight: float) -> torch.Tensor:
    """float32 [batch, 1, size, size]: `weight` inside the objects' boxes and 1 elsewhere."""
    result = torch.ones(len(batch), 1, size, size, device="cpu")
    for row, scene in enumerate(batch):
        for placed in scene.objects:
            x0, x1, y0, y1 = (
                int(round(min(max(edge, 0.0), 1.0) * size))
                for centre in (placed.centre_x, placed.centre_y)
                for edge in (centre - placed.side / 2, centre + placed.side / 2)
            )
            result[row, :, y0:y1, x0:x1] = weight
    return result.to(torch.get_default_device())
