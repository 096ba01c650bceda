"""Words for pictures by the decoder's loss alone: a text grows word by word, and each word is one of several that were tried.

What stands at a place is the word that helps most beside the words before it, so a text's first word is its dearest, and
the first five of fifteen are the text of five. Whole texts are never searched: a picture's text is what the pooler is sure
of, up to a place by chance, and grows by a few places from there. What the pooler says and what is tried next follow each
other in this way, and many pictures share one budget.
"""

from dataclasses import dataclass, field

import torch

from ..sweep import SweepSettings, sweep
from .frozen_decoder import Frozen


@dataclass(frozen=True)
class SearchSettings:
    """How much is tried for a picture; the looks' levels are those at which the small pack's decoder told facts apart (decision 0046)."""

    # Places that a text grows by.
    depth: int = 3
    sweep: SweepSettings = field(
        default_factory=lambda: SweepSettings(rivals=16, first_levels=(0.6,), finalists=4, last_levels=(0.5, 0.85), price=0.0, doubt_looks=0.0)
    )
    # The share of texts that grow from a place by chance instead of from where the pooler is sure: a place that nobody came to would say anything.
    anywhere: float = 0.25
    # So many words of a guide stand in for all words where some are drawn by chance.
    guided: int = 64


@dataclass
class Tried:
    """For each picture the place where its text began to grow [n], and at each place from there the words [n, depth, rivals] with their gains over silence."""

    first: torch.Tensor
    words: torch.Tensor
    gains: torch.Tensor


class PictureJudge:
    """Asks the frozen decoder's loss as `sweep` does; texts are rows of `allowed`, -1 for an empty place. Counts its `evaluations`."""

    def __init__(self, frozen: Frozen, allowed: torch.Tensor, at_once: int):
        self.frozen, self.allowed, self.at_once = frozen, allowed, at_once
        self.evaluations = 0

    @torch.no_grad()
    def losses(self, latents: torch.Tensor, pictures: torch.Tensor, rows: torch.Tensor, levels: tuple[float, ...]) -> torch.Tensor:
        """Loss of each text at each of fresh looks, float32 [texts, looks] on the processor, where the noise is drawn too.

        `latents` [n, c, h, w] are the pictures', `pictures` [texts] says whose each text is, `rows` [texts, places], `levels` are in 0..1.
        """
        decoder, device = self.frozen.decoder, latents.device
        noise = torch.randn(len(levels), *latents.shape).to(device)
        count = decoder.schedule.config.num_train_timesteps
        ids = torch.where(rows < 0, -1, self.allowed[rows.clamp(min=0)])
        found = torch.empty(len(rows), len(levels))
        for start in range(0, len(rows), self.at_once):
            part = slice(start, start + self.at_once)
            whose = pictures[part].to(device)
            conditions = decoder.conditions_of_texts(ids[part].to(device), self.frozen.side)
            for look, level in enumerate(levels):
                timesteps = torch.full((len(whose),), int(level * count), device=device)
                found[part, look] = decoder.errors(latents[whose], noise[look][whose], timesteps, conditions).cpu()
        self.evaluations += found.numel()
        return found


def search_words(judge: PictureJudge, latents: torch.Tensor, logits: torch.Tensor, guided: torch.Tensor | None, settings: SearchSettings = SearchSettings()) -> Tried:
    """Grows the texts of pictures together. `logits` [n, places, words] are the pooler's, on the processor; `guided` [n, words] are a guide's words."""
    first, asked, words = propose(logits, guided, settings)
    swept = sweep(judge, latents, logits, words, settings.sweep)
    places, tried = asked.nonzero()[:, 1].view(len(logits), -1), words.shape[-1] - 1
    at = places[..., None].expand(-1, -1, tried)
    return Tried(first, words[..., 1:].gather(1, at), swept.gains[..., 1:].gather(1, at))


def propose(logits: torch.Tensor, guided: torch.Tensor | None, settings: SearchSettings) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Where texts grow from [n], the places asked [n, places], and words [n, places, 1 + rivals] as `sweep` takes them.

    The pooler is sure of words that it holds likelier than silence, whose log odds are 0. Half of what is tried is its own choice, perturbed; the other half is
    drawn by chance, from all words or from a guide's. Chance does not try what the text says already; where the pooler would say it again, it hears that this
    gains nothing.
    """
    n, places, size = logits.shape
    depth, rivals = min(settings.depth, places), min(settings.sweep.rivals, size - places)
    odds, own = logits.max(-1)
    said = (odds > 0).long().cumprod(1)
    reach = torch.where(torch.rand(n) < settings.anywhere, places, said.sum(1) + 1)
    first = (torch.rand(n) * reach).long().clamp(max=places - depth)
    at = torch.arange(places)
    asked = (at >= first[:, None]) & (at < first[:, None] + depth)
    own = own.masked_fill((odds <= 0) | (at >= first[:, None]) | repeated(own), -1)
    known = torch.zeros(n, size + 1, dtype=torch.bool).scatter_(1, own % (size + 1), True)[:, None, :size]
    mine = logits[asked].view(n, depth, size)
    likely = (mine + gumbel(mine)).topk(rivals // 2, -1).indices
    open_words = ~known.expand(n, depth, size)
    if guided is not None:
        open_words = open_words & torch.zeros(n, size, dtype=torch.bool).scatter_(1, guided, True)[:, None]
    chance = gumbel(mine).masked_fill(~open_words, -torch.inf).scatter(-1, likely, -torch.inf).topk(rivals - rivals // 2, -1)
    tried = torch.cat([likely, chance.indices.masked_fill(chance.values.isinf(), -1)], -1)
    words = torch.full((n, places, 1 + rivals), -1)
    words[..., 0] = own
    words[..., 1:][asked] = tried.flatten(0, 1)
    return first, asked, words


def gains_loss(logits: torch.Tensor, tried: Tried, softness: float, depth: int) -> torch.Tensor:
    """Cross-entropy to the softmax of the tried words' gains, where silence is one of the words: it gains nothing, and its log odds are 0.

    So a word that helps comes to lie above 0, and one that harms below. The sum over a picture's places is divided by `depth`, the places asked, also for a
    pooler of fewer places than the search: what it lacks it does not learn.
    """
    places = tried.first[:, None] + torch.arange(tried.words.shape[1], device=logits.device)
    asked = (tried.words >= 0) & (places < logits.shape[1])[..., None]
    rows = logits.gather(1, places.clamp(max=logits.shape[1] - 1)[..., None].expand(-1, -1, logits.shape[-1]))
    said = rows.gather(-1, tried.words.clamp(min=0)).masked_fill(~asked, -torch.inf)
    silence = said.new_zeros(*said.shape[:2], 1)
    log_odds = torch.cat([silence, said], -1).log_softmax(-1).masked_fill(torch.cat([silence > 0, ~asked], -1), 0)
    taught = torch.cat([silence, (tried.gains / softness).masked_fill(~asked, -torch.inf)], -1).softmax(-1)
    return -(taught * log_odds).sum() / (len(logits) * depth)


def repeated(ids: torch.Tensor) -> torch.Tensor:
    """Which places [n, places] say what one before them has said."""
    return (ids[:, :, None] == ids[:, None]).tril(-1).any(-1)


def gumbel(like: torch.Tensor) -> torch.Tensor:
    return -(-torch.rand_like(like).clamp(1e-6, 1 - 1e-6).log()).log()
