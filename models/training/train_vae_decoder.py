"""Stage 4: a wider decoder half for the frozen autoencoder, from its latents to pictures larger than the encoder saw.

The encoder half never moves, so this stage may run before, after or beside the denoiser's. It reads the latents that stage
`latents` has written, and draws each scene again at the side that its own levels reach.
"""

from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch.nn import functional

from .average import Average
from .half_training import HalfCopy, fast_kernels, work_dtype
from .latent_cache import TWO_OBJECTS, LatentCache
from .muon import make_muon
from .networks import LATENT_SIDE
from .presets import Preset
from .train_vae import COLOUR_WEIGHT, GRADIENT_WEIGHT, OBJECT_WEIGHT, colour_difference, gradient_difference, make_vae, psnr
from .training_run import TrainingRun, constant_then_down, set_rate
from .world.batch import object_weights, on_device, pixels, scenes, to_images
from .world.split import scene_of

# Gradients alone leave flat areas a shade off; a squared error sees them, and it is what decibels measure.
SQUARE_WEIGHT = 2.0
# Latents that the denoiser draws are a little off; half of the pictures are drawn from latents with up to this deviation.
LATENT_NOISE = 0.1
CHECKED = 128


def make_vae_decoder(channels: tuple[int, ...]) -> AutoencoderKL:
    """A stock AutoencoderKL of which only the decoder half is there: latents [b, 4, 16, 16] to pixels of side `picture_side`."""
    vae = make_vae(channels)
    vae.register_to_config(sample_size=picture_side(channels))
    vae.encoder, vae.quant_conv = None, None
    return vae


def picture_side(channels: tuple[int, ...]) -> int:
    """Side in pixels of what a decoder half with these levels draws from 16×16 latents."""
    return LATENT_SIDE * 2 ** (len(channels) - 1)


def shrink(images: torch.Tensor, side: int = 64) -> torch.Tensor:
    """Block means [batch, 3, side, side] of pictures whose side is a multiple of `side`."""
    factor = images.shape[-1] // side
    return functional.avg_pool2d(images, factor) if factor > 1 else images


def picture_loss(found: torch.Tensor, wanted: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Absolute and squared error with `weights`, colour of 4×4 means, and steps between neighbours for crisp edges."""
    difference = found - wanted
    pixel = ((difference.abs() + SQUARE_WEIGHT * difference.square()) * weights).mean()
    return pixel + COLOUR_WEIGHT * colour_difference(found, wanted) + GRADIENT_WEIGHT * gradient_difference(found, wanted)


def spoil_latents(latents: torch.Tensor) -> torch.Tensor:
    """Latents of unit deviation, half of them with noise of a deviation drawn up to `LATENT_NOISE`."""
    deviation = torch.rand(len(latents), 1, 1, 1) * LATENT_NOISE * (torch.rand(len(latents), 1, 1, 1) < 0.5)
    return latents + torch.randn_like(latents) * deviation


def train_vae_decoder(preset: Preset, folder: Path, vae: AutoencoderKL) -> AutoencoderKL:
    """Returns the smoothed decoder half; `vae` is the frozen autoencoder, whose encoder makes the latents it is checked on."""
    torch.manual_seed(preset.seed + 7)
    cache = LatentCache(folder, preset.latent_scenes)
    side = picture_side(preset.vae_decoder_channels)
    model = make_vae_decoder(preset.vae_decoder_channels)
    average = Average(model, 0.998)
    optimizer = make_muon(model, preset.vae_decoder_rate)
    run = TrainingRun(folder, "vae_decoder", preset.seed + 7, save_seconds=120)
    first = run.resume(model=model, average=average, optimizer=optimizer)
    half = HalfCopy(model, work_dtype(preset))
    scale = cache.state["scale"]
    total = preset.vae_decoder_images // preset.vae_decoder_batch
    recent = []
    for step in run.steps(first, total):
        set_rate(optimizer, constant_then_down(step, total, 50, preset.vae_decoder_rate))
        indices = np.random.default_rng((preset.seed + 7, step)).integers(0, cache.state["count"], preset.vae_decoder_batch)
        batch = [scene_of("train", int(index), TWO_OBJECTS) for index in indices]
        wanted = pixels(batch, side).contiguous(memory_format=torch.channels_last)
        latents = spoil_latents(on_device(cache.latents[indices]).float()) / scale
        with fast_kernels():
            found = half.work.decode(latents.to(half.dtype).contiguous(memory_format=torch.channels_last)).sample.float()
            loss = picture_loss(found, wanted, object_weights(batch, side, OBJECT_WEIGHT))
            loss.backward()
        half.step(optimizer, 1.0)
        average.update(model)
        recent.append(float(loss.detach()))
        if step % 100 == 99 or step == total - 1:
            images = (step + 1) * preset.vae_decoder_batch
            run.log(step + 1, images=images, loss=np.mean(recent), **check_decoder(average.module, vae, CHECKED))
            recent = []
        if step % 1000 == 999 or step == total - 1:
            _sample(run, average.module, vae, step + 1)
    average.module.requires_grad_(False)
    return average.module


@torch.no_grad()
def check_decoder(model: AutoencoderKL, vae: AutoencoderKL, count: int) -> dict[str, float]:
    """Decibels on validation scenes encoded at 64×64: at the decoder's own side, of block means at 64×64, and there inside the objects' boxes."""
    own, small, inside = [], [], []
    for start in range(0, count, 32):
        batch = scenes("validation", start, min(32, count - start))
        seen = pixels(batch).contiguous(memory_format=torch.channels_last)
        found = model.decode(vae.encode(seen).latent_dist.mean).sample.clamp(-1, 1)
        own.append((found - pixels(batch, found.shape[-1])).square().mean())
        error, boxes = (shrink(found) - seen).square(), object_weights(batch, 64, 2.0) - 1
        small.append(error.mean())
        inside.append((error * boxes).sum() / boxes.sum() / 3)
    decibels = (float(10 * torch.log10(4.0 / torch.stack(errors).mean())) for errors in (own, small, inside))
    return dict(zip(("psnr", "psnr64", "psnr64_object"), decibels))


@torch.no_grad()
def _sample(run: TrainingRun, model: AutoencoderKL, vae: AutoencoderKL, step: int) -> None:
    """A grid of validation scenes, the original as the decoder should draw it above what it draws."""
    batch = scenes("validation", 0, 24)
    found = model.decode(vae.encode(pixels(batch).contiguous(memory_format=torch.channels_last)).latent_dist.mode()).sample
    wanted = pixels(batch, found.shape[-1])
    print(f"vae_decoder {step}: 24 scenes at {found.shape[-1]} pixels {psnr(found, wanted):.2f} dB", flush=True)
    rows = [images[start : start + 8] for start in (0, 8, 16) for images in (wanted, found)]
    run.grid(f"{step:06d}", to_images(torch.cat(rows)), 8)
