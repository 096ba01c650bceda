"""Measures a pack on scenes it never saw: `python -m training.evaluate --pack packs/tiny-scenes [--scenes 1000]`.

Writes one JSON object per text arm into the output file, keeping arms that are already there, and two grids: the
pictures alone, and under their originals. `--run` measures a run's latest checkpoint in the place of the pack's decoder.
The arm `autoencoder` has no text: its pictures went through the autoencoder alone, and are the best that any text can get.
`--heads supervised=FOLDER` measures other poolers beside the pack's own, as often as it is given; at the end everything
that was measured together is compared scene by scene.
"""

import argparse
import json
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .compare_arms import DETAILS, compare, names_object, words_changed, words_right
from .export_pack import write_json
from .fidelity import rate_fidelity
from .judges import block_means, judge_picture, summarise
from .pack_runtime import PackRuntime
from .presets import PRESETS
from .run_runtime import RunRuntime
from .training_run import save_grid
from .world.facts import facts_of
from .world.render import render
from .world.scene import Scene
from .world.split import scene_of
from .world.telling import dense_caption, short_caption

AUTOENCODER = "autoencoder"
ARMS = ("dediffusion5", "dediffusion15", "dediffusion75", "short", "dense", "other", AUTOENCODER)
BATCH = 50
SEEN_SIDE = 64
GRID_COLUMNS = 12
OWN = "own"


@dataclass
class Measured:
    """An arm's row of the table, its pictures, its texts (none for the autoencoder) and what each scene measured, [scenes]."""

    row: dict[str, float]
    pictures: np.ndarray
    texts: list[list[str]] | None = None
    each: dict[str, np.ndarray] = field(default_factory=dict)


def texts_of(arm: str, runtime: PackRuntime, scenes: list[Scene], images: np.ndarray) -> list[list[str]]:
    """Each scene's text: by the encoder, by the world's own captions, or the encoder's for another scene."""
    if arm.startswith("dediffusion"):
        return runtime.encode(images, int(arm.removeprefix("dediffusion")))
    if arm == "other":
        texts = runtime.encode(images, 75)
        return texts[1:] + texts[:1]
    tell = {"short": short_caption, "dense": dense_caption}[arm]
    return [tell(facts_of(scene)) for scene in scenes]


def object_recall(texts: list[list[str]], scenes: list[Scene]) -> float:
    """Share of the objects shown whose word, or a synonym of it, is in the text."""
    found = [names_object(words, placed.word) for words, scene in zip(texts, scenes) for placed in scene.objects]
    return float(np.mean(found))


def read_again(reader: PackRuntime, pictures: np.ndarray, scenes: list[Scene]) -> dict[str, float]:
    """Shares of objects whose words the pack's encoder writes when it reads uint8 pictures [n, 64, 64, 3] in 5 tokens.

    The encoder learned from the world's pictures and never from the decoder's, so it stands in for a person who is asked
    what a picture shows. By chance it would be one in the number of objects.
    """
    texts = reader.encode(pictures, 5)
    named = [[placed.word in words for placed in scene.objects] for words, scene in zip(texts, scenes)]
    lone, pairs = ([right for right in named if len(right) == count] for count in (1, 2))
    shares = {"objectReadAgain": [right for (right,) in lone], "bothReadAgain": [all(right) for right in pairs]}
    return {name: float(np.mean(values)) for name, values in shares.items() if values}


def decibels(pictures: np.ndarray, images: np.ndarray) -> float:
    """Peak signal-to-noise ratio of all uint8 pixels together."""
    square = np.square(pictures.astype(np.float32) - images.astype(np.float32)).mean()
    return float(10 * np.log10(255**2 / max(float(square), 1e-9)))


def at_seen_side(pictures: np.ndarray) -> np.ndarray:
    """uint8 pictures [n, 64, 64, 3] as the encoder and the scorer see them: block means of larger ones."""
    if pictures.shape[1] == SEEN_SIDE:
        return pictures
    return np.stack([np.round(block_means(picture, SEEN_SIDE)).astype(np.uint8) for picture in pictures])


