"""Measures a pack on scenes it never saw: `python -m training.evaluate --pack packs/tiny-scenes [--count 1000]`.

Writes one JSON object per text arm into the output file, keeping arms that are already there, and a grid of
originals above their pictures.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np

from .export_pack import write_json
from .pack_runtime import PackRuntime
from .training_run import save_grid
from .world.facts import facts_of
from .world.render import render
from .world.scene import Scene
from .world.split import scene_of
from .world.telling import dense_caption, short_caption

ARMS = ("dediffusion5", "dediffusion15", "dediffusion75", "short", "dense", "other")
BATCH = 50


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


def read_again(reader: PackRuntime, pictures: np.ndarray, scenes: list[Scene]) -> float:
    """Share of lone objects whose word the pack's encoder writes when it reads a picture in 5 tokens.

    The encoder learned from the world's pictures and never from the decoder's, so it stands in for a person who is asked
    what a picture shows. By chance it would be one in the number of objects.
    """
    alone = [row for row, scene in enumerate(scenes) if len(scene.objects) == 1]
    return object_recall(reader.encode(pictures[alone], 5), [scenes[row] for row in alone])


def measure(runtime: PackRuntime, reader: PackRuntime, arm: str, scenes: list[Scene], images: np.ndarray, options: dict) -> tuple[dict, np.ndarray]:
    """The arm's row of the table, and its pictures."""
    started = time.monotonic()
    texts = [text for start in range(0, len(scenes), 500) for text in texts_of(arm, runtime, scenes[start : start + 500], images[start : start + 500])]
    pictures = np.concatenate(
        [runtime.generate(texts[start : start + BATCH], first=start, **options) for start in range(0, len(scenes), BATCH)]
    )
    difference = (pictures.astype(np.float32) - images.astype(np.float32)) / 255
    similarity = (runtime.image_embeds(pictures) * runtime.image_embeds(images)).sum(1)
    row = {
        "objectWordRecall": object_recall(texts, scenes),
        "meanWords": float(np.mean([len(text) for text in texts])),
        "meanAbsoluteError": float(np.abs(difference).mean()),
        "rootMeanSquareError": float(np.sqrt((difference**2).mean())),
        "scorerSimilarity": float(similarity.mean()),
        "scorerSimilaritySpread": float(similarity.std()),
        "objectReadAgain": read_again(reader, pictures, scenes),
        "seconds": round(time.monotonic() - started, 1),
    }
    return {name: round(value, 4) for name, value in row.items()}, pictures


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--heads", type=Path, help="folder of other pooler_*.onnx files")
    parser.add_argument("--variant", help="name under which rows measured with --heads are kept")
    parser.add_argument("--split", default="heldout", choices=("heldout", "validation"))
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--arms", default=",".join(ARMS))
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--guidance", type=float, default=3.0)
    parser.add_argument("--scheduler", default="dpmpp-2m")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--output", type=Path, help="JSON file; default: evaluation.json in the pack")
    parser.add_argument("--grids", type=Path, help="folder for the grids; default: grids/ in the pack")
    arguments = parser.parse_args()
    output = arguments.output or arguments.pack / "evaluation.json"
    runtime = PackRuntime(arguments.pack, arguments.heads, arguments.threads)
    reader = PackRuntime(arguments.pack, threads=arguments.threads)
    scenes = [scene_of(arguments.split, seed) for seed in range(arguments.count)]
    images = np.stack([render(scene) for scene in scenes])
    options = {"steps": arguments.steps, "guidance": arguments.guidance, "scheduler": arguments.scheduler}
    for arm in arguments.arms.split(","):
        row, pictures = measure(runtime, reader, arm, scenes, images, options)
        print(arm, json.dumps(row), flush=True)
        # Read again before writing: another process may be measuring other arms into the same file.
        known = json.loads(output.read_text()) if output.exists() else {}
        known |= {"split": arguments.split, "generation": options}
        known.setdefault("originalsReadAgain", round(read_again(reader, images, scenes), 4))
        table = known.setdefault("variants", {}).setdefault(arguments.variant, {}) if arguments.variant else known.setdefault("arms", {})
        table[arm] = row | {"scenes": arguments.count}
        write_json(output, known)
        name = "-".join(part for part in (arguments.split, arguments.variant, arm) if part)
        pairs = [part[start : start + 12] for start in (0, 12, 24, 36) for part in (images, pictures)]
        save_grid((arguments.grids or arguments.pack / "grids") / f"{name}.png", np.concatenate(pairs), 12)


if __name__ == "__main__":
    main()
