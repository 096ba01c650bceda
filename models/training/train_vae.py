"""Stage 2: the autoencoder between pixels and latents."""

from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch.nn import functional

from .average import Average
from .muon import make_muon
from .networks import LATENT_CHANNELS
from .object_classifier import ObjectClassifier, perceptual_distance
from .presets import Preset
from .training_run import TrainingRun, cosine, set_rate
from .world.batch import object_weights, pixels, scenes, to_images
from .world.objects import OBJECTS

KL_WEIGHT = 2e-3
GRADIENT_WEIGHT = 0.5
PERCEPTUAL_WEIGHT = 0.03
OBJECT_WEIGHT = 2.0
# Green against magenta varies least in this world and is learned very late without a push.
GREEN_WEIGHT = 6.0
COLOUR_WEIGHT = 3.0


def make_vae(channels: tuple[int, ...]) -> AutoencoderKL:
    """A stock AutoencoderKL: [batch, 3, h, w] in -1..1 to 4 channels at a quarter of the side."""
    # One normalisation group: several groups of two channels each would erase flat colours at the last layers.
    return AutoencoderKL(
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D",) * len(channels),
        up_block_types=("UpDecoderBlock2D",) * len(channels),
        block_out_channels=channels,
        layers_per_block=1,
        latent_channels=LATENT_CHANNELS,
        norm_num_groups=1,
        sample_size=64,
    ).to(memory_format=torch.channels_last)


def gradient_difference(found: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Mean absolute difference of horizontal and vertical steps at full and half size: keeps edges sharp."""
    difference, total = found - wanted, found.new_zeros(())
    for _ in range(2):
        total = total + (difference[..., 1:] - difference[..., :-1]).abs().mean()
        total = total + (difference[..., 1:, :] - difference[..., :-1, :]).abs().mean()
        difference = functional.avg_pool2d(difference, 2)
    return total


def colour_difference(found: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Mean squared difference of 4×4 averages, the green–magenta axis counted `GREEN_WEIGHT` times more."""
    difference = functional.avg_pool2d(found - wanted, 4)
    green = difference[:, 1] - (difference[:, 0] + difference[:, 2]) / 2
    return difference.square().mean() + GREEN_WEIGHT * green.square().mean()


def psnr(found: torch.Tensor, wanted: torch.Tensor) -> float:
    """Peak signal-to-noise ratio in decibels for pixels in -1..1."""
    return float(10 * torch.log10(4.0 / (found.clamp(-1, 1) - wanted).square().mean()))


def train_vae(preset: Preset, folder: Path, classifier: ObjectClassifier | None) -> AutoencoderKL:
    """Returns the smoothed autoencoder; `classifier` adds the perceptual term."""
    torch.manual_seed(preset.seed)
    model = make_vae(preset.vae_channels)
    _start_certain(model)
    average = Average(model, 0.998)
    optimizer = make_muon(model, preset.vae_rate)
    run = TrainingRun(folder, "vae", preset.seed)
    first = run.resume(model=model, average=average, optimizer=optimizer)
    total = preset.vae_images // preset.vae_batch
    for step in run.steps(first, total):
        set_rate(optimizer, cosine(step, total, 100, preset.vae_rate))
        batch = scenes("train", step * preset.vae_batch, preset.vae_batch)
        wanted = pixels(batch).contiguous(memory_format=torch.channels_last)
        posterior = model.encode(wanted).latent_dist
        found = model.decode(posterior.sample()).sample
        weights = object_weights(batch, 64, OBJECT_WEIGHT)
        pixel_loss = ((found - wanted).abs() * weights).mean()
        kl = posterior.kl().mean() / posterior.mean[0].numel()
        colour = colour_difference(found, wanted)
        loss = pixel_loss + COLOUR_WEIGHT * colour + GRADIENT_WEIGHT * gradient_difference(found, wanted) + KL_WEIGHT * kl
        if classifier is not None:
            loss = loss + PERCEPTUAL_WEIGHT * perceptual_distance(classifier, found, wanted)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        average.update(model)
        if step % 50 == 0:
            run.log(step, loss=loss, pixel=pixel_loss, kl=kl, psnr=psnr(found.detach(), wanted))
        if step % 400 == 0 or step == total - 1:
            _sample(run, average.module, step)
    return average.module


@torch.no_grad()
def _start_certain(model: AutoencoderKL) -> None:
    """Lowers the posterior's first variance, so that the noise does not drown the first lessons."""
    channels = model.config.latent_channels
    model.quant_conv.weight[channels:] *= 0.1
    model.quant_conv.bias[channels:] = -4.0


@torch.no_grad()
def _sample(run: TrainingRun, model: AutoencoderKL, step: int) -> None:
    wanted = pixels(scenes("validation", 0, 24)).contiguous(memory_format=torch.channels_last)
    found = model.decode(model.encode(wanted).latent_dist.mode()).sample
    print(f"validation psnr {psnr(found, wanted):.2f} dB at step {step}", flush=True)
    pairs = np.stack([to_images(wanted), to_images(found)], 1).reshape(-1, 64, 64, 3)
    run.grid(f"{step:06d}", pairs, 12)
