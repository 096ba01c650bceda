"""Held-out scenes and what the world itself draws of one's object in the other's scene, for the studio's own measurements of blends.

    python -m training.heldout_blends --pairs 9 --output ../tooling/bench/blend-scenes
"""

import argparse
from dataclasses import replace
from pathlib import Path

from PIL import Image

from .world.render import render
from .world.scene import Scene
from .world.split import scene_of

# What the models see.
SIDE = 64


def blend_of(thing: Scene, place: Scene) -> Scene:
    """The object of the one, where and as large as it is, in all else of the other."""
    return replace(place, objects=thing.objects, arrangement=thing.arrangement)


def write_blends(folder: Path, pairs: int) -> None:
    """Scenes 0 to `pairs` - 1 of one object as `0.png` and on, and the object of each in the scene of the next as `0-in-1.png`; the last one's next is the first."""
    folder.mkdir(parents=True, exist_ok=True)
    scenes = [scene_of("heldout", seed, two_objects=0.0) for seed in range(pairs)]
    for at, scene in enumerate(scenes):
        following = (at + 1) % pairs
        Image.fromarray(render(scene, SIDE)).save(folder / f"{at}.png", optimize=True)
        Image.fromarray(render(blend_of(scene, scenes[following]), SIDE)).save(folder / f"{at}-in-{following}.png", optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    write_blends(arguments.output, arguments.pairs)


if __name__ == "__main__":
    main()
