"""Writes the pack from a finished run: `python -m training.finish --run FOLDER --pack packs/tiny-scenes`.

`--heads` names the variant of the poolers that ships: distilled (the default: the decoder is its last teacher), or supervised. `--variant` writes
only the poolers of a variant into a folder, for `training.evaluate --heads`. `--parts` says what of the pack is written anew; what it
leaves out stays as it is, so that a run which went on from a pack (`adopt.py`) needs no stage of its own for it.
"""

import argparse
import shutil
from pathlib import Path

from .export_pack import write_decoder, write_encoder, write_json, write_poolers, write_scorer
from .make_pack import LICENCE, write_manifest
from .networks import Pooler
from .presets import PRESETS, Preset
from .stages import load_decoder, load_pooler, load_reader, load_scorer
from .train_supervised import LENGTHS

VARIANTS = ("supervised", "distilled", "diffusion_only")
PARTS = ("decoder", "encoder", "scorer")
# What was measured of graphs that are written anew no longer holds, and neither does what is called foreign.
OUTDATED = ("evaluation.json", "encoder/inside.onnx")
HEAD_STAGES = ("from_nothing_15", "diffusion_only_15", "swept_5", "swept_15", "swept_75", "distilled_5", "distilled_15", "distilled_75")
LOGGED = ("classifier", "vae", "vae_decoder", "denoiser", "supervised", "scorer", *HEAD_STAGES)
# 4 to 5 at the noisier timesteps only was a little ahead of 3 at all of them in similarity, and saves a quarter of the denoiser's work.
DEFAULTS = {"steps": 20, "guidance": 4.0, "guidanceFromTimestep": 250, "scheduler": "dpmpp-2m", "negative": ""}


def taught_lengths(folder: Path, variant: str) -> list[int]:
    """The lengths whose poolers the decoder taught; none of the supervised ones."""
    return [length for length in LENGTHS if (Path(folder) / f"{variant}_{length}" / "checkpoint.pt").exists()]


def load_heads(preset: Preset, folder: Path, variant: str) -> dict[int, Pooler]:
    """The poolers of a variant; where a length was not distilled, the supervised one."""
    reader = load_reader(preset, folder)
    heads = {}
    for length in LENGTHS:
        if length in taught_lengths(folder, variant):
            heads[length] = load_pooler(preset, folder, f"{variant}_{length}", length)
        elif variant != "diffusion_only":
            heads[length] = reader.poolers[str(length)]
    return heads


def write_parts(preset: Preset, run: Path, heads: str, pack: Path, parts: tuple[str, ...]) -> None:
    """Writes graphs of the pack; drops what no longer holds of the others, and notes which poolers ship."""
    if "decoder" in parts:
        decoder = load_decoder(preset, run)
        for half in (decoder.vae, decoder.vae_decoder):
            half.register_to_config(scaling_factor=decoder.scale)
        write_decoder(decoder, pack / "decoder")
    if "encoder" in parts:
        write_encoder(load_reader(preset, run).backbone, load_heads(preset, run, heads), pack / "encoder")
        for stage in (*HEAD_STAGES, "relaxed_15"):
            (pack / f"logs/{stage}.csv").unlink(missing_ok=True)
    if "scorer" in parts:
        write_scorer(load_scorer(preset, run), pack / "scorer")
    for name in OUTDATED:
        (pack / name).unlink(missing_ok=True)
    for grid in (pack / "grids").glob("*.png"):
        grid.unlink()
    write_json(pack / "evaluation.json", {"heads": heads, "taughtLengths": taught_lengths(run, heads)})


def copy_records(run: Path, pack: Path) -> None:
    """Copies each stage's losses and its last grid into the pack."""
    for stage in LOGGED:
        log = run / stage / "losses.csv"
        if log.exists():
            (pack / "logs").mkdir(parents=True, exist_ok=True)
            shutil.copy(log, pack / "logs" / f"{stage}.csv")
        grids = sorted((run / stage / "grids").glob("*.png"))
        if grids:
            (pack / "grids").mkdir(parents=True, exist_ok=True)
            shutil.copy(grids[-1], pack / "grids" / f"training-{stage}.png")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.finish", description=__doc__)
    parser.add_argument("--preset", choices=sorted(PRESETS), default="cpu")
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--pack", type=Path)
    parser.add_argument("--heads", choices=VARIANTS, default="distilled")
    parser.add_argument("--variant", type=Path, help="write only the poolers of --heads into this folder")
    parser.add_argument("--parts", default=",".join(PARTS), help="which parts of the pack are written anew")
    parser.add_argument("--manifest-only", action="store_true", help="the graphs are there: refresh pack.json")
    arguments = parser.parse_args()
    preset = PRESETS[arguments.preset]
    if arguments.variant:
        write_poolers(load_heads(preset, arguments.run, arguments.heads), arguments.variant, preset.backbone_width)
        return
    if not arguments.manifest_only:
        write_parts(preset, arguments.run, arguments.heads, arguments.pack, tuple(arguments.parts.split(",")))
    (arguments.pack / "LICENSE").write_text(LICENCE, encoding="utf-8")
    copy_records(arguments.run, arguments.pack)
    write_manifest(arguments.pack, preset.name, preset.seed, DEFAULTS)


if __name__ == "__main__":
    main()
