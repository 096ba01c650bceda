"""Writes MODEL_CARD.md from what was measured, then refreshes pack.json: `python -m training.card --pack packs/tiny-scenes`."""

import argparse
import csv
import json
from pathlib import Path

from .finish import DEFAULTS
from .make_pack import said, write_manifest
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
    "autoencoder": "(d) no text: the autoencoder alone",
}
COLUMNS = (
    ("objectWordRecall", "object words in the text"),
    ("loneObject", "lone object right"),
    ("bothOfTwo", "both of two right"),
    ("backdropKind", "backdrop right"),
    ("backdropPattern", "patterns right"),
    ("firstColour", "first colour right"),
    ("scorerSimilarity", "similarity"),
    ("fidelity", "fidelity"),
    ("meanAbsoluteError", "pixel error"),
    ("objectReadAgain", "read again"),
)
HEAD_NAMES = {
    "supervised": "supervised: the generator's captions",
    "diffusion_only": "(a) the frozen decoder's diffusion loss alone, from random weights",
    "distilled": "(b) supervised, then taught by the decoder",
}
NOTES = Path(__file__).parent / "notes.md"


def row(name: str, values: dict) -> str:
    """One line of a table."""
    return f"| {name} | " + " | ".join(f"{values[key]:.3f}" if key in values else "" for key, _ in COLUMNS) + f" | {values['scenes']} |"


def header(first: str) -> list[str]:
    """The table's two opening lines."""
    return [f"| {first} | " + " | ".join(title for _, title in COLUMNS) + " | scenes |", "|---" * (len(COLUMNS) + 2) + "|"]


def stage_table(pack: Path) -> list[str]:
    """Steps, minutes and last logged values of every stage, from the logs."""
    lines = ["| stage | last step logged | minutes | last values |", "|---|---|---|---|"]
    for path in sorted((pack / "logs").glob("*.csv")):
        with open(path, newline="") as file:
            last = list(csv.DictReader(file))[-1]
        values = ", ".join(f"{key} {float(value):.3g}" for key, value in last.items() if value and key not in ("step", "seconds"))
        lines.append(f"| {path.stem} | {last['step']} | {float(last['seconds']) / 60:.0f} | {values} |")
    return lines


def taught_line(found: dict) -> str:
    """Which poolers ship, and who taught them."""
    lengths = found.get("taughtLengths", [])
    if not lengths:
        return "The encoder that ships was taught by the generator's captions (`supervised`), not by the frozen decoder."
    return (
        f"The encoder that ships began with the generator's captions (`supervised`); at {said(lengths)} tokens its last teacher is the frozen decoder, "
        f"whose diffusion loss judged its words (`{found['heads']}`)."
    )


def head_lines(found: dict) -> list[str]:
    """The poolers side by side, and what differs between arms that were measured on the same scenes."""
    ships = found.get("heads", "supervised")
    tables = {**found.get("variants", {}), ships: found["arms"]}
    lines = ["## Who taught the encoder", "", taught_line(found), ""]
    lines += ["The backbone is the supervised one in all three and frozen: its features saw the generator's captions.", ""]
    lines += header("taught by, tokens")
    for heads, name in HEAD_NAMES.items():
        for arm, values in tables.get(heads, {}).items():
            if arm.startswith("dediffusion"):
                lines.append(row(f"{name}{' (ships)' if heads == ships else ''}, {arm.removeprefix('dediffusion')}", values))
    if "comparisons" in found:
        lines += ["", "Paired differences over the same scenes (mean ± standard error):", ""]
        lines += ["| after - before | similarity | pixel error | fidelity | scenes | words made true / false |", "|---|---|---|---|---|---|"]
        for name, pair in found["comparisons"].items():
            parts = (f"{pair[key][0]:+.4f} ± {pair[key][1]:.4f}" for key in ("similarity", "pixelError", "fidelity"))
            words = ", ".join(f"{kind} {true}/{false}" for kind, (true, false) in pair.get("words", {}).items())
            lines.append(f"| {_named(name, ships)} | " + " | ".join(parts) + f" | {pair['scenes']} | {words} |")
    if "wordsRight" in found:
        kinds = list(dict.fromkeys(kind for shares in found["wordsRight"].values() for kind in shares))
        lines += ["", "Share of right words of each kind:", "", "| text | " + " | ".join(kinds) + " |", "|---" * (len(kinds) + 1) + "|"]
        for name, shares in found["wordsRight"].items():
            lines.append(f"| {_named(name, ships)} | " + " | ".join(f"{shares[kind]:.3f}" if kind in shares else "" for kind in kinds) + " |")
    return [*lines, ""]


def _named(pair: str, ships: str) -> str:
    """What `evaluate.py` calls the pack's own heads, by the name of who taught them."""
    return " ".join(ships if word == "own" else word for word in pair.split())


def fidelity_lines(pairs: dict) -> list[str]:
    """How fidelity ranks right redraws against their spoilt forms."""
    spoilt = {"blurred": "blurred by a pixel", "deformed": "object bent", "otherBackdrop": "backdrop exchanged", "objectMissing": "object missing"}
    return [
        "## What fidelity means",
        "",
        f"{pairs['redraws']:.0f} redraws of validation scenes in which every fact judged is right have a median fidelity of {pairs['median']:.2f};",
        "each was spoilt in four ways and must be rated above all of them:",
        "",
        "```",
        "python -m training.fidelity_pairs --pack packs/tiny-scenes",
        "```",
        "",
        "| spoilt | ranked right | median fidelity |",
        "|---|---|---|",
        *(f"| {name} | {pairs[key]:.3f} | {pairs[key + 'Median']:.2f} |" for key, name in spoilt.items()),
        "",
    ]


