"""Measures a pack on scenes it never saw: `python -m training.evaluate --pack packs/tiny-scenes [--scenes 1000]`.

Writes one JSON object per text arm into the output file, keeping arms that are already there, and two grids: the
pictures alone, and under their originals. `--run` measures a run's latest checkpoint in the place of the pack's decoder.
The arm `autoencoder` has no text: its pictures went through the autoencoder alone, and are the best that any text can get.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np

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
    """Share of the objects shown whose word is in the text."""
    found = [placed.word in words for words, scene in zip(texts, scenes) for placed in scene.objects]
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


def measure(runtime: PackRuntime, reader: PackRuntime, arm: str, scenes: list[Scene], images: np.ndarray, options: dict) -> tuple[dict, np.ndarray]:
    """The arm's row of the table, and its pictures. Pixels are compared at the originals' side."""
    started = time.monotonic()
    parts = range(0, len(scenes), BATCH)
    row = {}
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
    row |= {
        "meanAbsoluteError": float(np.abs(difference).mean()),
        "rootMeanSquareError": float(np.sqrt((difference**2).mean())),
        "scorerSimilarity": float(similarity.mean()),
        "scorerSimilaritySpread": float(similarity.std()),
        "fidelity": float(rate_fidelity(similarity, small, images).mean()),
        **read_again(reader, small, scenes),
        **summarise([judge_picture(picture, scene) for picture, scene in zip(pictures, scenes)], scenes),
        "seconds": round(time.monotonic() - started, 1),
    }
    return {name: round(value, 4) for name, value in row.items()}, pictures


def save_grids(folder: Path, name: str, scenes: list[Scene], pictures: np.ndarray) -> None:
    """`name.png` has a row of originals over each row of pictures, `name-alone.png` the pictures alone."""
    shown = pictures[: 4 * GRID_COLUMNS]
    originals = np.stack([render(scene, shown.shape[1]) for scene in scenes[: len(shown)]])
    rows = [part[start : start + GRID_COLUMNS] for start in range(0, len(shown), GRID_COLUMNS) for part in (originals, shown)]
    enlarge = 2 if shown.shape[1] == SEEN_SIDE else 1
    if len(shown) % GRID_COLUMNS == 0:
        save_grid(folder / f"{name}.png", np.concatenate(rows), GRID_COLUMNS, enlarge)
    save_grid(folder / f"{name}-alone.png", shown, GRID_COLUMNS, enlarge)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--run", type=Path, help="run folder whose latest text encoder, U-Net and autoencoder draw")
    parser.add_argument("--preset", choices=sorted(PRESETS), default="cpu", help="the run's preset")
    parser.add_argument("--heads", type=Path, help="folder of other pooler_*.onnx files")
    parser.add_argument("--variant", help="name under which rows measured with --heads are kept")
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
    if arguments.run:
        runtime = RunRuntime(arguments.pack, PRESETS[arguments.preset], arguments.run, arguments.threads)
    else:
        runtime = PackRuntime(arguments.pack, arguments.heads, arguments.threads)
    scenes = [scene_of(arguments.split, seed) for seed in range(arguments.scenes)]
    images = np.stack([render(scene) for scene in scenes])
    given = {name: getattr(arguments, name) for name in ("steps", "guidance", "guidance_from", "scheduler")}
    options = reader.defaults | {name: value for name, value in given.items() if value is not None}
    for arm in arguments.arms.split(","):
        row, pictures = measure(runtime, reader, arm, scenes, images, options)
        print(arm, json.dumps(row), flush=True)
        # Read again before writing: another process may be measuring other arms into the same file.
        known = json.loads(output.read_text()) if output.exists() else {}
        known |= {"split": arguments.split, "generation": options}
        known.setdefault("originalsReadAgain", round(read_again(reader, images, scenes)["objectReadAgain"], 4))
        table = known.setdefault("variants", {}).setdefault(arguments.variant, {}) if arguments.variant else known.setdefault("arms", {})
        table[arm] = row | {"scenes": arguments.scenes}
        write_json(output, known)
        name = "-".join(part for part in (arguments.split, arguments.variant, arm) if part)
        save_grids(arguments.grids or arguments.pack / "grids", name, scenes, pictures)


if __name__ == "__main__":
    main()
