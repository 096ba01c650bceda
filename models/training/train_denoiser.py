"""Stage 5: text encoder and denoiser, trained together on cached latents with v-prediction."""

from pathlib import Path

import numpy as np
import torch
from torch import nn

from .average import Average
from .half_training import HalfCopy, fast_kernels, work_dtype
from .latent_cache import LatentCache
from .muon import make_muon
from .networks import LATENT_SIDE, make_text_encoder, make_unet, text_states
from .noise_schedule import add_noise, draw_timesteps
from .presets import Preset
from .sampling import Decoder, fixed_noise
from .tokenizer import encode_batch, vocabulary, word_ids
from .training_run import TrainingRun, constant_then_down, set_rate
from .world.batch import object_weights, on_device, pixels, scenes, to_images
from .world.facts import facts_of
from .world.slots import slot_words
from .world.telling import training_text

OBJECT_CELL_WEIGHT = 3.0
LONG_SHARE = 0.33
SHORT_LENGTH = 26
FOREIGN_SHARE = 0.05
MIX_SHARE = 0.2


class TextToLatents(nn.Module):
    """The two networks that learn together."""

    def __init__(self, preset: Preset):
        super().__init__()
        self.text_encoder = make_text_encoder(preset)
        self.unet = make_unet(preset)


def draw_texts(cache: LatentCache, indices: np.ndarray, rng: np.random.Generator) -> torch.Tensor:
    """Token ids [batch, 26 or 77] of one telling of each scene; a few texts carry tokens that mean nothing here."""
    length = 77 if rng.random() < LONG_SHARE else SHORT_LENGTH
    ids = encode_batch([training_text(cache.facts_at(index), rng, length - 2) for index in indices], length)
    for row in np.nonzero(rng.random(len(indices)) < FOREIGN_SHARE)[0]:
        places = on_device(rng.integers(1, length, 3))
        ids[row, places] = on_device(rng.integers(0, len(vocabulary()), 3))
    return ids


def mixed_embeddings(text_encoder: nn.Module, ids: torch.Tensor) -> torch.Tensor:
    """Token embeddings of which half are mixed, up to 70 percent, with another word's.

    It costs nothing on true texts and teaches the decoder to read the encoder's soft choices.
    """
    table = text_encoder.embeddings.token_embedding
    words = torch.tensor(sorted(word_ids().values()))
    others = words[torch.randint(len(words), ids.shape)]
    share = torch.rand(ids.shape) * 0.7 * (torch.rand(ids.shape) < 0.5)
    share = (share * torch.isin(ids, words))[..., None]
    return table(ids) * (1 - share) + table(others) * share


def train_denoiser(preset: Preset, folder: Path, vae: nn.Module, vae_decoder: nn.Module | None = None) -> TextToLatents:
    """Returns the smoothed networks. The rate is constant until the budget's last part, so that a longer budget goes on from a shorter one."""
    torch.manual_seed(preset.seed + 5)
    cache = LatentCache(folder, preset.latent_scenes)
    model = TextToLatents(preset)
    average = Average(model, 0.998)
    optimizer = make_muon(model, preset.denoiser_rate)
    run = TrainingRun(folder, "denoiser", preset.seed + 5, save_seconds=120)
    first = run.resume(model=model, average=average, optimizer=optimizer)
    half = HalfCopy(model, work_dtype(preset))
    total = preset.denoiser_images // preset.denoiser_batch
    recent = []
    for step in run.steps(first, total):
        set_rate(optimizer, constant_then_down(step - run.adopted, total - run.adopted, 50, preset.denoiser_rate))
        rng = np.random.default_rng((preset.seed, step))
        indices = np.sort(rng.integers(0, cache.state["count"], preset.denoiser_batch))
        ids = draw_texts(cache, indices, rng)
        mixing = torch.rand(()) < MIX_SHARE
        text_encoder, unet = half.work.text_encoder, half.work.unet
        embeddings = mixed_embeddings(text_encoder, ids) if mixing else text_encoder.embeddings.token_embedding(ids)
        latents = on_device(cache.latents[indices]).float().contiguous(memory_format=torch.channels_last)
        weights = 1 + (OBJECT_CELL_WEIGHT - 1) * on_device(cache.cells[indices])[:, None].float()
        timesteps = draw_timesteps(len(indices))
        noised, velocity = add_noise(latents, torch.randn_like(latents), timesteps)
        with fast_kernels():
            states = text_states(text_encoder, embeddings.to(half.dtype))
            found = unet(noised.to(half.dtype), timesteps, states).sample.float()
            loss = ((found - velocity).square() * weights).mean()
            loss.backward()
        half.step(optimizer, 2.0)
        average.update(model)
        recent.append(float(loss.detach()))
        if step % 200 == 199:
            run.log(step + 1, images=(step + 1) * preset.denoiser_batch, loss=np.mean(recent), **_validate(average.module, vae, cache))
            recent = []
        if step % 2000 == 1999 or step == total - 1:
            _sample(run, Decoder(average.module.text_encoder, average.module.unet, vae, cache.state["scale"], vae_decoder), step + 1)
    average.module.requires_grad_(False)
    return average.module


@torch.no_grad()
def _validate(model: TextToLatents, vae: nn.Module, cache: LatentCache) -> dict[str, float]:
    """Error at fixed noise on 32 validation scenes: object cells, all cells, and all cells with an empty text."""
    batch = scenes("validation", 0, 32)
    latents = vae.encode(pixels(batch).contiguous(memory_format=torch.channels_last)).latent_dist.mean * cache.state["scale"]
    timesteps = torch.linspace(250, 850, 32).long()
    noised, velocity = add_noise(latents, fixed_noise(latents.shape, 1), timesteps)
    told = encode_batch([slot_words(facts_of(scene), 75) for scene in batch])
    cells = object_weights(batch, LATENT_SIDE, 2.0) - 1
    result = {}
    for name, ids in (("told", told), ("empty", encode_batch([[]] * 32))):
        error = (model.unet(noised, timesteps, model.text_encoder(ids).last_hidden_state).sample - velocity).square().mean(1, keepdim=True)
        result[name] = float(error.mean())
        result[f"{name}_object"] = float((error * cells).sum() / cells.sum())
    return result


@torch.no_grad()
def _sample(run: TrainingRun, decoder: Decoder, step: int) -> None:
    """A grid of validation scenes, original above picture."""
    batch = scenes("validation", 0, 48)
    found = decoder.sample([slot_words(facts_of(scene), 75) for scene in batch], steps=12)
    wanted = pixels(batch, found.shape[-1])
    rows = [images[start : start + 12] for start in (0, 12, 24, 36) for images in (wanted, found)]
    run.grid(f"{step:06d}", to_images(torch.cat(rows)), 12)