def measure(runtime: PackRuntime, reader: PackRuntime, arm: str, scenes: list[Scene], images: np.ndarray, options: dict) -> Measured:
    """Measures one arm. Pixels are compared at the originals' side."""
    started = time.monotonic()
    parts = range(0, len(scenes), BATCH)
    row, texts = {}, None
    if arm == AUTOENCODER:
        pictures = np.concatenate([runtime.reconstruct(images[start : start + BATCH]) for start in parts])
        originals = np.stack([render(scene, pictures.shape[1]) for scene in scenes])
        row["decibels"] = decibels(at_seen_side(pictures), images)
        row["decibelsAtOwnSide"] = decibels(pictures, originals)
    else:
        texts = [text for start in range(0, len(scenes), 500) for text in texts_of(arm, runtime, scenes[start : start + 500], images[start : start + 500])]
        pictures = np.concatenate([runtime.generate(texts[start : start + BATCH], first=start, **options) for start in parts])
        row["objectWordRecall"] = object_recall(texts, scenes)
        row["meanWords"] = float(np.mean([len(text) for text in texts]))
    row["secondsDrawing"] = round(time.monotonic() - started, 1)
    small = at_seen_side(pictures)
    difference = (small.astype(np.float32) - images.astype(np.float32)) / 255
    similarity = (runtime.image_embeds(small) * runtime.image_embeds(images)).sum(1)
    fidelity = rate_fidelity(similarity, small, images)
    row |= {
        "meanAbsoluteError": float(np.abs(difference).mean()),
        "rootMeanSquareError": float(np.sqrt((difference**2).mean())),
        "scorerSimilarity": float(similarity.mean()),
        "scorerSimilaritySpread": float(similarity.std()),
        "fidelity": float(fidelity.mean()),
        **read_again(reader, small, scenes),
        **summarise([judge_picture(picture, scene) for picture, scene in zip(pictures, scenes)], scenes),
        "seconds": round(time.monotonic() - started, 1),
    }
    each = {"similarity": similarity, "pixelError": np.abs(difference).mean((1, 2, 3)), "fidelity": fidelity}
    return Measured({name: round(value, 4) for name, value in row.items()}, pictures, texts, each)


def comparisons(measured: dict[tuple[str, str], Measured], scenes: list[Scene]) -> dict[str, dict]:
    """Pairs of what was measured (by heads and arm), by a name that says after and before.

    Heads against the supervised ones at each length, texts of 15 tokens against the short caption, and each length against the next shorter
    one, on all scenes and on those with a detail that short texts cannot hold.
    """
    found = {}

    def put(after: tuple[str, str], before: tuple[str, str], among: str = "") -> None:
        chosen = np.array([not among or DETAILS[among](scene) for scene in scenes])
        # One scene has no standard error.
        if before not in measured or np.count_nonzero(chosen) < 2:
            return
        first, second = measured[before], measured[after]
        row = compare(second.each, first.each, chosen)
        if first.texts and second.texts and after[1] == before[1]:
            row["words"] = words_changed(first.texts, second.texts, scenes)
        found[" ".join((*after, "-", *before, among)).strip()] = row

    for heads, arm in measured:
        if heads != "supervised":
            put((heads, arm), ("supervised", arm))
        if arm == "dediffusion15":
            put((heads, arm), (OWN, "short"))
        shorter = {"dediffusion75": "dediffusion15", "dediffusion15": "dediffusion5"}.get(arm)
        for among in ("", *DETAILS) if shorter else ():
            put((heads, arm), (heads, shorter), among)
    return found


def save_grids(folder: Path, name: str, scenes: list[Scene], pictures: np.ndarray) -> None:
    """`name.png` has a row of originals over each row of pictures, `name-alone.png` the pictures alone."""
    shown = pictures[: 4 * GRID_COLUMNS]
    originals = np.stack([render(scene, shown.shape[1]) for scene in scenes[: len(shown)]])
    rows = [part[start : start + GRID_COLUMNS] for start in range(0, len(shown), GRID_COLUMNS) for part in (originals, shown)]
    enlarge = 2 if shown.shape[1] == SEEN_SIDE else 1
    if len(shown) % GRID_COLUMNS == 0:
        save_grid(folder / f"{name}.png", np.concatenate(rows), GRID_COLUMNS, enlarge)
    save_grid(folder / f"{name}-alone.png", shown, GRID_COLUMNS, enlarge)


