"""A small convolutional network that names the objects in a picture; its features also serve the VAE's loss."""

import torch
from torch import nn


class ObjectClassifier(nn.Module):
    """Pixels [batch, 3, 64, 64] in -1..1 to logits [batch, objects], one sigmoid each."""

    def __init__(self, objects: int, width: int = 24):
        super().__init__()
        widths = (width, width * 2, width * 4, width * 6)
        self.stages = nn.ModuleList()
        previous = 3
        for channels in widths:
            self.stages.append(
                nn.Sequential(
                    nn.Conv2d(previous, channels, 3, stride=2, padding=1),
                    nn.GroupNorm(8, channels),
                    nn.SiLU(),
                    nn.Conv2d(channels, channels, 3, padding=1),
                    nn.GroupNorm(8, channels),
                    nn.SiLU(),
                )
            )
            previous = channels
        self.head = nn.Linear(previous, objects)

    def features(self, pixels: torch.Tensor) -> list[torch.Tensor]:
        """The output of each stage, from 32×32 to 4×4."""
        result = []
        for stage in self.stages:
            pixels = stage(pixels)
            result.append(pixels)
        return result

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return self.head(self.features(pixels)[-1].amax(dim=(2, 3)))


def perceptual_distance(classifier: ObjectClassifier, pixels: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Mean absolute difference of channel-normalised features over the first three stages."""
    total = pixels.new_zeros(())
    with torch.no_grad():
        wanted = classifier.features(target)[:3]
    for found, want in zip(classifier.features(pixels)[:3], wanted):
        total = total + (_normalise(found) - _normalise(want)).abs().mean()
    return total


def _normalise(features: torch.Tensor) -> torch.Tensor:
    return features / (features.square().mean(dim=1, keepdim=True) + 1e-4).sqrt()