def foreign_lines(inside: dict) -> list[str]:
    """What is called foreign, of scenes and of pictures of other kinds."""
    return [
        "## Pictures it does not know",
        "",
        f"A score says how surely a picture is of this world; below {inside['threshold']:.3f} its words are called guesses. So are {inside['scenes']:.1%} of",
        f"held-out scenes, {inside['varied']:.1%} of scenes that were enlarged, compressed and relit, and {inside['foreign']:.1%} of pictures of other kinds, from",
        "sources that nothing was fitted on:",
        "",
        "```",
        "python -m training.foreign_pictures --output runs/foreign",
        "python -m training.inside --pack packs/tiny-scenes --foreign runs/foreign",
        "```",
        "",
        "| source | called foreign | pictures |",
        "|---|---|---|",
        *(f"| {name} | {share:.3f} | {count} |" for name, (share, count) in inside["sources"].items()),
        "",
    ]


def level_lines(measured: dict) -> list[str]:
    """Which noise level tells which kind of fact."""
    levels, kinds = measured["levels"], measured["kinds"]
    return [
        "## Which noise tells which fact",
        "",
        f"{measured['scenes']} scenes of the training split with their true texts: the share of noises at which the true word of a place has less loss than every other",
        "word of the place. Objects are left out, because a text names each of them twice.",
        "",
        "```",
        f"python -m training.noise_levels --pack packs/tiny-scenes --scenes {measured['scenes']}",
        "```",
        "",
        "| kind | rivals | noises a share is of | " + " | ".join(f"{level:g}" for level in levels) + " |",
        "|---|---|---|" + "---|" * len(levels),
        *(
            f"| {kind} | {told['rivals']:.1f} | {told['noises']} | " + " | ".join(f"{share:.2f}" for share in told["shares"]) + " |"
            for kind, told in kinds.items()
        ),
        "",
    ]


def write_card(pack: Path, preset: str, seed: int) -> None:
    """Writes the card; every number comes from evaluation.json or the logs."""
    found = json.loads((pack / "evaluation.json").read_text(encoding="utf-8"))
    generation, arms = found["generation"], found["arms"]
    scenes = max(values["scenes"] for values in arms.values())
    decibels = arms.get("autoencoder", {})
    lines = [
        "# Tiny Scenes",
        "",
        "A De-Diffusion autoencoder for a small world: a picture becomes 5, 15 or 75 words, and words become a picture again.",
        "Method: Wei et al., De-Diffusion Makes Text a Strong Cross-Modal Interface, 2023 (arXiv:2311.00618).",
        taught_line(found),
        "",
        "It was trained on a CPU. The denoiser's rate was lowered to its end over its last pictures, and so was that of the wide decoder half; the",
        "reader's was not, and its losses were still falling. The recipe goes on from any of them.",
        "",
        "## What it can describe",
        "",
        f"One or two of these {len(OBJECT_WORDS)} objects: {', '.join(OBJECT_WORDS)}.",
        f"Backdrops: {', '.join(BACKDROPS)}. Colours: {', '.join(COLOUR_WORDS)}. Styles: {', '.join(STYLES)}.",
        "Also each object's size, place, tilt and direction, shadows, frames and small decorations.",
        "",
        "It cannot describe photographs, people, places, writing or anything else outside that list: it names the nearest thing",
        "it knows, and says that it guesses. It does not know the exact place of decorations, more than two objects, or detail below 64 × 64 pixels.",
        "",
        "## Measured on scenes it never saw",
        "",
        "Held-out scenes differ from training scenes by seed, and hold only pairs of object and backdrop that no training scene has.",
        f"Pictures: {generation['steps']} steps of {generation['scheduler']}, guidance {generation['guidance']} from timestep {generation.get('guidance_from', 0)} up, one seed per scene.",
        "Objects, backdrops and colours are judged by fits that were trained on nothing: each is drawn in every form the world has, and the nearest counts.",
        "",
        "```",
        f"python -m training.evaluate --pack packs/tiny-scenes --scenes {scenes}  # each row says how many it is of",
        "```",
        "",
        *header("text"),
        *(row(name, arms[arm]) for arm, name in ARM_NAMES.items() if arm in arms),
        "",
        *([f"The autoencoder alone: {decibels['decibels']:.1f} dB at 64 pixels, {decibels['decibelsAtOwnSide']:.1f} dB at its own side."] if decibels else []),
        f"Read again: the encoder, which never saw a picture of the decoder, names the lone object in the reconstruction; it does so in "
        f"{found['originalsReadAgain']:.3f} of the originals, and would by chance in {1 / len(OBJECT_WORDS):.3f}.",
        "",
        *head_lines(found),
        *(fidelity_lines(found["fidelityPairs"]) if "fidelityPairs" in found else []),
        *(foreign_lines(found["inside"]) if "inside" in found else []),
        *(level_lines(found["noiseLevels"]) if "noiseLevels" in found else []),
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
    arguments = parser.parse_args()
    preset = PRESETS[arguments.preset]
    write_card(arguments.pack, preset.name, preset.seed)
    write_manifest(arguments.pack, preset.name, preset.seed, DEFAULTS)


if __name__ == "__main__":
    main()
