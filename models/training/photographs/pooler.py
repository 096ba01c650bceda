"""The part that is trained: learned queries read a frozen backbone's features, and each names a word."""

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from ..networks import AttentionBlock

HEAD_WIDTH = 64


class PhotographPooler(nn.Module):
    """Attentional pooler of the paper's section 3.1: self-attention, cross-attention to the picture and a perceptron in each block.

    Query i is place i of the text, and all places are named at once. With a width of 1,024 and five blocks it has about the paper's 135M parameters.
    The rows of tokens that it may not say are left out of the last layer, which is the same as masking them.
    """

    def __init__(self, length: int, features: int, width: int, blocks: int, allowed: list[int]):
        super().__init__()
        self.length = length
        heads = max(1, width // HEAD_WIDTH)
        self.enter = nn.Sequential(nn.LayerNorm(features), nn.Linear(features, width))
        self.queries_embedding = nn.Parameter(torch.randn(1, length, width) * 0.5)
        self.blocks = nn.ModuleList(AttentionBlock(width, cross=True, heads=heads, widening=4) for _ in range(blocks))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, len(allowed), bias=False)
        self.register_buffer("allowed", torch.tensor(allowed))
        self.saves_memory = False

    def forward(self, image_features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Features [batch, patches, d] to float32 logits over allowed tokens [batch, length, tokens] and attention [batch, length, patches].

        With `saves_memory` a block's inner values are computed again on the way back instead of being kept.
        """
        source = self.enter(image_features)
        # By `shape`, which the exporter follows: the length of a tensor would become the number that it was traced with.
        x = self.queries_embedding.expand(image_features.shape[0], -1, -1)
        attention = None
        for block in self.blocks:
            again = self.saves_memory and torch.is_grad_enabled()
            x, attention = checkpoint(block, x, source, use_reentrant=False) if again else block(x, source)
        return self.head(self.norm(x)).float(), attention


def trainable_numbers(pooler: nn.Module) -> int:
    """How many numbers the optimiser moves."""
    return sum(parameter.numel() for parameter in pooler.parameters())
