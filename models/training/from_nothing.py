"""A stage that knows no captions: a pupil of random weights proposes words, and the frozen decoder's diffusion loss alone judges them.

At this size the gradient of a word swap says nothing about the true change of the loss, while the loss itself ranks words
well (`text_judge.py`). So at some places of each text words are tried against silence; the pupil learns the softmax of their gains, and its own texts are the contexts of what is tried next. The words that
may stand at a place are those of the decoder's language (`place_words.py`), learned from texts without pictures.
"""

from dataclasses import dataclass, field
from pathlib import Path

import torch

from .average import Average
from .distil import CHECKED_SEED, TWO_OBJECTS_SHARE
from .found_words import FoundWords
from .half_training import work_dtype
from .networks import PatchEncoder
from .patch_words import PatchWords
from .place_words import PlaceWords
from .presets import Preset
from .sampling import Decoder
from .sweep import SweepSettings, sweep
from .teacher import make_lessons, text_loss
from .text_judge import TextJudge
from .train_supervised import object_recall
from .training_run import TrainingRun, set_rate

FIRST_SEED = 70_000_000
CHECKED, WARM_UP = 64, 20


@dataclass(frozen=True)
class SearchSettings:
    """How much is searched in a step, and how it is learned."""

    pictures: int = 24
    learning_steps: int = 12
    batch: int = 48
    rate: float = 3e-3
    sweep: SweepSettings = field(
        default_factory=lambda: SweepSettings(rivals=52, first_levels=(0.6,), finalists=4, last_levels=(0.5, 0.85), price=0.0, doubt_looks=0.0)
    )
    # For so many steps every word of a place is tried: the right one is hardly ever among a few taken by chance. Then `narrow` of them,
    # half by what the pupil has learned.
    wide_steps: int = 60
    narrow: int = 16
    # Then a pupil that is mostly right needs only its own doubts judged, which gives more pictures for as many evaluations.
    narrow_steps: int = 240
    narrowest: int = 8
    # How many places of a text are tried, and the share of the others that is left empty.
    tried: float = 3.0
    silent: float = 0.5
    # Loss that makes a word e times likelier.
    softness: float = 0.006


def rivals_at(step: int, settings: SearchSettings) -> int:
    """How many words are tried at a place."""
    if step < settings.wide_steps:
        return settings.sweep.rivals
    return settings.narrow if step < settings.narrow_steps else settings.narrowest


def chances(worth: torch.Tensor, tried: float) -> torch.Tensor:
    """Probability of trying each place, [places], about `tried` of them together: most where most was gained, everywhere now and then."""
    if not worth.any():
        return torch.full_like(worth, tried / len(worth))
    weight = worth.clamp(min=0).square()
    return (tried * weight / weight.sum()).clamp(0.03, 0.9)


def propose(logits: torch.Tensor, choice: PlaceWords, asked: torch.Tensor, tried: int, settings: SearchSettings) -> torch.Tensor:
    """Words to try [n, places, 1 + rivals] at the places `asked` [n, places], with the text's own (-1: silent) first: `tried` of them,
    half by the pupil's perturbed odds, half by chance, then -1."""
    allowed = logits.masked_fill(~choice.mask, -torch.inf)
    own = allowed.argmax(-1).masked_fill(torch.rand(logits.shape[:2]) < settings.silent, -1)
    noise = -(-torch.rand_like(allowed).clamp(1e-6, 1 - 1e-6).log()).log()
    likely = (allowed + noise).topk(tried // 2, -1)
    others = noise.masked_fill(~choice.mask, -torch.inf).scatter(-1, likely.indices, -torch.inf).topk(tried - tried // 2, -1)
    words = torch.full((*logits.shape[:2], 1 + settings.sweep.rivals), -1)
    words[..., 1 : 1 + tried] = torch.cat([part.indices.masked_fill(part.values.isinf() | ~asked[..., None], -1) for part in (likely, others)], -1)
    # A place that is asked starts silent, so that every word of it is judged against nothing.
    words[..., 0] = own.masked_fill(asked, -1)
    return words


def gains_loss(logits: torch.Tensor, words: torch.Tensor, gains: torch.Tensor, choice: torch.Tensor, softness: float) -> torch.Tensor:
    """Cross-entropy to the tried words' gains. `choice` [places, all words] are a place's words: those not tried now are not judged either."""
    tried = words.clamp(min=0)
    asked = words >= 0
    taught = (gains / softness).masked_fill(~asked, -torch.inf)
    here = torch.zeros_like(logits, dtype=torch.bool).scatter_(-1, tried, True)
    log_odds = logits.masked_fill(choice & ~here, -torch.inf).log_softmax(-1).gather(-1, tried)
    some = asked.any(-1)
    return -(taught[some].softmax(-1) * log_odds[some].masked_fill(~asked[some], 0)).sum(-1).mean()


def learn_from_nothing(
    preset: Preset, folder: Path, backbone: PatchEncoder, decoder: Decoder, pupil: PatchWords, name: str, settings: SearchSettings = SearchSettings()
) -> PatchWords:
    """Teaches `pupil` (changed in place) and returns its smoothed copy. Every step searches pictures that no step before saw."""
    steps = preset.from_nothing_steps
    average = Average(pupil, 0.99)
    optimizer = torch.optim.AdamW(pupil.parameters(), lr=settings.rate, weight_decay=0.01)
    found = FoundWords(steps * settings.pictures, pupil.length, 1 + settings.sweep.rivals)
    run = TrainingRun(folder, name, preset.seed + 8)
    first = run.resume(pooler=pupil, average=average, optimizer=optimizer, found=found)
    known = first * settings.pictures
    lessons = make_lessons(backbone, decoder, "train", FIRST_SEED, max(1, known), TWO_OBJECTS_SHARE).pick(torch.arange(known))
    checked = make_lessons(backbone, decoder, "validation", CHECKED_SEED, CHECKED)
    judge, choice = TextJudge(decoder, pupil.allowed, work_dtype(preset)), PlaceWords(pupil.length)
    for step in run.steps(first, steps):
        set_rate(optimizer, settings.rate * min(1.0, (step + 1) / WARM_UP))
        seen = make_lessons(backbone, decoder, "train", FIRST_SEED + step * settings.pictures, settings.pictures, TWO_OBJECTS_SHARE)
        lessons = lessons.and_then(seen)
        with torch.no_grad():
            logits = pupil(seen.features)[0]
        asked = torch.rand(logits.shape[:2]) < chances(found.worth(), settings.tried)
        words = propose(logits, choice, asked, rivals_at(step, settings), settings)
        swept = sweep(judge, seen.latents, logits, words, settings.sweep)
        found.add(step * settings.pictures + torch.arange(settings.pictures), swept)
        for _ in range(settings.learning_steps):
            pictures, tried, gains = found.draw(settings.batch)
            loss = gains_loss(pupil(lessons.features[pictures])[0], tried, gains, choice.mask, settings.softness)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(pupil.parameters(), 1.0)
            optimizer.step()
            average.update(pupil)
        if step % 10 == 0 or step == steps - 1:
            with torch.no_grad():
                rows = average.module(checked.features)[0].masked_fill(~choice.mask, -torch.inf).argmax(-1)
            told = text_loss(judge, checked, rows)
            run.log(step, loss=loss.detach(), evaluations=judge.evaluations, validation=told, recall=object_recall(rows, checked.scenes))
    return average.module
