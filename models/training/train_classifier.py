"""Stage 1: the classifier behind the VAE's perceptual loss (never used for scoring)."""

from pathlib import Path

import torch
from torch.nn import functional

from .object_classifier import ObjectClassifier
from .presets import Preset
from .training_run import TrainingRun, cosine, set_rate
from .world.batch import pixels, scenes
from .world.objects import OBJECTS
from .world.scene import Scene

BATCH = 32


def object_targets(batch: list[Scene]) -> torch.Tensor:
    """float32 [batch, objects]: 1 where the scene holds the object."""
    targets = torch.zeros(len(batch), len(OBJECTS))
    for row, scene in enumerate(batch):
        for placed in scene.objects:
            targets[row, placed.object_index] = 1.0
    return targets


def train_classifier(preset: Preset, folder: Path) -> ObjectClassifier:
    """Trains on scenes of the training split; a batch is 32 pictures."""
    torch.manual_seed(preset.seed)
    model = ObjectClassifier(len(OBJECTS), preset.classifier_width).to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.01)
    run = TrainingRun(folder, "classifier", preset.seed)
    first, total = run.resume(model=model, optimizer=optimizer), preset.classifier_images // BATCH
    for step in run.steps(first, total):
        set_rate(optimizer, cosine(step, total, 50, 2e-3))
        batch = scenes("train", 10_000_000 + step * BATCH, BATCH)
        images = pixels(batch) + torch.randn(BATCH, 3, 64, 64) * 0.05
        targets = object_targets(batch)
        logits = model(images.contiguous(memory_format=torch.channels_last))
        loss = functional.binary_cross_entropy_with_logits(logits, targets) * 10
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 50 == 0 or step == total - 1:
            best = logits.argmax(1)
            run.log(step, loss=loss, precision=targets[torch.arange(BATCH), best].mean())
    return model
