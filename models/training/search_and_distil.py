"""Stages 8 and 9: the frozen decoder teaches the poolers. Sweeps find words that lower its loss; the pooler learns what they gained.

At this size the gradient of a word swap says nothing about the true change of the loss, while the loss itself ranks words
well (`text_judge.py`, `sweep.py`). `distil` goes on from the supervised pooler: a word's target is that pooler's odds
times e for each `price` of loss that the word gains, so what the judge cannot tell stays as it was. `from_nothing` has
no such anchor: a pupil of random weights proposes, and the loss alone decides.
"""

from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch.nn import functional

from .average import Average
from .found_words import FoundWords
from .networks import PatchEncoder, Pooler
from .patch_words import PatchWords
from .place_words import PlaceWords
from .presets import Preset
from .sampling import Decoder
from .sweep import SweepSettings, likely_rivals, sweep
from .teacher import Lessons, make_lessons
from .text_judge import TextJudge
from .train_supervised import object_recall
from .training_run import TrainingRun, set_rate

FIRST_SEED = 70_000_000
TWO_OBJECTS_SHARE = 1 / 3
CHECKED = 64
WARM_UP = 20


@dataclass(frozen=True)
class SearchSettings:
    """How much is searched and how it is learned."""

    # Pictures swept in a step, and steps of the optimiser after it.
    pictures: int = 16
    learning_steps: int = 8
    batch: int = 48
    rate: float = 1e-4
    sweep: SweepSettings = field(default_factory=SweepSettings)
    # From nothing only: how many places of a text are tried, and the share of the others that is left empty.
    tried: float = 3.0
    silent: float = 0.5
    # Loss that makes a word e times likelier where there is no anchor to say how much is noise.
    softness: float = 0.006


FROM_NOTHING = SearchSettings(
    pictures=24, learning_steps=12, rate=3e-3, sweep=SweepSettings(rivals=12, first_levels=(0.55, 0.85), finalists=2, last_levels=(0.65,), price=0.0, doubt_looks=0.0)
)


def targets(words: torch.Tensor, gains: torch.Tensor, anchor: torch.Tensor, price: float) -> torch.Tensor:
    """The anchor's odds [n, places, all words] times e for each `price` that a tried word gained over the own word."""
    raised = torch.zeros_like(anchor).scatter_add_(-1, words.clamp(min=0), gains.masked_fill(words < 0, 0) / price)
    return (anchor + raised).softmax(-1)


def anchored_loss(logits: torch.Tensor, words: torch.Tensor, gains: torch.Tensor, anchor: torch.Tensor, price: float) -> torch.Tensor:
    """Divergence of the pooler's odds from their targets, summed over places; where nothing was tried the anchor is rehearsed."""
    return functional.kl_div(logits.log_softmax(-1), targets(words, gains, anchor, price), reduction="none").sum((-1, -2)).mean()


def unanchored_loss(logits: torch.Tensor, words: torch.Tensor, gains: torch.Tensor, choice: torch.Tensor, softness: float) -> torch.Tensor:
    """Cross-entropy to the tried words' gains. `choice` [places, all words] are a place's words: those not tried now are not judged either."""
    tried = words.clamp(min=0)
    asked = words >= 0
    taught = (gains / softness).masked_fill(~asked, -torch.inf)
    here = torch.zeros_like(logits, dtype=torch.bool).scatter_(-1, tried, True)
    log_odds = logits.masked_fill(choice & ~here, -torch.inf).log_softmax(-1).gather(-1, tried)
    some = asked.any(-1)
    return -(taught[some].softmax(-1) * log_odds[some].masked_fill(~asked[some], 0)).sum(-1).mean()


def chances(worth: torch.Tensor, tried: float) -> torch.Tensor:
    """Probability of trying each place, [places], about `tried` of them together: most where most was gained, everywhere now and then."""
    if not worth.any():
        return torch.full_like(worth, tried / len(worth))
    weight = worth.clamp(min=0).square()
    return (tried * weight / weight.sum()).clamp(0.03, 0.9)


def propose_freely(logits: torch.Tensor, choice: PlaceWords, asked: torch.Tensor, settings: SearchSettings) -> torch.Tensor:
    """Words to try [n, places, 1 + rivals] at the places `asked` [n, places], with the text's own (-1: silent) first: half by the
    pupil's perturbed odds, half by chance."""
    count, places, _ = logits.shape
    allowed = logits.masked_fill(~choice.mask, -torch.inf)
    own = allowed.argmax(-1).masked_fill(torch.rand(count, places) < settings.silent, -1)
    half = settings.sweep.rivals // 2
    noise = -(-torch.rand_like(allowed).clamp(1e-6, 1 - 1e-6).log()).log()
    likely = (allowed + noise).topk(half, -1)
    others = noise.masked_fill(~choice.mask, -torch.inf).scatter(-1, likely.indices, -torch.inf).topk(settings.sweep.rivals - half, -1)
    rivals = torch.cat([likely.indices.masked_fill(likely.values.isinf(), -1), others.indices.masked_fill(others.values.isinf(), -1)], -1)
    # A place that is asked starts silent, so that every word of it is judged against nothing.
    return torch.cat([own.masked_fill(asked, -1)[..., None], rivals.masked_fill(~asked[..., None], -1)], -1)


