"""A pupil that learns from few judgements: every patch votes for the words of every place, and the loudest patches decide."""

import math

import torch
from torch import nn

from .tokenizer import allowed_ids


class PatchWords(nn.Module):
    """One linear layer over patches and a log-sum-exp over the picture; it answers as a `Pooler` does.

    From the same judgements it named objects better than an attentional pooler's queries or a perceptron: it has no
    attention to find first. What it learned is then told to a pooler, at no cost of judgements.
    """

    def __init__(self, length: int, width: int):
        super().__init__()
        self.length = length
        self.norm = nn.LayerNorm(width, elementwise_affine=False)
        self.votes = nn.Linear(width, length * len(allowed_ids()))
        nn.init.normal_(self.votes.weight, std=0.01)
        nn.init.zeros_(self.votes.bias)
        self.register_buffer("allowed", torch.tensor(allowed_ids()))

    def forward(self, image_features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Features [batch, 64, width] to logits over allowed words [batch, length, words] and each place's share of patches [batch, length, 64]."""
        votes = self.votes(self.norm(image_features)).unflatten(-1, (self.length, -1))
        logits = votes.logsumexp(1) - math.log(votes.shape[1])
        return logits, votes.amax(-1).softmax(1).transpose(1, 2)
