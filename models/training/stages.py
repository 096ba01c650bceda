"""The stages in their order; each reads what earlier ones left in the run folder."""

import copy
from pathlib import Path

import torch

from .latent_cache import LatentCache, fill_latents
from .networks import Pooler, Scorer
from .object_classifier import ObjectClassifier
from .presets import Preset
from .train_classifier import train_classifier
from .sampling import Decoder
from .train_denoiser import TextToLatents, train_denoiser
from .train_scorer import train_scorer
from .search_and_distil import SearchSettings, search_and_distil
from .train_encoder import train_encoder
from .train_supervised import Reader, train_supervised
from .train_vae import make_vae, train_vae
from .train_vae_decoder import make_vae_decoder, train_vae_decoder
from .world.objects import OBJECTS


# Without a warm start the right word is seldom among the first proposals.
WIDE = SearchSettings(pictures=12, proposals=10, random_words=10, noises=1, rate=3e-4)


def checkpoint(folder: Path, stage: str) -> dict:
    """The stage's last checkpoint."""
    return torch.load(Path(folder) / stage / "checkpoint.pt", map_location=torch.get_default_device(), weights_only=False)


def load_classifier(preset: Preset, folder: Path) -> ObjectClassifier:
    """The finished perceptual classifier, frozen."""
    model = ObjectClassifier(len(OBJECTS), preset.classifier_width)
    model.load_state_dict(checkpoint(folder, "classifier")["model"])
    return model.eval().requires_grad_(False).to(memory_format=torch.channels_last)


def smoothed(module: torch.nn.Module, folder: Path, stage: str) -> torch.nn.Module:
    """`module` with the stage's averaged weights, frozen."""
    state = checkpoint(folder, stage)["average"]
    module.load_state_dict({name.removeprefix("module."): value for name, value in state.items() if name.startswith("module.")})
    return module.eval().requires_grad_(False)


def load_vae(preset: Preset, folder: Path) -> torch.nn.Module:
    """The finished autoencoder, frozen."""
    return smoothed(make_vae(preset.vae_channels), folder, "vae")


def load_vae_decoder(preset: Preset, folder: Path) -> torch.nn.Module | None:
    """The wider decoder half, frozen; None where its stage has not run, and the VAE's own half draws."""
    if not (Path(folder) / "vae_decoder" / "checkpoint.pt").exists():
        return None
    return smoothed(make_vae_decoder(preset.vae_decoder_channels), folder, "vae_decoder")


def load_decoder(preset: Preset, folder: Path) -> Decoder:
    """The frozen text-to-image half."""
    both = smoothed(TextToLatents(preset), folder, "denoiser")
    scale = LatentCache(folder, preset.latent_scenes).state["scale"]
    return Decoder(both.text_encoder, both.unet, load_vae(preset, folder), scale, load_vae_decoder(preset, folder))


def load_reader(preset: Preset, folder: Path) -> Reader:
    """The supervised backbone and poolers, frozen."""
    return smoothed(Reader(preset), folder, "supervised")


def load_scorer(preset: Preset, folder: Path) -> Scorer:
    """The finished scorer, frozen."""
    return smoothed(Scorer(preset), folder, "scorer")


def load_pooler(preset: Preset, folder: Path, stage: str, length: int) -> Pooler:
    """A pooler that search and distil left behind."""
    return smoothed(Pooler(length, preset.backbone_width, preset.pooler_layers), folder, stage)


def _vae(preset: Preset, folder: Path) -> None:
    ready = (Path(folder) / "classifier" / "checkpoint.pt").exists()
    train_vae(preset, folder, load_classifier(preset, folder) if ready else None)


def _latents(preset: Preset, folder: Path) -> None:
    fill_latents(preset, folder, load_vae(preset, folder))


def _denoiser(preset: Preset, folder: Path) -> None:
    train_denoiser(preset, folder, load_vae(preset, folder), load_vae_decoder(preset, folder))


def _vae_decoder(preset: Preset, folder: Path) -> None:
    train_vae_decoder(preset, folder, load_vae(preset, folder))


def _relaxed(preset: Preset, folder: Path) -> None:
    """Diffusion loss only, at 15 tokens: relaxed Gumbel-softmax, then search and distil without any anchor."""
    backbone, decoder = load_reader(preset, folder).backbone, load_decoder(preset, folder)
    pooler = train_encoder(preset, folder, backbone, decoder, 15)
    search_and_distil(preset, folder, backbone, decoder, pooler.requires_grad_(True), "diffusion_only_15", preset.search_steps, settings=WIDE)


def _distil(preset: Preset, folder: Path) -> None:
    """Warm start, then search and distil, for every length."""
    reader, decoder = load_reader(preset, folder), load_decoder(preset, folder)
    for length in (75, 15, 5):
        anchor = reader.poolers[str(length)]
        pooler = copy.deepcopy(anchor).requires_grad_(True).train()
        search_and_distil(preset, folder, reader.backbone, decoder, pooler, f"distilled_{length}", preset.search_steps, anchor)


STAGES = {
    "classifier": train_classifier,
    "vae": _vae,
    "latents": _latents,
    "denoiser": _denoiser,
    "vae_decoder": _vae_decoder,
    "scorer": train_scorer,
    "supervised": train_supervised,
    "relaxed": _relaxed,
    "distil": _distil,
}
