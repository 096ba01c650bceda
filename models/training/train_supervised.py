"""Stage 4: the image backbone, pre-trained by reading scenes aloud, and with it the poolers' warm start.

Each query learns the word at its own place of the slot text. Besides the world's own pictures it sees varied ones, and a
picture is asked only for the places that it shows: those of its objects where the backdrop has no words, those of its
backdrop where the objects are gone or hidden. Some objects never stand on some backdrops in training (`world/split.py`);
a backdrop seen without its objects is read for what it is, not guessed from them.
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from .average import Average
from .half_training import HalfCopy, fast_kernels, work_dtype
from .muon import make_muon
from .networks import PatchEncoder, Pooler
from .presets import Preset
from .tokenizer import allowed_ids, word_ids
from .training_run import TrainingRun, constant_then_down, set_rate
from .world.batch import on_device, to_tensor
from .world.facts import facts_of, placed_facts
from .world.objects import OBJECT_WORDS
from .world.scene import Scene
from .world.slots import TEMPLATES, slot_words
from .world.split import scene_of
from .world.vary import Shows, objectless_picture, varied_picture

LENGTHS = (5, 15, 75)
RATE = 1e-3
OBJECTLESS_SHARE = 0.25
TWO_OBJECTS_SHARE = 1 / 3
CLIP = 1.0


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
    return not place.startswith("{") or name in ("count", "arrangement", "shadow") or name in _object_fact_names(scene)


def _object_fact_names(scene: Scene) -> set[str]:
    return {*placed_facts(scene.objects[0], ""), *placed_facts(scene.objects[0], "other")}


def slot_targets(scenes: list[Scene], shows: list[Shows], length: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows of the right words, int64 [batch, length], and weights [batch, length] (0 where nothing is asked)."""
    places = word_places()
    template = TEMPLATES[length]
    of_objects = np.array([is_object_fact(place, scenes[0]) for place in template])
    weight = np.array([_importance(place) for place in template], np.float32)
    asked = {"all": np.ones(length, bool), "objects": of_objects, "backdrop": ~of_objects}
    rows = [[places[word] for word in slot_words(facts_of(scene), length)] for scene in scenes]
    return torch.tensor(rows), on_device(np.stack([weight * asked[shown] for shown in shows]))


def _importance(place: str) -> float:
    """Joining words are easy and say nothing; objects and the backdrop's kind matter most to a reader."""
    if not place.startswith("{"):
        return 0.05
    return 3.0 if place.endswith("object}") or place == "{backdrop}" else 1.0


def varied_batch(split: str, first: int, count: int, seed: int, objectless: float = 0.0) -> tuple[torch.Tensor, list[Scene], list[Shows]]:
    """Pixels [count, 3, 64, 64], the scenes they show and what of each scene shows; `objectless` is a probability."""
    pictures, scenes, shows = [], [], []
    for index in range(first, first + count):
        rng = np.random.default_rng((seed, index))
        make = objectless_picture if rng.random() < objectless else varied_picture
        picture, scene, shown = make(scene_of(split, index, TWO_OBJECTS_SHARE), rng)
        pictures.append(picture)
        scenes.append(scene)
        shows.append(shown)
    return to_tensor(np.stack(pictures)), scenes, shows


def train_supervised(preset: Preset, folder: Path) -> Reader:
    """Returns the smoothed reader."""
    torch.manual_seed(preset.seed + 4)
    reader = Reader(preset)
    average = Average(reader, 0.998)
    optimizer = make_muon(reader, RATE)
    run = TrainingRun(folder, "supervised", preset.seed + 4)
    first = run.resume(model=reader, average=average, optimizer=optimizer)
    half = HalfCopy(reader, work_dtype(preset))
    total = preset.supervised_images // preset.encoder_batch
    with fast_kernels():
        for step in run.steps(first, total):
            set_rate(optimizer, constant_then_down(step - run.adopted, total - run.adopted, 50, RATE))
            pictures, scenes, shows = varied_batch("train", 20_000_000 + step * preset.encoder_batch, preset.encoder_batch, preset.seed, OBJECTLESS_SHARE)
            losses = _losses(half.work, pictures.to(half.dtype), scenes, shows)
            sum(losses.values()).backward()
            half.step(optimizer, CLIP)
            average.update(reader)
            if step % 100 == 0 or step == total - 1:
                read = _reads(average.module, preset)
                run.log(step, **{f"loss{length}": loss for length, loss in losses.items()}, **read)
    return average.module


def _losses(reader: Reader, pictures: torch.Tensor, scenes: list[Scene], shows: list[Shows]) -> dict[int, torch.Tensor]:
    """Weighted cross-entropy at each length."""
    features = reader.backbone(pictures)
    losses = {}
    for length in LENGTHS:
        logits, _ = reader.poolers[str(length)](features)
        wanted, weights = slot_targets(scenes, shows, length)
        each = functional.cross_entropy(logits.float().flatten(0, 1), wanted.flatten(), reduction="none")
        losses[length] = (each * weights.flatten()).sum() / weights.sum()
    return losses


@torch.no_grad()
def _reads(reader: Reader, preset: Preset) -> dict[str, float]:
    """What is read right in varied pictures of validation scenes, whose pairs of object and backdrop training never showed.

    `foreign75` is the recall of objects on backdrops that the world does not have.
    """
    pictures, scenes, shows = varied_batch("validation", 0, 256, preset.seed)
    features = reader.backbone(pictures)
    words = {length: reader.poolers[str(length)](features)[0].argmax(-1) for length in LENGTHS}
    result = {f"recall{length}": object_recall(words[length], scenes) for length in LENGTHS}
    wanted, _ = slot_targets(scenes, shows, 75)
    right = (words[75] == wanted).float()
    whole = torch.tensor([shown == "all" for shown in shows])
    result["facts75"] = float(right[whole][:, [place.startswith("{") for place in TEMPLATES[75]]].mean())
    for name in ("backdrop", "colour", "othercolour", "decoration", "style"):
        result[name] = float(right[whole][:, TEMPLATES[75].index(f"{{{name}}}")].mean())
    result["foreign75"] = object_recall(words[75][~whole], [scene for scene, shown in zip(scenes, shows) if shown == "objects"])
    return result


def object_recall(rows: torch.Tensor, scenes: list[Scene]) -> float:
    """Share of the scenes' objects whose word is anywhere in the text; `rows` [batch, length] are linear-layer rows."""
    places = word_places()
    found = [places[OBJECT_WORDS[placed.object_index]] in set(row.tolist()) for row, scene in zip(rows, scenes) for placed in scene.objects]
    return sum(found) / max(1, len(found))
