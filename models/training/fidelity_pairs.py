"""Whether fidelity ranks as people do: `python -m training.fidelity_pairs --pack packs/tiny-scenes [--scenes 240]`.

Validation scenes are redrawn from the pack's own 75 tokens; those in which every fact judged is right are spoilt in four
ways, and the right redraw must be rated above each. Writes the share of pairs ranked right into evaluation.json.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from .evaluate import BATCH, SEEN_SIDE, at_seen_side
from .export_pack import write_json
from .fidelity import rate_fidelity
from .judges import judge_picture
from .pack_runtime import PackRuntime
from .world.render import render
from .world.scene import Paint, Scene
from .world.split import scene_of

FIRST_SEED = 5_000
BLUR = 1.0
# How far in pixels of 64 the outline of an object is pushed about, over how many pixels.
BENT_PIXELS, BENT_PERIOD = 3.0, 14.0


def is_right(picture: np.ndarray, scene: Scene) -> bool:
    """Whether every object, the backdrop and its first colour are judged right."""
    found = judge_picture(picture, scene)
    return all(found["objects"]) and found["backdrop"] and found["colour"]


def blurred(picture: np.ndarray, scene: Scene) -> np.ndarray:
    """The picture, uint8 [64, 64, 3], a little out of focus."""
    return np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(BLUR)))


def deformed(picture: np.ndarray, scene: Scene) -> np.ndarray:
    """The picture with its objects bent in waves."""
    y, x = np.mgrid[0:SEEN_SIDE, 0:SEEN_SIDE].astype(np.float64)
    near = np.max([_nearness(scene, place) for place in range(len(scene.objects))], 0)
    from_x = np.clip(x + near * BENT_PIXELS * np.sin(2 * np.pi * y / BENT_PERIOD), 0, SEEN_SIDE - 1)
    from_y = np.clip(y + near * BENT_PIXELS * np.cos(2 * np.pi * x / BENT_PERIOD), 0, SEEN_SIDE - 1)
    return _sample(picture, from_x, from_y)


def without_object(picture: np.ndarray, scene: Scene) -> np.ndarray:
    """The picture with one object painted over by the backdrop that the scene has there."""
    empty = render(replace(scene, objects=scene.objects[1:]))
    return _mixed(picture, empty, _nearness(scene, 0))


def on_another_backdrop(picture: np.ndarray, scene: Scene) -> np.ndarray:
    """The picture's objects on another kind of backdrop, in colours far from the scene's."""
    colour = "red" if scene.first.colour in ("teal", "green", "blue") else "teal"
    kind = "checker" if scene.backdrop == "plain" else "plain"
    other = replace(scene, backdrop=kind, first=Paint(colour, "clear", (0.0, 0.0, 0.0)))
    shown = np.abs(render(scene).astype(int) - render(replace(scene, objects=()))).max(-1) > 12
    return _mixed(picture, render(other), 1.0 - shown.astype(np.float64))


SPOILT = {"blurred": blurred, "deformed": deformed, "otherBackdrop": on_another_backdrop, "objectMissing": without_object}


def _nearness(scene: Scene, place: int) -> np.ndarray:
    """float [64, 64]: 1 in the middle of an object's square, falling to 0 at its edge and beyond."""
    placed = scene.objects[place]
    grid = (np.arange(SEEN_SIDE) + 0.5) / SEEN_SIDE
    reach = placed.side / 2 * 1.1
    away = np.maximum(np.abs(grid[None] - placed.centre_x), np.abs(grid[:, None] - placed.centre_y)) / reach
    return np.clip((1 - away) * 6, 0, 1)


def _mixed(picture: np.ndarray, other: np.ndarray, share: np.ndarray) -> np.ndarray:
    return np.round(picture * (1 - share[..., None]) + other * share[..., None]).astype(np.uint8)


def _sample(picture: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Bilinear samples of uint8 [h, w, 3] at positions [h, w]."""
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    right, bottom = np.minimum(left + 1, picture.shape[1] - 1), np.minimum(top + 1, picture.shape[0] - 1)
    across, down = (x - left)[..., None], (y - top)[..., None]
    upper = picture[top, left] * (1 - across) + picture[top, right] * across
    lower = picture[bottom, left] * (1 - across) + picture[bottom, right] * across
    return np.round(upper * (1 - down) + lower * down).astype(np.uint8)


def rank_pairs(pack: PackRuntime, redrawn: np.ndarray, scenes: list[Scene]) -> dict[str, float]:
    """Share of right redraws, uint8 [n, 64, 64, 3], that are rated above each of their spoilt forms, and how many there were."""
    right = [at for at, (picture, scene) in enumerate(zip(redrawn, scenes)) if is_right(picture, scene)]
    originals = np.stack([render(scenes[at]) for at in right])
    wanted = pack.image_embeds(originals)

    def rated(pictures: np.ndarray) -> np.ndarray:
        return rate_fidelity((pack.image_embeds(pictures) * wanted).sum(1), pictures, originals)

    best = rated(redrawn[right])
    shares = {"redraws": float(len(right)), "median": float(np.median(best))}
    for name, spoil in SPOILT.items():
        worse = rated(np.stack([spoil(redrawn[at], scenes[at]) for at in right]))
        shares |= {name: float((best > worse).mean()), f"{name}Median": float(np.median(worse))}
    return {name: round(value, 4) for name, value in shares.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.fidelity_pairs", description=__doc__)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--scenes", type=int, default=240)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    pack = PackRuntime(arguments.pack, threads=arguments.threads)
    scenes = [scene_of("validation", FIRST_SEED + seed) for seed in range(arguments.scenes)]
    texts = pack.encode(np.stack([render(scene) for scene in scenes]), 75)
    parts = range(0, len(scenes), BATCH)
    redrawn = np.concatenate([at_seen_side(pack.generate(texts[start : start + BATCH], first=start, **pack.defaults)) for start in parts])
    shares = rank_pairs(pack, redrawn, scenes)
    print(json.dumps(shares))
    output = arguments.pack / "evaluation.json"
    known = json.loads(output.read_text(encoding="utf-8")) if output.exists() else {}
    write_json(output, known | {"fidelityPairs": shares})


if __name__ == "__main__":
    main()
