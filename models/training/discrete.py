"""From the pooler's logits to token embeddings that gradients can pass: relaxed and straight-through Gumbel-softmax."""

import torch
from torch.nn import functional

from .networks import text_states
from .sampling import Decoder
from .tokenizer import END, LONGEST, START, vocabulary

FORMS = ("relaxed", "straight-through")
# Texts of up to this many tokens were trained at this padded length.
SHORT_LENGTH = 26


def gumbel_choice(logits: torch.Tensor, temperature: float, noise: float, form: str) -> torch.Tensor:
    """One (soft) one-hot row per query, [batch, length, words].

    `relaxed` returns the softmax itself; `straight-through`, as the paper prints it, returns the exact one-hot with
    the softmax's gradient. `noise` scales the Gumbel noise.
    """
    uniform = torch.rand_like(logits).clamp(1e-6, 1 - 1e-6)
    return choose(logits - noise * (-uniform.log()).log(), temperature, form)


def choose(scores: torch.Tensor, temperature: float, form: str) -> torch.Tensor:
    """One (soft) one-hot row per query from scores that have their noise already, in the forms of `gumbel_choice`."""
    soft = (scores / temperature).softmax(-1)
    if form == "relaxed":
        return soft
    if form != "straight-through":
        raise ValueError(f"unknown form {form!r}; known: {', '.join(FORMS)}")
    hard = functional.one_hot(soft.argmax(-1), soft.shape[-1]).to(soft.dtype)
    return hard + soft - soft.detach()


def padded_length(words: int) -> int:
    """The length at which a text of this many words is read."""
    return SHORT_LENGTH if words + 2 <= SHORT_LENGTH else LONGEST


def choice_states(decoder: Decoder, choice: torch.Tensor, allowed: torch.Tensor) -> torch.Tensor:
    """Text-encoder states of (soft) one-hots: choice × embedding matrix in place of the token embeddings."""
    table = decoder.text_encoder.embeddings.token_embedding.weight
    batch, words, _ = choice.shape
    start = table[vocabulary()[START]].expand(batch, 1, -1)
    end = table[vocabulary()[END]].expand(batch, padded_length(words) - words - 1, -1)
    return text_states(decoder.text_encoder, torch.cat([start, choice @ table[allowed], end], 1))


def row_states(decoder: Decoder, rows: torch.Tensor, allowed: torch.Tensor) -> torch.Tensor:
    """Text-encoder states of exact words; `rows` [batch, length] index `allowed`, and -1 leaves a place out."""
    batch, words = rows.shape
    ids = torch.full((batch, padded_length(words)), vocabulary()[END])
    ids[:, 0] = vocabulary()[START]
    told = rows >= 0
    at = told.cumsum(1)
    ids[told.nonzero(as_tuple=True)[0], at[told]] = allowed[rows[told]]
    return decoder.states(ids)
