"""The stages in their order; each reads what earlier ones left in the run folder."""

from functools import partial
from pathlib import Path

import torch

from .distil import distil, sweep_texts
from .found_words import FoundWords
from .from_nothing import learn_from_nothing
from .imitate import imitate
from .latent_cache import LatentCache, fill_latents
from .networks import Pooler, Scorer
from .object_classifier import ObjectClassifier
from .patch_words import PatchWords
from .presets import Preset
from .train_classifier import train_classifier
from .sampling import Decoder
from .train_denoiser import TextToLatents, train_denoiser
from .train_scorer import train_scorer
from .train_encoder import train_encoder
from .train_supervised import LENGTHS, Reader, train_supervised, varied_batch
from .train_vae import make_vae, train_vae
from .train_vae_decoder import make_vae_decoder, train_vae_decoder
from .world.objects import OBJECTS


# Pictures that other code might have made, at which a distilled pooler is held to the supervised one.
REHEARSED_SEED, REHEARSED = 80_000_000, 384


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


def load_found(folder: Path, stage: str) -> FoundWords:
    """What sweeps have found so far."""
    kept = checkpoint(folder, stage)["found"]
    found = FoundWords(*kept["words"].shape)
    found.load_state_dict(kept)
    return found


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
    """The diffusion loss alone, at 15 tokens, through the paper's relaxation; it needs a larger decoder than these presets afford."""
    train_encoder(preset, folder, load_reader(preset, folder).backbone, load_decoder(preset, folder), 15)


def _from_nothing(preset: Preset, folder: Path) -> None:
    """The diffusion loss alone, at 15 tokens: a pupil of random weights proposes words, the loss judges them; it may be stopped at any time."""
    torch.manual_seed(preset.seed + 7)
    pupil = PatchWords(15, preset.backbone_width)
    learn_from_nothing(preset, folder, load_reader(preset, folder).backbone, load_decoder(preset, folder), pupil, "from_nothing_15")


def _imitate(preset: Preset, folder: Path) -> None:
    """A pooler is told what the pupil has learned so far."""
    pupil = smoothed(PatchWords(15, preset.backbone_width), folder, "from_nothing_15")
    imitate(preset, folder, load_reader(preset, folder).backbone, load_decoder(preset, folder), pupil, "diffusion_only_15")


def _sweep(length: int, preset: Preset, folder: Path) -> None:
    """The supervised pooler's texts of this length, swept; it may be stopped at any time."""
    reader = load_reader(preset, folder)
    sweep_texts(preset, folder, reader.backbone, load_decoder(preset, folder), reader.poolers[str(length)], f"swept_{length}", preset.sweep_steps)


def _distil(length: int, preset: Preset, folder: Path) -> None:
    """The supervised pooler of this length, taught on by what its sweeps have found so far."""
    reader, found = load_reader(preset, folder), load_found(folder, f"swept_{length}")
    with torch.no_grad():
        parts = [varied_batch("train", REHEARSED_SEED + start, min(64, REHEARSED - start), preset.seed)[0] for start in range(0, REHEARSED, 64)]
        rehearsed = torch.cat([reader.backbone(pictures) for pictures in parts])
    anchor = reader.poolers[str(length)]
    distil(preset, folder, reader.backbone, load_decoder(preset, folder), anchor, found, rehearsed, f"distilled_{length}")


STAGES = {
    "classifier": train_classifier,
    "vae": _vae,
    "latents": _latents,
    "denoiser": _denoiser,
    "vae_decoder": _vae_decoder,
    "scorer": train_scorer,
    "supervised": train_supervised,
    "relaxed": _relaxed,
    "from_nothing": _from_nothing,
    "imitate": _imitate,
    **{f"sweep_{length}": partial(_sweep, length) for length in LENGTHS},
    **{f"distil_{length}": partial(_distil, length) for length in LENGTHS},
}
