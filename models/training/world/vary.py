"""Pictures that other code might have made: larger, resampled, compressed, on backdrops the world does not have."""

import io
from dataclasses import replace
from typing import Literal

import numpy as np
from PIL import Image

from .render import draw_object, render
from .scene import Placed, Scene

# Which of a scene's facts a picture shows.
Shows = Literal["all", "objects", "backdrop"]

FILTERS = (Image.Resampling.BOX, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)


def varied_picture(scene: Scene, rng: np.random.Generator) -> tuple[np.ndarray, Scene, Shows]:
    """A picture uint8 [64, 64, 3], the scene it shows, and which of the scene's facts hold for it."""
    kind = rng.random()
    if kind < 0.5:
        return render(scene), scene, "all"
    size = int(rng.choice((64, 96, 128, 160)))
    if kind < 0.72:
        return _weather(render(scene, size), rng), scene, "all"
    shown = replace(scene, objects=_grown(scene.objects, rng), style="flat")
    picture = foreign_backdrop(size, rng)
    for placed in shown.objects:
        draw_object(picture, placed, "sticker" if rng.random() < 0.1 else "flat", size)
    return _weather(np.clip(picture, 0, 255).astype(np.uint8), rng), shown, "objects"


def objectless_picture(scene: Scene, rng: np.random.Generator) -> tuple[np.ndarray, Scene, Shows]:
    """A picture uint8 [64, 64, 3] whose objects are gone, or hidden under a blot of any colours."""
    # A sticker's outline goes with its object; without one the style cannot be told from flat.
    shown = replace(scene, style="flat" if scene.style == "sticker" else scene.style)
    if rng.random() < 0.5:
        picture = render(replace(shown, objects=()))
    else:
        picture = render(shown, hide=lambda canvas: _blot(canvas, scene.objects, rng))
    return picture if rng.random() < 0.7 else _weather(picture, rng), shown, "backdrop"


def _blot(canvas: np.ndarray, objects: tuple[Placed, ...], rng: np.random.Generator) -> None:
    """Covers each object's square, float32 [size, size, 3] in place, with an ellipse or a rectangle of a few colours."""
    size = canvas.shape[0]
    grid = (np.arange(size, dtype=np.float32) + 0.5) / size
    for placed in objects:
        dx, dy = grid[None, :] - placed.centre_x, grid[:, None] - placed.centre_y
        reach = placed.side * rng.uniform(0.42, 0.56, 2)
        inside = np.maximum(np.abs(dx) / reach[0], np.abs(dy) / reach[1]) < 1 if rng.random() < 0.5 else (dx / reach[0]) ** 2 + (dy / reach[1]) ** 2 < 1
        cells = rng.uniform(0, 255, (int(rng.integers(1, 6)),) * 2 + (3,)).astype(np.uint8)
        colours = Image.fromarray(cells).resize((size, size), FILTERS[int(rng.integers(3))])
        canvas[inside] = np.asarray(colours, np.float32)[inside]


def _grown(objects: tuple[Placed, ...], rng: np.random.Generator) -> tuple[Placed, ...]:
    """A lone object gets any size from 28 to 60 of 64 pixels; two keep theirs."""
    if len(objects) == 2:
        return objects
    side = float(rng.uniform(28, 60)) / 64
    reach = (1 - side) / 2 + 0.02
    x, y = 0.5 + rng.uniform(-reach, reach, 2)
    return (replace(objects[0], side=side, centre_x=float(x), centre_y=float(y)),)


def foreign_backdrop(size: int, rng: np.random.Generator) -> np.ndarray:
    """float32 [size, size, 3], 0..255: white, flat, smooth four-corner blends, blobs, noise or a fine checker."""
    kind = rng.integers(6)
    if kind == 0:
        return np.full((size, size, 3), 255.0, np.float32)
    if kind == 1:
        return np.full((size, size, 3), rng.uniform(0, 255, 3), np.float32)
    cells = {2: 2, 3: 4, 4: 7, 5: 10}[int(kind)]
    coarse = rng.uniform(0, 255, (cells, cells, 3))
    if kind >= 4:
        coarse = coarse.mean() + (coarse - coarse.mean()) * rng.uniform(0.2, 0.6)
    smooth = Image.Resampling.NEAREST if kind == 5 else Image.Resampling.BICUBIC
    picture = Image.fromarray(coarse.astype(np.uint8)).resize((size, size), smooth)
    result = np.asarray(picture, np.float32).copy()
    if rng.random() < 0.3:
        result += rng.normal(0, rng.uniform(2, 14), (size, size, 1))
    return result


def _weather(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Compression, resampling to 64 pixels, light and noise."""
    image = Image.fromarray(picture)
    if rng.random() < 0.3:
        packed = io.BytesIO()
        image.save(packed, "JPEG", quality=int(rng.integers(45, 95)))
        image = Image.open(packed)
    if image.width != 64:
        image = image.resize((64, 64), FILTERS[int(rng.integers(4))])
    result = np.asarray(image, np.float32)
    if rng.random() < 0.4:
        result = (result - 128) * rng.uniform(0.85, 1.12) + 128 + rng.uniform(-12, 12)
    if rng.random() < 0.3:
        result = result + rng.normal(0, rng.uniform(1, 8), result.shape)
    return np.clip(result, 0, 255).astype(np.uint8)
