"""Stage 6: the scorer, a small CLIP trained on scenes and their tellings; nothing else learns from it."""

from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from .average import Average
from .muon import make_muon
from .networks import Scorer
from .presets import Preset
from .tokenizer import encode_batch
from .training_run import TrainingRun, cosine, set_rate
from .train_supervised import varied_batch
from .world.facts import facts_of
from .world.slots import slot_words
from .world.telling import dense_caption, short_caption
from .world.vary import Shows

RATE = 1e-3
SPOILT_WEIGHT = 0.5
FIRST_SEED = 40_000_000


def _telling(scene, shown: Shows, rng: np.random.Generator) -> list[str]:
    """A caption or slot text of the scene; on a foreign backdrop only the object is told."""
    facts = facts_of(scene)
    if shown == "objects":
        return [facts["size"], facts["object"], facts["column"], facts["row"]]
    kind = int(rng.integers(4))
    if kind == 0:
        return short_caption(facts)
    return dense_caption(facts) if kind == 1 else slot_words(facts, 15 if kind == 2 else 75)


def spoil(images: torch.Tensor) -> torch.Tensor:
    """The same pictures as a decoder might return them: softer, shifted in light, a little noisy, a pixel off."""
    soft = functional.interpolate(functional.avg_pool2d(images, 2), scale_factor=2, mode="bilinear", align_corners=False)
    share = torch.rand(len(images), 1, 1, 1)
    images = images * (1 - share) + soft * share
    images = images * (1 + torch.randn(len(images), 1, 1, 1) * 0.06) + torch.randn(len(images), 3, 1, 1) * 0.04
    images = torch.roll(images, tuple(torch.randint(-1, 2, (2,)).tolist()), (2, 3))
    return images + torch.randn_like(images) * 0.04


def _contrast(first: torch.Tensor, second: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """Symmetric cross-entropy of matching rows among all rows."""
    logits = first @ second.T * scale.exp().clamp(max=50)
    target = torch.arange(len(first))
    return (functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)) / 2


def train_scorer(preset: Preset, folder: Path) -> Scorer:
    """Returns the smoothed scorer."""
    torch.manual_seed(preset.seed + 6)
    scorer = Scorer(preset)
    average = Average(scorer, 0.995)
    optimizer = make_muon(scorer, RATE)
    run = TrainingRun(folder, "scorer", preset.seed + 6)
    first = run.resume(scorer=scorer, average=average, optimizer=optimizer)
    total = preset.scorer_images // preset.scorer_batch
    for step in run.steps(first, total):
        set_rate(optimizer, cosine(step, total, 50, RATE))
        images, scenes, shows = varied_batch("train", FIRST_SEED + step * preset.scorer_batch, preset.scorer_batch, preset.seed)
        rng = np.random.default_rng((preset.seed, step))
        longest = 77 if step % 3 == 0 else 40
        texts = encode_batch([_telling(scene, shown, rng) for scene, shown in zip(scenes, shows)], longest)
        seen, read, again = scorer.image_embeds(images), scorer.text_embeds(texts), scorer.image_embeds(spoil(images))
        image_text, image_image = _contrast(seen, read, scorer.log_scale), _contrast(seen, again, scorer.log_scale)
        loss = image_text + SPOILT_WEIGHT * image_image
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        average.update(scorer)
        if step % 50 == 0 or step == total - 1:
            same, other = (seen * again).sum(-1).mean(), (seen * again.roll(1, 0)).sum(-1).mean()
            run.log(step, image_text=image_text, image_image=image_image, same=same, other=other)
    return average.module
