"""After `from_nothing`: a pooler learns in one pass what a pupil of another form says, from pictures alone.

A pooler that has not yet learned the pupil's every habit says better words than one that has, so the decoder's loss chooses
among what the pooler was on its way."""

from pathlib import Path

import torch
from torch.nn import functional

from .average import Average
from .half_training import work_dtype
from .muon import make_muon
from .networks import PatchEncoder, Pooler
from .patch_words import PatchWords
from .place_words import PlaceWords
from .presets import Preset
from .sampling import Decoder
from .teacher import make_lessons, text_loss
from .text_judge import TextJudge
from .train_supervised import object_recall
from .training_run import TrainingRun, constant_then_down, set_rate
from .world.batch import pixels, scenes

FIRST_SEED, TWO_OBJECTS_SHARE = 75_000_000, 1 / 3
RATE, BATCH, CHECKED = 1e-3, 48, 128


def imitate(preset: Preset, folder: Path, backbone: PatchEncoder, decoder: Decoder, pupil: PatchWords, name: str) -> Pooler:
    """Returns the smoothed pooler whose texts of validation pictures have the least loss; neither a word nor a fact of the scenes takes part."""
    torch.manual_seed(preset.seed + 9)
    pooler = Pooler(pupil.length, preset.backbone_width, preset.pooler_layers)
    average, kept = Average(pooler, 0.98), Average(pooler, 0.98)
    optimizer = make_muon(pooler, RATE)
    run = TrainingRun(folder, name, preset.seed + 9)
    # Whoever takes the pooler from the checkpoint takes its "average".
    first = run.resume(pooler=pooler, running=average, average=kept, optimizer=optimizer)
    with torch.no_grad():
        checked = make_lessons(backbone, decoder, "validation", 1_000, CHECKED)
    judge = TextJudge(decoder, pupil.allowed, work_dtype(preset))

    @torch.no_grad()
    def read(pooler: torch.nn.Module) -> tuple[torch.Tensor, float]:
        rows = pooler(checked.features)[0].argmax(-1)
        return rows, text_loss(judge, checked, rows)

    least = read(kept.module)[1] if first else torch.inf
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
            rows, told = read(average.module)
            if told < least:
                least = told
                kept.load_state_dict(average.state_dict())
            run.log(step, loss=loss.detach(), validation=told, recall=object_recall(rows, checked.scenes))
    return kept.module
