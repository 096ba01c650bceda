"""Stage 7: a pooler taught by the frozen decoder's diffusion loss alone, through a discrete relaxation."""

from pathlib import Path

import torch

from .discrete import choice_states, gumbel_choice
from .muon import make_muon
from .networks import PatchEncoder, Pooler
from .presets import Preset
from .sampling import Decoder
from .teacher import Lessons, diffusion_errors, draw_noise, make_lessons
from .training_run import TrainingRun, cosine, set_rate

RATE = 7e-4
HOT, COLD = 1.5, 0.3
GUMBEL_NOISE = 0.3
LESSONS = 1024
FIRST_SEED = 60_000_000


def encoder_loss(pooler: Pooler, decoder: Decoder, lessons: Lessons, temperature: float, form: str) -> torch.Tensor:
    """Mean diffusion loss of the pictures given the pooler's (soft) texts.

    Logits are centred over the batch, so that no word wins for every picture before any query has looked.
    """
    logits, _ = pooler(lessons.features)
    logits = logits - logits.mean(0, keepdim=True)
    choice = gumbel_choice(logits, temperature, GUMBEL_NOISE, form)
    noise, timesteps = draw_noise(lessons.latents)
    return diffusion_errors(decoder, lessons, choice_states(decoder, choice, pooler.allowed), noise, timesteps).mean()


def train_encoder(
    preset: Preset, folder: Path, backbone: PatchEncoder, decoder: Decoder, length: int, form: str = "relaxed"
) -> Pooler:
    """Trains a fresh pooler; backbone and decoder stay as they are."""
    torch.manual_seed(preset.seed + 7)
    pooler = Pooler(length, preset.backbone_width, preset.pooler_layers)
    optimizer = make_muon(pooler, RATE)
    run = TrainingRun(folder, f"{form}_{length}", preset.seed + 7)
    first = run.resume(pooler=pooler, optimizer=optimizer)
    total = preset.relaxed_images // preset.encoder_batch
    lessons = make_lessons(backbone, decoder, "train", FIRST_SEED, min(LESSONS, preset.relaxed_images))
    for step in run.steps(first, total):
        set_rate(optimizer, cosine(step, total, 20, RATE))
        temperature = HOT * (COLD / HOT) ** (step / max(1, total - 1))
        batch = lessons.pick(torch.randint(len(lessons.scenes), (preset.encoder_batch,)))
        loss = encoder_loss(pooler, decoder, batch, temperature, form)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 20 == 0 or step == total - 1:
            run.log(step, loss=loss, temperature=temperature)
    return pooler
