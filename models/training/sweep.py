"""One judged sweep: place by place, rival words are tried in a text, and one takes the place when the judge sees its gain again.

Rivals meet the text's own word at shared first looks; the best of them meet it once more at fresh ones, which alone
decide, because the best of several is flattered by the noise that chose it. What a fact gains must also pay for how
unlikely the reader holds it: facts that the decoder hardly draws would else be decided by noise.
"""

from dataclasses import dataclass

import torch

from .text_judge import TextJudge


@dataclass(frozen=True)
class SweepSettings:
    """How wide and how trusting a sweep is."""

    # At most so many rivals a place, each at least so likely.
    rivals: int = 4
    least_odds: float = 0.004
    first_levels: tuple[float, ...] = (0.55, 0.8)
    finalists: int = 2
    last_levels: tuple[float, ...] = (0.45, 0.6, 0.75, 0.9)
    # Loss that a word must gain for each nat that the reader holds it less likely.
    price: float = 0.002
    # A gain seen at so many looks counts half: what was seen seldom is believed little.
    doubt_looks: float = 3.0


@dataclass
class Swept:
    """What a sweep found: texts as rows [n, places], and for each place the words tried [n, places, 1 + rivals]
    (own word first, -1 for none) with the mean gain of each over the own word."""

    rows: torch.Tensor
    words: torch.Tensor
    gains: torch.Tensor


def likely_rivals(logits: torch.Tensor, rows: torch.Tensor, settings: SweepSettings) -> torch.Tensor:
    """For each place its own word and the likeliest others, [n, places, 1 + rivals], -1 where none is likely enough."""
    odds = logits.softmax(-1).scatter(-1, rows[..., None], -1.0)
    best = odds.topk(settings.rivals, -1)
    return torch.cat([rows[..., None], best.indices.masked_fill(best.values < settings.least_odds, -1)], -1)


def sweep(judge: TextJudge, latents: torch.Tensor, logits: torch.Tensor, words: torch.Tensor, settings: SweepSettings = SweepSettings()) -> Swept:
    """Sweeps texts of pictures together. `logits` [n, places, all words] are the reader's, `words` what is tried at each place, own word first."""
    rows = words[..., 0].clone()
    log_odds = logits.log_softmax(-1)
    gains = torch.zeros(words.shape)
    for place in range(words.shape[1]):
        tried = words[:, place]
        if (tried[:, 1:] >= 0).any():
            price = settings.price * (log_odds[:, place].gather(1, tried[:, :1].clamp(min=0)) - log_odds[:, place].gather(1, tried.clamp(min=0)))
            gains[:, place], rows[:, place] = _decide(judge, latents, rows, place, tried, price, settings)
    return Swept(rows, words, gains)


def _decide(
    judge: TextJudge, latents: torch.Tensor, rows: torch.Tensor, place: int, tried: torch.Tensor, price: torch.Tensor, settings: SweepSettings
) -> tuple[torch.Tensor, torch.Tensor]:
    """Doubted mean gains [n, 1 + rivals] and the words that stay [n]."""
    first = _gains(judge, latents, rows, place, tried, settings.first_levels)
    rivals = (first.mean(-1) - price).masked_fill(tried < 0, -torch.inf)[:, 1:]
    best = rivals.topk(min(settings.finalists, rivals.shape[1]), 1).indices + 1
    finalists = torch.cat([tried[:, :1], tried.gather(1, best)], 1)
    # A rival that was already far behind does not come back.
    finalists[:, 1:] = finalists[:, 1:].masked_fill(rivals.gather(1, best - 1) < -4 * settings.price, -1)
    last = _gains(judge, latents, rows, place, finalists, settings.last_levels)
    # One look alone says nothing of its own error.
    error = last.std(-1, unbiased=len(settings.last_levels) > 1) / len(settings.last_levels) ** 0.5
    net = (last.mean(-1) - error - torch.cat([price[:, :1], price.gather(1, best)], 1)).masked_fill(finalists < 0, -torch.inf)
    net[:, 0] = 0
    looks = torch.full(tried.shape, float(len(settings.first_levels)))
    total = first.sum(-1)
    again = (finalists[:, 1:] >= 0).float()
    looks.scatter_add_(1, best, again * len(settings.last_levels))
    total.scatter_add_(1, best, again * last[:, 1:].sum(-1))
    return total / (looks + settings.doubt_looks), finalists.gather(1, net.argmax(1, keepdim=True))[:, 0]


def _gains(judge: TextJudge, latents: torch.Tensor, rows: torch.Tensor, place: int, tried: torch.Tensor, levels: tuple[float, ...]) -> torch.Tensor:
    """How much lower each word's loss is than the first's at each look, [n, words, looks]; 0 where there is no word."""
    asked = tried >= 0
    asked[:, 0] = asked[:, 1:].any(1)
    pictures, columns = asked.nonzero(as_tuple=True)
    losses = torch.zeros(*tried.shape, len(levels))
    if len(pictures):
        texts = rows[pictures].clone()
        texts[:, place] = tried[pictures, columns]
        losses[pictures, columns] = judge.losses(latents, pictures, texts, levels)
    return ((losses[:, :1] - losses) * asked[..., None])
