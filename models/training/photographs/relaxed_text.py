"""A frozen CLIP text encoder read from embeddings instead of ids, which is where soft words enter it."""

from dataclasses import dataclass

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint
from transformers import CLIPTextModelWithProjection

LONGEST = 77


@dataclass(frozen=True)
class TextStates:
    """What a text encoder makes of a text: states after the last layer and its norm, before the last layer, and one vector where it has one."""

    last: torch.Tensor
    before_last: torch.Tensor
    vector: torch.Tensor | None


def read_embeddings(encoder: nn.Module, embeddings: torch.Tensor, end: int, saves_memory: bool) -> TextStates:
    """States [batch, n, d] of token embeddings [batch, n, d]; `end` is the place of the first end token, where the vector is read.

    As transformers' CLIPTextModel computes them from ids (test_relaxed_text.py holds both together).
    """
    projects = isinstance(encoder, CLIPTextModelWithProjection)
    inner = encoder.text_model if projects else encoder
    hidden = inner.embeddings(inputs_embeds=embeddings)
    batch, length, _ = hidden.shape
    mask = torch.full((length, length), torch.finfo(hidden.dtype).min, dtype=hidden.dtype, device=hidden.device).triu(1)
    mask = mask[None, None].expand(batch, 1, -1, -1)
    before_last = hidden
    for layer in inner.encoder.layers:
        before_last = hidden

        def run(states: torch.Tensor, layer: nn.Module = layer) -> torch.Tensor:
            return layer(states, mask, is_causal=False)

        again = saves_memory and torch.is_grad_enabled()
        hidden = checkpoint(run, hidden, use_reentrant=False) if again else run(hidden)
    last = inner.final_layer_norm(hidden)
    return TextStates(last, before_last, encoder.text_projection(last[:, end]) if projects else None)


def embeddings_of(table: torch.Tensor, middle: torch.Tensor, start: int, end: int, pad: int) -> torch.Tensor:
    """Token embeddings [batch, 77, d] of a text whose own are `middle` [batch, words, d]: start, words, end, and padding up to the length."""
    batch, words, _ = middle.shape
    ends = torch.tensor([end] + [pad] * (LONGEST - words - 2), device=table.device)
    first = table[start].expand(batch, 1, -1)
    return torch.cat([first, middle, table[ends].expand(batch, -1, -1)], 1)
