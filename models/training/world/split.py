"""Training, validation and held-out scenes: apart by seed and by object × backdrop pair."""

import hashlib

import numpy as np

from .attributes import BACKDROPS
from .objects import OBJECT_WORDS
from .scene import Scene, draw_scene

SPLITS = ("train", "validation", "heldout")


def pair_split(word: str, backdrop: str) -> str:
    """The only split in which this object may stand on this backdrop (about 82 / 6 / 12 percent)."""
    digest = hashlib.sha256(f"{word} on {backdrop}".encode()).digest()
    share = int.from_bytes(digest[:4], "big") / 2**32
    return "heldout" if share < 0.12 else "validation" if share < 0.18 else "train"


def scene_split(scene: Scene) -> str:
    """`train` when every object may stand there in training, else the split of the first other object."""
    for placed in scene.objects:
        split = pair_split(placed.word, scene.backdrop)
        if split != "train":
            return split
    return "train"


def scene_of(split: str, seed: int, two_objects: float = 0.2) -> Scene:
    """The scene number `seed` of a split: the same for ever, and never one of another split."""
    rng = np.random.default_rng((SPLITS.index(split), seed))
    while True:
        scene = draw_scene(rng, two_objects)
        if scene_split(scene) == split:
            return scene


def pairs_of(split: str) -> set[tuple[str, str]]:
    """All object × backdrop pairs that belong to a split."""
    return {(word, backdrop) for word in OBJECT_WORDS for backdrop in BACKDROPS if pair_split(word, backdrop) == split}
