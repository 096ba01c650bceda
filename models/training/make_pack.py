"""Puts a pack folder together: graphs, manifest, sample scenes, licence."""

import hashlib
import json
from pathlib import Path

from PIL import Image

from .export_pack import write_json
from .fidelity import CURVE
from .place_words import words_of_places
from .world import attributes as a
from .world.objects import OBJECTS
from .world.render import render
from .world.split import scene_of

COMMAND = "python -m training --preset {preset} --run runs/{preset} && python -m training.finish --preset {preset} --run runs/{preset} --pack packs/tiny-scenes"

LICENCE = """MIT License

Copyright (c) 2026 The De-Diffusion Studio authors

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

Notice for the artwork
----------------------
The objects in the sample scenes and in the pictures this pack was trained on are drawn with Noto Color Emoji,
copyright Google LLC. The font is licensed under the SIL Open Font License, Version 1.1 (https://openfontlicense.org);
its emoji images are licensed under the Apache License, Version 2.0 (https://www.apache.org/licenses/LICENSE-2.0).
The font itself is not part of this pack.
"""
NOTICE = "Emoji artwork in the sample scenes: Noto Color Emoji, copyright Google LLC, SIL Open Font License 1.1 and Apache License 2.0."

# Scenes of the held-out split that show off styles and backdrops, and the side of their picture in pixels.
SAMPLES: tuple[tuple[int, int], ...] = ((900_053, 512), (900_034, 384), (900_079, 512), (900_005, 256), (900_002, 448), (900_051, 320))


# The graph that says whether a picture is of the pack's world, and the head whose certainty it reads.
INSIDE_GRAPH = "encoder/inside.onnx"
INSIDE_HEAD = 15


# Lengths at which a search without an encoder is worth its time.
TOLD_LENGTHS = (5, 15)


def recipe_sha256() -> str:
    """One digest over the Python sources of this pack's recipe: neither tests nor the recipe for photographs."""
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for path in sorted(root.rglob("*.py")):
        if not {"tests", "photographs"} & set(path.relative_to(root).parts):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def write_samples(folder: Path) -> list[dict]:
    """Renders the sample scenes and returns their manifest entries."""
    entries = []
    for number, (seed, size) in enumerate(SAMPLES, 1):
        scene = scene_of("heldout", seed)
        names = " and ".join(placed.word for placed in scene.objects)
        path = Path(folder) / "samples" / f"{number}-{names.replace(' ', '-')}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(render(scene, size)).save(path, optimize=True)
        entries.append({"file": path.relative_to(folder).as_posix(), "title": f"{names.capitalize()} on a {scene.backdrop} backdrop"})
    return entries


def file_entry(folder: Path, path: Path) -> dict:
    """One file as the manifest lists it."""
    content = path.read_bytes()
    return {"path": path.relative_to(folder).as_posix(), "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def drawing_side(folder: Path) -> tuple[int, int]:
    """Side in pixels of what the pack in `folder` draws, and what sides must be multiples of: every level of the U-Net halves evenly."""
    unet, vae = (json.loads((Path(folder) / f"decoder/{part}/config.json").read_text()) for part in ("unet", "vae_decoder"))
    pixels_a_latent = 2 ** (len(vae["block_out_channels"]) - 1)
    return unet["sample_size"] * pixels_a_latent, pixels_a_latent * 2 ** (len(unet["block_out_channels"]) - 1)


def write_manifest(folder: Path, preset: str, seed: int, defaults: dict) -> None:
    """Writes pack.json over whatever the folder holds; run it last."""
    folder = Path(folder)
    for stale in (folder / "samples").glob("*.png"):
        stale.unlink()
    samples = write_samples(folder)
    image = {"width": 64, "height": 64, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "resample": "bicubic", "fit": "crop"}
    write_json(
        folder / "pack.json",
        {
            "schemaVersion": 1,
            "id": "tiny-scenes",
            "name": "Tiny Scenes",
            "version": "2.1.0",
            "summary": f"A small De-Diffusion autoencoder for 64 by 64 scenes of {len(OBJECTS)} emoji objects on simple backdrops, its encoder {_taught(folder)}.",
            "licence": {"spdx": "MIT", "file": "LICENSE", "notice": NOTICE},
            "source": {
                "repository": "models/training",
                "revision": recipe_sha256(),
                "command": COMMAND.format(preset=preset),
                "seed": seed,
            },
            "roles": _roles(folder, image, drawing_side(folder), defaults),
            "world": _world(),
            "limits": {"minImageSide": 8, "maxTokens": 75},
            "minimumMemoryMb": 512,
            "samples": samples,
            "files": [file_entry(folder, path) for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "pack.json"],
        },
    )


def _evaluation(folder: Path) -> dict:
    path = folder / "evaluation.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _taught(folder: Path) -> str:
    """Who taught the poolers in `folder`."""
    lengths = _evaluation(folder).get("taughtLengths", [])
    return f"taught by captions{f' and, at {said(lengths)} tokens, by its own decoder' if lengths else ''}"


def said(lengths: list[int]) -> str:
    """Lengths as a person says them: 5, 15 and 75."""
    return " and ".join(filter(None, (", ".join(map(str, lengths[:-1])), str(lengths[-1]))))


def _inside(folder: Path) -> dict:
    """How the encoder says what it does not know (`inside.py`), where it was taught to."""
    measured = _evaluation(folder).get("inside")
    if measured is None or not (folder / INSIDE_GRAPH).exists():
        return {}
    return {"inside": {"file": INSIDE_GRAPH, "head": INSIDE_HEAD, "threshold": measured["threshold"]}}


def _roles(folder: Path, image: dict, drawing: tuple[int, int], defaults: dict) -> dict:
    return {
        "encoder": {
            "backbone": {"file": "encoder/backbone.onnx"},
            "heads": {str(length): {"file": f"encoder/pooler_{length}.onnx"} for length in (5, 15, 75)},
            "tokenizer": "decoder/tokenizer",
            "image": image,
            "patchGrid": {"rows": 8, "columns": 8},
            "topK": 10,
            **_inside(folder),
        },
        "decoder": {
            "layout": "diffusers",
            "folder": "decoder",
            "image": {"width": drawing[0], "height": drawing[0], "multipleOf": drawing[1]},
            "defaults": defaults,
        },
        "scorer": {
            "vision": "scorer/onnx/vision_model.onnx",
            "text": "scorer/onnx/text_model.onnx",
            "tokenizer": "decoder/tokenizer",
            "image": image,
            "fidelity": {"form": "similarity-structure-sharpness", "curve": [list(point) for point in CURVE]},
        },
    }


def _world() -> dict:
    return {
        "describes": [
            f"One or two of {len(OBJECTS)} emoji objects, at least about 40 percent of the picture's side tall.",
            "The backdrop: plain, gradient, horizon, diagonal, stripes, spots, glow or checker, in twelve colours and three shades.",
            "Each object's size, place, tilt and direction.",
            "The picture's style, its frame, small decorations and whether objects cast a shadow.",
        ],
        "cannot": [
            "Photographs, people, places, writing and anything else outside its list of objects: it will name the nearest thing it knows.",
            "More than two objects, or objects smaller than about a third of the picture.",
            "The exact place of decorations, and fine detail below the 64 by 64 pixels it sees.",
        ],
        "objects": [{"word": item.word, "category": item.category} for item in OBJECTS],
        "styles": list(a.STYLES),
        "backdrops": list(a.BACKDROPS),
        "colours": list(a.COLOUR_WORDS),
        "places": {str(length): words_of_places(length) for length in TOLD_LENGTHS},
    }
