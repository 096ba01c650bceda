"""Makes a run folder that goes on from a published pack: `python -m training.adopt --pack packs/tiny-scenes --run runs/cpu`.

The pack's graphs hold every weight by name, so a pack is a checkpoint without optimiser. The autoencoder's encoder half
stays as it is for good: latents keep their meaning, and every later denoiser goes on from an earlier one.
"""

import argparse
from pathlib import Path

import torch
from diffusers import AutoencoderKL

from .average import Average
from .presets import PRESETS, Preset
from .to_diffusers import graph_weights
from .train_denoiser import TextToLatents
from .train_supervised import LENGTHS, Reader
from .train_vae import make_vae
from .train_vae_decoder import make_vae_decoder


def adopt_vae(preset: Preset, pack: Path, folder: Path, step: int) -> None:
    """The autoencoder of a pack as the finished stage `vae`."""
    model = make_vae(preset.vae_channels)
    decoder = Path(pack) / "decoder"
    seeing, drawing = (graph_weights(decoder / f"{half}/model.onnx", "vae") for half in ("vae_encoder", "vae_decoder"))
    levels = AutoencoderKL.load_config(decoder / "vae_decoder")["block_out_channels"]
    if tuple(levels) == preset.vae_channels:
        model.load_state_dict(seeing | drawing)
    else:
        # The encoder is what every later stage needs; pictures are drawn by the wider half, which becomes its own stage.
        model.load_state_dict(model.state_dict() | seeing)
        wide = make_vae_decoder(tuple(levels))
        wide.load_state_dict(drawing)
        _write(folder, "vae_decoder", wide, 0)
    _write(folder, "vae", model, step)


def adopt_denoiser(preset: Preset, pack: Path, folder: Path, step: int, weights: Path | None = None) -> None:
    """The text encoder and U-Net of a pack, or of a checkpoint's `master` weights, as the stage `denoiser` at `step`."""
    model = TextToLatents(preset)
    if weights:
        model.load_state_dict(torch.load(weights, map_location="cpu", weights_only=False)["master"])
    else:
        decoder = Path(pack) / "decoder"
        model.unet.load_state_dict(graph_weights(decoder / "unet/model.onnx", "unet"))
        model.text_encoder.load_state_dict(graph_weights(decoder / "text_encoder/model.onnx", "text_encoder"), strict=False)
    _write(folder, "denoiser", model, step)


def adopt_reader(preset: Preset, pack: Path, folder: Path, step: int) -> None:
    """The backbone and poolers of a pack as the stage `supervised` at `step`."""
    reader = Reader(preset)
    encoder = Path(pack) / "encoder"
    # Names that a graph needs no weights for (products with constants folded away) would be missing; none is.
    reader.backbone.load_state_dict(graph_weights(encoder / "backbone.onnx", ""), strict=False)
    for length in LENGTHS:
        reader.poolers[str(length)].load_state_dict(graph_weights(encoder / f"pooler_{length}.onnx", "pooler"))
    _write(folder, "supervised", reader, step)


def _write(folder: Path, stage: str, model: torch.nn.Module, step: int) -> None:
    target = Path(folder) / stage / "checkpoint.pt"
    if target.exists():
        raise FileExistsError(f"{target} is there already; training goes on from it without adopting anything")
    target.parent.mkdir(parents=True, exist_ok=True)
    average = Average(model, 0.998)
    torch.save({"model": model.state_dict(), "average": average.state_dict(), "step": step, "adopted": step, "seconds": 0.0}, target)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.adopt", description=__doc__)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--preset", choices=sorted(PRESETS), default="cpu")
    parser.add_argument("--denoiser", type=Path, help="checkpoint with `master` weights to take instead of the pack's")
    parser.add_argument("--images", type=int, default=0, help="how many pictures the denoiser has seen")
    parser.add_argument("--read-images", type=int, default=0, help="how many pictures the reader has seen")
    arguments = parser.parse_args()
    preset = PRESETS[arguments.preset]
    adopt_vae(preset, arguments.pack, arguments.run, preset.vae_images // preset.vae_batch)
    adopt_denoiser(preset, arguments.pack, arguments.run, arguments.images // preset.denoiser_batch, arguments.denoiser)
    adopt_reader(preset, arguments.pack, arguments.run, arguments.read_images // preset.encoder_batch)


if __name__ == "__main__":
    main()
