"""Stage 4: the image backbone, pre-trained by reading scenes aloud, and with it the poolers' warm start.

Each query learns the word at its own place of the slot text. Besides the world's own pictures it sees varied ones;
where their backdrop has no words, those places are not asked for.
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from .average import Average
from .muon import make_muon
from .networks import PatchEncoder, Pooler
from .presets import Preset
from .tokenizer import allowed_ids, word_ids
from .training_run import TrainingRun, cosine, set_rate
from .world.batch import on_device, to_tensor
from .world.facts import facts_of, placed_facts
from .world.objects import OBJECT_WORDS
from .world.scene import Scene
from .world.slots import TEMPLATES, slot_words
from .world.split import scene_of
from .world.vary import varied_picture

LENGTHS = (5, 15, 75)
RATE = 1e-3


class Reader(nn.Module):
    """Backbone and the three poolers."""

    def __init__(self, preset: Preset):
        super().__init__()
        self.backbone = PatchEncoder(preset.backbone_width, preset.backbone_layers)
        self.poolers = nn.ModuleDict(
            {str(length): Pooler(length, preset.backbone_width, preset.pooler_layers) for length in LENGTHS}
        )


def word_places() -> dict[str, int]:
    """Word to its row in the pooler's linear layer."""
    rows = {token: row for row, token in enumerate(allowed_ids())}
    return {word: rows[token] for word, token in word_ids().items() if token in rows}


def is_object_fact(place: str, scene: Scene) -> bool:
    """Whether a template's place depends on the objects alone."""
    name = place.strip("{}")
    return not place.startswith("{") or name in ("count", "arrangement") or name in _object_fact_names(scene)


def _object_fact_names(scene: Scene) -> set[str]:
    return {*placed_facts(scene.objects[0], ""), *placed_facts(scene.objects[0], "other")}


def slot_targets(scenes: list[Scene], known: list[bool], length: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows of the right words, int64 [batch, length], and weights [batch, length] (0 where nothing is asked)."""
    places = word_places()
    template = TEMPLATES[length]
    objects_only = np.array([is_object_fact(place, scenes[0]) for place in template], np.float32)
    weight = np.array([0.05 if not place.startswith("{") else 3.0 if place.endswith("object}") else 1.0 for place in template], np.float32)
    rows = [[places[word] for word in slot_words(facts_of(scene), length)] for scene in scenes]
    weights = [weight if complete else weight * objects_only for complete in known]
    return torch.tensor(rows), on_device(np.stack(weights))


def varied_batch(split: str, first: int, count: int, seed: int) -> tuple[torch.Tensor, list[Scene], list[bool]]:
    """Pixels [count, 3, 64, 64], the scenes they show and whether the backdrop's words hold."""
    pictures, shown, known = [], [], []
    for index in range(first, first + count):
        picture, scene, complete = varied_picture(scene_of(split, index, 0.25), np.random.default_rng((seed, index)))
        pictures.append(picture)
        shown.append(scene)
        known.append(complete)
    return to_tensor(np.stack(pictures)), shown, known


def train_supervised(preset: Preset, folder: Path) -> Reader:
    """Returns the smoothed reader."""
    torch.manual_seed(preset.seed + 4)
    reader = Reader(preset)
    average = Average(reader, 0.995)
    optimizer = make_muon(reader, RATE)
    run = TrainingRun(folder, "supervised", preset.seed + 4)
    first = run.resume(reader=reader, average=average, optimizer=optimizer)
    total = preset.supervised_images // preset.encoder_batch
    for step in run.steps(first, total):
        set_rate(optimizer, cosine(step, total, 50, RATE))
        images, shown, known = varied_batch("train", 20_000_000 + step * preset.encoder_batch, preset.encoder_batch, preset.seed)
        features = reader.backbone(images)
        losses = {}
        for length in LENGTHS:
            logits, _ = reader.poolers[str(length)](features)
            wanted, weights = slot_targets(shown, known, length)
            each = functional.cross_entropy(logits.flatten(0, 1), wanted.flatten(), reduction="none")
            losses[length] = (each * weights.flatten()).sum() / weights.sum()
        optimizer.zero_grad()
        sum(losses.values()).backward()
        optimizer.step()
        average.update(reader)
        if step % 50 == 0 or step == total - 1:
            run.log(step, **{f"loss{length}": loss for length, loss in losses.items()}, **_recalls(average.module, preset))
    return average.module


@torch.no_grad()
def _recalls(reader: Reader, preset: Preset) -> dict[str, float]:
    """Object-word recall on the validation split: own pictures at each length, and foreign ones at 75."""
    images, shown, known = varied_batch("validation", 0, 128, preset.seed)
    features = reader.backbone(images)
    result = {}
    for length in LENGTHS:
        words = reader.poolers[str(length)](features)[0].argmax(-1)
        result[f"recall{length}"] = object_recall(words, shown)
    own = torch.tensor(known)
    words = reader.poolers["75"](features)[0].argmax(-1)
    wanted, _ = slot_targets(shown, known, 75)
    right = (words == wanted).float()
    asked = torch.tensor([place.startswith("{") for place in TEMPLATES[75]])
    result["facts75"] = float(right[own][:, asked].mean())
    result["foreign75"] = object_recall(words[~own], [scene for scene, complete in zip(shown, known) if not complete])
    return result


def object_recall(rows: torch.Tensor, scenes: list[Scene]) -> float:
    """Share of the scenes' objects whose word is anywhere in the text; `rows` [batch, length] are linear-layer rows."""
    places = word_places()
    found = [places[OBJECT_WORDS[placed.object_index]] in set(row.tolist()) for row, scene in zip(rows, scenes) for placed in scene.objects]
    return sum(found) / max(1, len(found))
