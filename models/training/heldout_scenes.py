"""Held-out scenes as files, for the studio's own measurements: pictures, the short caption of each beside it, and what is true of them.

    python -m training.heldout_scenes --scenes 100 --output scenes
    dediffusion evaluate search scenes --facts scenes/facts.json --from encoder,nothing,text --out figures
"""

import argparse
from pathlib import Path

from PIL import Image

from .export_pack import write_json
from .place_words import words_of_places
from .world.facts import facts_of
from .world.render import render
from .world.slots import TEMPLATES, slot_words
from .world.split import scene_of
from .world.telling import short_caption

SIDE = 256


def write_scenes(folder: Path, scenes: int, length: int) -> None:
    """Scene 0 to `scenes` - 1 of the held-out split as `000.png` and `000.txt`, and `facts.json` with the true words of a text of `length` and the kinds of words."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {}
    for seed in range(scenes):
        scene = scene_of("heldout", seed)
        facts, name = facts_of(scene), f"{seed:03}"
        Image.fromarray(render(scene, SIDE)).save(folder / f"{name}.png")
        (folder / f"{name}.txt").write_text(" ".join(short_caption(facts)) + "\n", encoding="utf-8")
        words = slot_words(facts, length)
        told[f"{name}.png"] = {"words": sorted(set(words)), "objects": [placed.word for placed in scene.objects]}
    write_json(folder / "facts.json", {"pictures": told, "kinds": kinds_of_words(length)})


def kinds_of_words(length: int) -> dict[str, list[str]]:
    """The words of each kind of fact that a text of `length` tells; places of two objects or two colours have one kind."""
    kinds: dict[str, set[str]] = {}
    for place, words in zip(TEMPLATES[length], words_of_places(length), strict=True):
        if place.startswith("{"):
            kinds.setdefault(place.strip("{}").removeprefix("other"), set()).update(words)
    return {kind: sorted(words) for kind, words in kinds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=100)
    parser.add_argument("--length", type=int, default=15, choices=(5, 15, 75))
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    write_scenes(options.output, options.scenes, options.length)


if __name__ == "__main__":
    main()