def parse_heads(given: list[str]) -> dict[str, Path]:
    """`name=folder` of other poolers."""
    return {name: Path(folder) for name, _, folder in (value.partition("=") for value in given)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--run", type=Path, help="run folder whose latest text encoder, U-Net and autoencoder draw")
    parser.add_argument("--preset", choices=sorted(PRESETS), default="cpu", help="the run's preset")
    parser.add_argument("--heads", action="append", default=[], metavar="NAME=FOLDER", help="folder of other pooler_*.onnx files, and the name of their rows")
    parser.add_argument("--split", default="heldout", choices=("heldout", "validation"))
    parser.add_argument("--scenes", type=int, default=1000)
    parser.add_argument("--arms", default=",".join(ARMS))
    parser.add_argument("--steps", type=int, help="default: the pack's")
    parser.add_argument("--guidance", type=float, help="default: the pack's")
    parser.add_argument("--guidance-from", type=int, help="lowest timestep with guidance; default: the pack's")
    parser.add_argument("--scheduler", help="default: the pack's")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--output", type=Path, help="JSON file; default: evaluation.json in the pack")
    parser.add_argument("--grids", type=Path, help="folder for the grids; default: grids/ in the pack")
    arguments = parser.parse_args()
    output = arguments.output or arguments.pack / "evaluation.json"
    reader = PackRuntime(arguments.pack, threads=arguments.threads)
    # Apart from the reader, because it is given other poolers below: who reads again stays the same.
    runtime = (
        RunRuntime(arguments.pack, PRESETS[arguments.preset], arguments.run, arguments.threads)
        if arguments.run
        else PackRuntime(arguments.pack, threads=arguments.threads)
    )
    scenes = [scene_of(arguments.split, seed) for seed in range(arguments.scenes)]
    images = np.stack([render(scene) for scene in scenes])
    given = {name: getattr(arguments, name) for name in ("steps", "guidance", "guidance_from", "scheduler")}
    options = reader.defaults | {name: value for name, value in given.items() if value is not None}
    measured: dict[tuple[str, str], Measured] = {}

    def write(change: dict) -> None:
        # Read again before writing: another process may be measuring other arms into the same file.
        known = json.loads(output.read_text(encoding="utf-8")) if output.exists() else {}
        write_json(output, merged(known, {"split": arguments.split, "generation": options} | change))

    write({"originalsReadAgain": round(read_again(reader, images, scenes)["objectReadAgain"], 4)})
    for heads, folder in {OWN: runtime.heads, **parse_heads(arguments.heads)}.items():
        runtime.heads = folder
        for arm in arguments.arms.split(","):
            own_only = not arm.startswith("dediffusion")
            if heads != OWN and (own_only or not (folder / f"pooler_{arm.removeprefix('dediffusion')}.onnx").exists()):
                continue
            measured[heads, arm] = found = measure(runtime, reader, arm, scenes, images, options)
            print(heads, arm, json.dumps(found.row), flush=True)
            row = found.row | {"scenes": arguments.scenes}
            write({"arms": {arm: row}} if heads == OWN else {"variants": {heads: {arm: row}}})
            name = "-".join(part for part in (arguments.split, "" if heads == OWN else heads, arm) if part)
            save_grids(arguments.grids or arguments.pack / "grids", name, scenes, found.pictures)
    compared = comparisons(measured, scenes)
    read = {f"{heads} {arm}": words_right(found.texts, scenes) for (heads, arm), found in measured.items() if found.texts and arm.startswith("dediffusion")}
    print(json.dumps({"comparisons": compared, "wordsRight": read}, indent=1), flush=True)
    write({"comparisons": compared, "wordsRight": read})


def merged(known: dict, change: dict) -> dict:
    """`known` with every part of `change` laid over it, tables row by row."""
    tables = {name: merged(known[name], value) for name, value in change.items() if isinstance(value, dict) and isinstance(known.get(name), dict)}
    return known | change | tables


if __name__ == "__main__":
    main()