def search_and_distil(
    preset: Preset, folder: Path, backbone: PatchEncoder, decoder: Decoder, pooler: Pooler | PatchWords, name: str, steps: int,
    anchor: Pooler | None = None, settings: SearchSettings = SearchSettings(), rehearsed: torch.Tensor | None = None,
) -> Pooler | PatchWords:
    """Teaches `pooler` (changed in place) and returns its smoothed copy.

    Every step sweeps pictures that no step before saw. Features `rehearsed` [n, 64, width] of other pictures hold the
    pooler to its `anchor` there too.
    """
    length = pooler.length
    average = Average(pooler, 0.99)
    optimizer = torch.optim.AdamW(pooler.parameters(), lr=settings.rate, weight_decay=0.0)
    found = FoundWords(steps * settings.pictures, length, 1 + settings.sweep.rivals)
    run = TrainingRun(folder, name, preset.seed + 8)
    first = run.resume(pooler=pooler, average=average, optimizer=optimizer, found=found)
    lessons = None
    if first:
        lessons = make_lessons(backbone, decoder, "train", FIRST_SEED, first * settings.pictures, TWO_OBJECTS_SHARE)
    checked = make_lessons(backbone, decoder, "validation", 1_000, CHECKED)
    judge = TextJudge(decoder, pooler.allowed, getattr(torch, preset.work_dtype))
    choice = None if anchor else PlaceWords(length)
    for step in run.steps(first, steps):
        set_rate(optimizer, settings.rate * min(1.0, (step + 1) / WARM_UP))
        seen = make_lessons(backbone, decoder, "train", FIRST_SEED + step * settings.pictures, settings.pictures, TWO_OBJECTS_SHARE)
        lessons = seen if lessons is None else lessons.and_then(seen)
        with torch.no_grad():
            logits = (anchor or pooler)(seen.features)[0]
        if anchor:
            words = likely_rivals(logits, logits.argmax(-1), settings.sweep)
        else:
            asked = torch.rand(logits.shape[:2]) < chances(found.worth(), settings.tried)
            words = propose_freely(logits, choice, asked, settings)
        swept = sweep(judge, seen.latents, logits, words, settings.sweep)
        found.add(step * settings.pictures + torch.arange(settings.pictures), swept)
        loss = 0.0
        for _ in range(settings.learning_steps):
            loss = _learn(pooler, anchor, lessons, found, choice, settings, rehearsed, optimizer)
            average.update(pooler)
        if step % 10 == 0 or step == steps - 1:
            changed = float((swept.rows != words[..., 0]).float().sum(1).mean())
            told = text_loss(average.module, judge, checked)
            run.log(step, loss=loss, changed=changed, evaluations=judge.evaluations, validation=told, recall=_recall(average.module, checked))
    return average.module


def _learn(
    pooler: Pooler | PatchWords, anchor: Pooler | None, lessons: Lessons, found: FoundWords, choice: PlaceWords | None, settings: SearchSettings,
    rehearsed: torch.Tensor | None, optimizer: torch.optim.Optimizer,
) -> float:
    """One step of the optimiser on what was found so far; returns its loss."""
    pictures, words, gains = found.draw(settings.batch)
    features = lessons.features[pictures]
    if anchor is None:
        loss = unanchored_loss(pooler(features)[0], words, gains, choice.mask, settings.softness)
    else:
        if rehearsed is not None:
            features = torch.cat([features, rehearsed[torch.randint(len(rehearsed), (settings.batch // 3,))]])
            untried = torch.full((len(features) - len(words), *words.shape[1:]), -1)
            words, gains = torch.cat([words, untried]), torch.cat([gains, torch.zeros(untried.shape)])
        with torch.no_grad():
            before = anchor(features)[0]
        loss = anchored_loss(pooler(features)[0], words, gains, before, settings.sweep.price)
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(pooler.parameters(), 1.0)
    optimizer.step()
    return float(loss.detach())


@torch.no_grad()
def _recall(pooler: Pooler | PatchWords, lessons: Lessons) -> float:
    """Share of the objects that the pooler names; only for the log."""
    return object_recall(pooler(lessons.features)[0].argmax(-1), lessons.scenes)


@torch.no_grad()
def text_loss(pooler: Pooler | PatchWords, judge: TextJudge, lessons: Lessons) -> float:
    """The judge's loss of the pooler's exact texts at looks that are always the same; not counted as the search's."""
    asked = judge.evaluations
    with torch.random.fork_rng():
        torch.manual_seed(5)
        rows = pooler(lessons.features)[0].argmax(-1)
        losses = judge.losses(lessons.latents, torch.arange(len(rows)), rows, (0.5, 0.7, 0.9))
    judge.evaluations = asked
    return float(losses.mean())
