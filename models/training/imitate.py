"""After `from_nothing`: a pooler learns in one pass what a pupil of another form says, from pictures alone."""

from pathlib import Path

import torch
from torch.nn import functional

from .average import Average
from .muon import make_muon
from .networks import PatchEncoder, Pooler
from .patch_words import PatchWords
from .place_words import PlaceWords
from .presets import Preset
from .train_supervised import object_recall
from .training_run import TrainingRun, constant_then_down, set_rate
from .world.batch import pixels, scenes

FIRST_SEED, TWO_OBJECTS_SHARE = 75_000_000, 1 / 3
RATE, BATCH, CHECKED = 1e-3, 48, 128


def imitate(preset: Preset, folder: Path, backbone: PatchEncoder, pupil: PatchWords, name: str) -> Pooler:
    """Returns the smoothed pooler; neither a word nor a fact of the scenes takes part."""
    torch.manual_seed(preset.seed + 9)
    pooler = Pooler(pupil.length, preset.backbone_width, preset.pooler_layers)
    average = Average(pooler, 0.98)
    optimizer = make_muon(pooler, RATE)
    run = TrainingRun(folder, name, preset.seed + 9)
    first = run.resume(pooler=pooler, average=average, optimizer=optimizer)
    checked = scenes("validation", 1_000, CHECKED)
    with torch.no_grad():
        seen = backbone(pixels(checked))
    unsaid = ~PlaceWords(pupil.length).mask
    for step in run.steps(first, preset.imitate_steps):
        set_rate(optimizer, constant_then_down(step, preset.imitate_steps, 20, RATE))
        with torch.no_grad():
            features = backbone(pixels(scenes("train", FIRST_SEED + step * BATCH, BATCH, TWO_OBJECTS_SHARE)))
            said = pupil(features)[0].masked_fill(unsaid, -torch.inf).argmax(-1)
        loss = functional.cross_entropy(pooler(features)[0].flatten(0, 1), said.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        average.update(pooler)
        if step % 20 == 0 or step == preset.imitate_steps - 1:
            with torch.no_grad():
                rows = average.module(seen)[0].argmax(-1)
            run.log(step, loss=loss.detach(), recall=object_recall(rows, checked))
    return average.module
