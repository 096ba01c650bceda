"""Stage 8: search the true loss word by word, then teach the pooler what was found.

At this size the gradient of a word swap says nothing about the true change of the loss, while the loss itself ranks
words well. So for some places of each text a few candidate words are tried at one shared noise, and the pooler
learns the softmax of minus their losses.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch.nn import functional

from .average import Average
from .discrete import row_states
from .networks import PatchEncoder, Pooler
from .presets import Preset
from .sampling import Decoder
from .teacher import Lessons, diffusion_errors, draw_noise, make_lessons
from .training_run import TrainingRun, cosine, set_rate

LESSONS = 1024
FIRST_SEED = 70_000_000
REHEARSAL = 0.5


@dataclass(frozen=True)
class SearchSettings:
    """How wide and how trusting the search is."""

    pictures: int = 16
    proposals: int = 5
    random_words: int = 3
    noises: int = 2
    # Loss difference that makes a word e times likelier.
    softness: float = 0.004
    rate: float = 1e-4


@torch.no_grad()
def try_words(
    decoder: Decoder, lessons: Lessons, rows: torch.Tensor, places: torch.Tensor, candidates: torch.Tensor, allowed: torch.Tensor, noises: int
) -> torch.Tensor:
    """Loss of each candidate at one place of each text, [batch, candidates], averaged over shared noises.

    `rows` [batch, length] is the current text, `places` [batch] the place, `candidates` [batch, c] words to put there.
    """
    batch, count = candidates.shape
    texts = rows[:, None].repeat(1, count, 1)
    texts.scatter_(2, places[:, None, None].expand(-1, count, 1), candidates[..., None])
    states = row_states(decoder, texts.flatten(0, 1), allowed)
    repeated = lessons.pick(torch.arange(batch).repeat_interleave(count))
    total = torch.zeros(batch, count)
    for _ in range(noises):
        noise, timesteps = draw_noise(lessons.latents)
        noise, timesteps = noise.repeat_interleave(count, 0), timesteps.repeat_interleave(count)
        total += diffusion_errors(decoder, repeated, states, noise, timesteps).view(batch, count)
    return total / noises


def propose(logits: torch.Tensor, places: torch.Tensor, settings: SearchSettings) -> torch.Tensor:
    """Candidates [batch, proposals + random_words]: the pooler's best words at each place and some at random."""
    at_place = logits[torch.arange(len(places)), places]
    best = at_place.topk(settings.proposals, -1).indices
    others = torch.randint(logits.shape[-1], (len(places), settings.random_words))
    return torch.cat([best, others], 1)


def distil_step(pooler: Pooler, anchor: Pooler | None, decoder: Decoder, lessons: Lessons, settings: SearchSettings) -> tuple[torch.Tensor, float]:
    """The loss to descend and the mean gain of the best candidate over the pooler's own word.

    `anchor` is the warm start: places that were not searched are rehearsed from it, so that nothing is forgotten.
    """
    logits, _ = pooler(lessons.features)
    rows = logits.argmax(-1)
    places = torch.randint(rows.shape[1], (len(rows),))
    candidates = propose(logits.detach(), places, settings)
    losses = try_words(decoder, lessons, rows, places, candidates, pooler.allowed, settings.noises)
    target = (-(losses - losses.min(1, keepdim=True).values) / settings.softness).softmax(-1)
    searched = logits[torch.arange(len(places)), places].gather(1, candidates).log_softmax(-1)
    loss = -(target * searched).sum(-1).mean()
    if anchor is not None:
        with torch.no_grad():
            taught = anchor(lessons.features)[0].softmax(-1)
        loss = loss + REHEARSAL * functional.kl_div(logits.log_softmax(-1), taught, reduction="none").sum(-1).mean()
    gain = float((losses[:, 0] - losses.min(1).values).mean())
    return loss, gain


def search_and_distil(
    preset: Preset, folder: Path, backbone: PatchEncoder, decoder: Decoder, pooler: Pooler, name: str, steps: int,
    anchor: Pooler | None = None, settings: SearchSettings = SearchSettings(),
) -> Pooler:
    """Improves `pooler` (changed in place) and returns its smoothed copy."""
    average = Average(pooler, 0.99)
    optimizer = torch.optim.AdamW(pooler.parameters(), lr=settings.rate, weight_decay=0.0)
    run = TrainingRun(folder, name, preset.seed + 8)
    first = run.resume(pooler=pooler, average=average, optimizer=optimizer)
    lessons = make_lessons(backbone, decoder, "train", FIRST_SEED, min(LESSONS, steps * settings.pictures))
    checked = make_lessons(backbone, decoder, "validation", 1_000, 64)
    for step in run.steps(first, steps):
        set_rate(optimizer, cosine(step, steps, 20, settings.rate))
        batch = lessons.pick(torch.randint(len(lessons.scenes), (settings.pictures,)))
        loss, gain = distil_step(pooler, anchor, decoder, batch, settings)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(pooler.parameters(), 1.0)
        optimizer.step()
        average.update(pooler)
        if step % 10 == 0 or step == steps - 1:
            run.log(step, loss=loss, gain=gain, validation=text_loss(average.module, decoder, checked))
    return average.module


@torch.no_grad()
def text_loss(pooler: Pooler, decoder: Decoder, lessons: Lessons) -> float:
    """Diffusion loss of the pooler's exact texts at fixed noise."""
    with torch.random.fork_rng():
        torch.manual_seed(5)
        noise, timesteps = draw_noise(lessons.latents)
    states = row_states(decoder, pooler(lessons.features)[0].argmax(-1), pooler.allowed)
    return float(diffusion_errors(decoder, lessons, states, noise, timesteps).mean())
