"""Draws a scene into pixels with numpy; any square size, 64 is what the models see."""

import functools
from collections.abc import Callable

import numpy as np

from . import attributes as a
from .backdrops import draw_backdrop
from .scene import Placed, Scene
from .sprites import sprite


def render(scene: Scene, size: int = 64, hide: Callable[[np.ndarray], None] | None = None) -> np.ndarray:
    """The picture, uint8 [size, size, 3], sRGB. `hide` may paint over the objects, float32 [size, size, 3], in place."""
    picture = draw_backdrop(scene, size)
    _draw_decorations(picture, scene, size)
    for placed in scene.objects:
        if scene.shadow == "shadowed":
            _draw_shadow(picture, placed, size)
        draw_object(picture, placed, scene.style, size)
    if hide:
        hide(picture)
    _draw_frame(picture, scene, size)
    return np.clip(_apply_style(picture, scene.style, size) + 0.5, 0, 255).astype(np.uint8)


def _paste(picture: np.ndarray, pixels: np.ndarray, left: int, top: int) -> None:
    """Lays premultiplied RGBA over the picture in place, clipped at the borders."""
    size = picture.shape[0]
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + pixels.shape[1], size), min(top + pixels.shape[0], size)
    if x0 >= x1 or y0 >= y1:
        return
    part = pixels[y0 - top : y1 - top, x0 - left : x1 - left]
    target = picture[y0:y1, x0:x1]
    target *= 1.0 - part[..., 3:]
    target += part[..., :3]


def draw_object(picture: np.ndarray, placed: Placed, style: str, size: int) -> None:
    """Lays one object over the picture, float32 [size, size, 3], in place."""
    # Even sides keep the number of cached sprites small.
    step = 1 if size > 64 else 2
    side = max(step, int(round(placed.side * size / step)) * step)
    pixels = sprite(placed.object_index, side, placed.tilt, placed.mirrored)
    if style == "sticker":
        pixels = _sticker(placed.object_index, side, placed.tilt, placed.mirrored, max(1, round(size * 0.03)))
    left = int(round(placed.centre_x * size - pixels.shape[1] / 2))
    top = int(round(placed.centre_y * size - pixels.shape[0] / 2))
    _paste(picture, pixels, left, top)


@functools.cache
def _sticker(object_index: int, side: int, tilt: int, mirrored: bool, width: int) -> np.ndarray:
    """The sprite with a white outline of `width` pixels, premultiplied RGBA."""
    pixels = np.pad(sprite(object_index, side, tilt, mirrored), ((width, width), (width, width), (0, 0)))
    alpha = pixels[..., 3]
    grown = alpha.copy()
    for dy in range(-width, width + 1):
        for dx in range(-width, width + 1):
            if dx * dx + dy * dy <= width * width + 1:
                grown = np.maximum(grown, np.roll(alpha, (dy, dx), (0, 1)))
    result = pixels + (1.0 - alpha[..., None]) * grown[..., None] * np.asarray([255.0, 255.0, 255.0, 1.0], np.float32)
    return result.astype(np.float32)


def _draw_shadow(picture: np.ndarray, placed: Placed, size: int) -> None:
    """A dark ellipse under the object."""
    grid = (np.arange(size, dtype=np.float32) + 0.5) / size
    dx = (grid[None, :] - placed.centre_x) / (placed.side * 0.46)
    dy = (grid[:, None] - placed.centre_y - placed.side * 0.46) / (placed.side * 0.13)
    picture *= (1.0 - 0.45 * np.clip((1.15 - np.sqrt(dx * dx + dy * dy)) * 3.0, 0, 1))[..., None]


def _draw_decorations(picture: np.ndarray, scene: Scene, size: int) -> None:
    """Small marks behind the object, `decoration_count` of them, in the upper part, the lower part or anywhere."""
    rng = np.random.default_rng(scene.detail_seed)
    colour = np.asarray(a.COLOURS[scene.decoration_colour], np.float32)
    low, high = {"above": (0.08, 0.42), "below": (0.58, 0.92), "around": (0.08, 0.92)}[scene.region]
    radius = 0.05 * size
    reach = int(np.ceil(radius)) + 1
    offsets = np.arange(-reach, reach + 1, dtype=np.float32)
    for _ in range(scene.decoration_count):
        x, y = rng.uniform(0.08, 0.92) * size, rng.uniform(low, high) * size
        column, row = int(x), int(y)
        dx, dy = (offsets + column + 0.5 - x)[None, :], (offsets + row + 0.5 - y)[:, None]
        distance = np.sqrt(dx * dx + dy * dy)
        if scene.decoration == "dots":
            alpha = np.clip(radius * 0.8 - distance + 0.5, 0, 1)
        elif scene.decoration == "sparkles":
            alpha = np.clip((radius * 1.1 - np.abs(dx) - np.abs(dy)) * 0.5 + np.clip(1.2 - np.minimum(np.abs(dx), np.abs(dy)), 0, 1) * 0.6, 0, 1)
            alpha = alpha * (np.maximum(np.abs(dx), np.abs(dy)) <= radius * 1.15)
        elif scene.decoration == "bubbles":
            alpha = np.clip(1.0 * size / 64 - np.abs(distance - radius * 0.8) + 0.3, 0, 1)
        else:
            turned = rng.uniform(0, np.pi)
            u, v = dx * np.cos(turned) + dy * np.sin(turned), dy * np.cos(turned) - dx * np.sin(turned)
            alpha = np.clip(radius * 0.9 - np.abs(u) + 0.5, 0, 1) * np.clip(radius * 0.4 - np.abs(v) + 0.5, 0, 1)
        patch = np.concatenate([alpha[..., None] * colour, alpha[..., None]], -1).astype(np.float32)
        _paste(picture, patch, column - reach, row - reach)


def _draw_frame(picture: np.ndarray, scene: Scene, size: int) -> None:
    width = {"unframed": 0, "thin": 2, "thick": 4}[scene.frame] * size // 64
    if width:
        for edge in (picture[:width], picture[-width:], picture[:, :width], picture[:, -width:]):
            edge[...] = scene.frame_paint.rgb


def _apply_style(picture: np.ndarray, style: str, size: int) -> np.ndarray:
    if style == "warm":
        return picture * np.asarray([1.0, 0.88, 0.66], np.float32) + np.asarray([26, 10, 0], np.float32)
    if style == "cool":
        return picture * np.asarray([0.68, 0.88, 1.0], np.float32) + np.asarray([0, 8, 28], np.float32)
    if style == "faded":
        return picture * 0.55 + 92.0
    if style == "soft":
        for _ in range(max(1, size // 64)):
            padded = np.pad(picture, ((1, 1), (0, 0), (0, 0)), mode="edge")
            picture = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
            padded = np.pad(picture, ((0, 0), (1, 1), (0, 0)), mode="edge")
            picture = (padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4
    return picture
