"""Stages 8 and 9: the frozen decoder as the last teacher of the supervised poolers.

`sweep_texts` sweeps the supervised pooler's texts of training scenes (`sweep.py`) and keeps what every tried word gained.
`distil` teaches a copy of the pooler: a word's target is the supervised odds times e for each `price` of loss that the word
gained, so what the judge cannot tell stays as it was. Gains are noisy, and only what many pictures agree on is learned:
that is why the learner believes them half as much as the sweep, and sees each picture only a few times.
"""

import copy
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.nn import functional

from .average import Average
from .found_words import FoundWords
from .half_training import work_dtype
from .networks import PatchEncoder, Pooler
from .presets import Preset
from .sampling import Decoder
from .sweep import SweepSettings, likely_rivals, sweep
from .teacher import Lessons, make_lessons, text_loss
from .text_judge import TextJudge
from .train_supervised import object_recall
from .training_run import TrainingRun, cosine, set_rate

FIRST_SEED, TWO_OBJECTS_SHARE = 70_000_000, 1 / 3
PICTURES = 16
CHECKED_SEED, CHECKED = 1_000, 128


@dataclass(frozen=True)
class DistilSettings:
    """How what was found is learned."""

    rate: float = 1e-4
    # Swept texts in a step, and pictures beside them at which the pooler is held to what it said.
    swept: int = 48
    rehearsed: int = 48
    price: float = 0.004


def sweep_texts(
    preset: Preset, folder: Path, backbone: PatchEncoder, decoder: Decoder, anchor: Pooler, name: str, steps: int,
    settings: SweepSettings = SweepSettings(),
) -> FoundWords:
    """Sweeps `PICTURES` training scenes a step and returns what was found; it can be stopped and read at any time."""
    found = FoundWords(steps * PICTURES, anchor.length, 1 + settings.rivals)
    run = TrainingRun(folder, name, preset.seed + 8)
    first = run.resume(found=found)
    judge = TextJudge(decoder, anchor.allowed, work_dtype(preset))
    for step in run.steps(first, steps):
        seen = make_lessons(backbone, decoder, "train", FIRST_SEED + step * PICTURES, PICTURES, TWO_OBJECTS_SHARE)
        with torch.no_grad():
            logits = anchor(seen.features)[0]
        words = likely_rivals(logits, logits.argmax(-1), settings)
        swept = sweep(judge, seen.latents, logits, words, settings)
        found.add(step * PICTURES + torch.arange(PICTURES), swept)
        if step % 10 == 0 or step == steps - 1:
            tried = (words[..., 1:] >= 0).float().sum() / PICTURES
            run.log(step, tried=tried, changed=(swept.rows != words[..., 0]).float().sum(1).mean(), evaluations=judge.evaluations)
    return found


def targets(words: torch.Tensor, gains: torch.Tensor, anchor: torch.Tensor, price: float) -> torch.Tensor:
    """The anchor's odds [n, places, all words] times e for each `price` that a tried word gained over the own word."""
    raised = torch.zeros_like(anchor).scatter_add_(-1, words.clamp(min=0), gains.masked_fill(words < 0, 0) / price)
    return (anchor + raised).softmax(-1)


def anchored_loss(logits: torch.Tensor, words: torch.Tensor, gains: torch.Tensor, anchor: torch.Tensor, price: float) -> torch.Tensor:
    """Divergence of the pooler's odds from their targets, summed over places; where nothing was tried the anchor is rehearsed."""
    return functional.kl_div(logits.log_softmax(-1), targets(words, gains, anchor, price), reduction="none").sum((-1, -2)).mean()


def distil(
    preset: Preset, folder: Path, backbone: PatchEncoder, decoder: Decoder, anchor: Pooler, found: FoundWords, rehearsed: torch.Tensor, name: str,
    settings: DistilSettings = DistilSettings(),
) -> Pooler:
    """Returns the smoothed pooler. `rehearsed` are features [n, 64, width] of pictures that no sweep saw."""
    pooler = copy.deepcopy(anchor).requires_grad_(True).train()
    average = Average(pooler, 0.98)
    optimizer = torch.optim.AdamW(pooler.parameters(), lr=settings.rate, weight_decay=0.0)
    run = TrainingRun(folder, name, preset.seed + 9)
    first = run.resume(pooler=pooler, average=average, optimizer=optimizer)
    steps = max(1, round(preset.distil_rounds * len(found) / settings.swept))
    lessons = make_lessons(backbone, decoder, "train", FIRST_SEED, len(found), TWO_OBJECTS_SHARE)
    checked = make_lessons(backbone, decoder, "validation", CHECKED_SEED, CHECKED)
    judge = TextJudge(decoder, anchor.allowed, work_dtype(preset))
    for step in run.steps(first, steps):
        set_rate(optimizer, cosine(step, steps, 10, settings.rate))
        pictures, words, gains = found.draw(settings.swept)
        features = torch.cat([lessons.features[pictures], rehearsed[torch.randint(len(rehearsed), (settings.rehearsed,))]])
        untried = (settings.rehearsed, *words.shape[1:])
        words, gains = torch.cat([words, torch.full(untried, -1)]), torch.cat([gains, torch.zeros(untried)])
        with torch.no_grad():
            before = anchor(features)[0]
        loss = anchored_loss(pooler(features)[0], words, gains, before, settings.price)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(pooler.parameters(), 1.0)
        optimizer.step()
        average.update(pooler)
        if step % 20 == 0 or step == steps - 1:
            run.log(step, loss=loss.detach(), **_checks(average.module, anchor, judge, checked))
    return average.module


@torch.no_grad()
def _checks(pooler: Pooler, anchor: Pooler, judge: TextJudge, checked: Lessons) -> dict[str, float]:
    """The judge's loss of both poolers' texts at the same looks, what of the texts differs, and the recall of objects."""
    before, after = (one(checked.features)[0].argmax(-1) for one in (anchor, pooler))
    return {
        "anchor_loss": text_loss(judge, checked, before),
        "text_loss": text_loss(judge, checked, after),
        "changed": float((before != after).float().sum(1).mean()),
        "recall": object_recall(after, checked.scenes),
    }
