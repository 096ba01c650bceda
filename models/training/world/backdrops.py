"""The eight backdrops: a mask between two paints."""

import functools

import numpy as np

from .scene import Scene


@functools.cache
def _grid(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Pixel centres as fractions of the side, float32 [1, size] and [size, 1]."""
    axis = (np.arange(size, dtype=np.float32) + 0.5) / size
    return axis[None, :], axis[:, None]


def draw_backdrop(scene: Scene, size: int) -> np.ndarray:
    """The empty picture, float32 [size, size, 3], 0..255."""
    if scene.backdrop == "plain":
        return np.broadcast_to(scene.first.rgb, (size, size, 3)).copy()
    mask = np.broadcast_to(_MASKS[scene.backdrop](scene, size), (size, size))[..., None]
    return scene.first.rgb * (1.0 - mask) + scene.second.rgb * mask


def _period(scene: Scene) -> float:
    """The pattern's period in fractions of the side. With phases in quarters every edge falls on the autoencoder's cells."""
    return 0.25 if scene.pattern_size == "narrow" else 0.5


def _along(scene: Scene, size: int) -> np.ndarray:
    x, y = _grid(size)
    return y if scene.pattern_turn == "level" else x


def _sharp(distance: np.ndarray, size: int) -> np.ndarray:
    """A one-pixel-soft step at distance 0 (in fractions of the side)."""
    return np.clip(distance * size + 0.5, 0, 1)


def _gradient(scene: Scene, size: int) -> np.ndarray:
    return np.clip(_along(scene, size) * 1.1 - 0.05, 0, 1)


def _horizon(scene: Scene, size: int) -> np.ndarray:
    _, y = _grid(size)
    height = 0.75 if scene.pattern_size == "narrow" else 0.5
    return _sharp(y - height, size)


def _diagonal(scene: Scene, size: int) -> np.ndarray:
    x, y = _grid(size)
    across = x + y - 1 if scene.pattern_turn == "level" else x - y
    return _sharp(across, size)


def _stripes(scene: Scene, size: int) -> np.ndarray:
    period = _period(scene)
    wave = np.abs(((_along(scene, size) / period + scene.pattern_phase) % 1.0) - 0.5)
    return _sharp((wave - 0.25) * period, size)


def _spots(scene: Scene, size: int) -> np.ndarray:
    x, y = _grid(size)
    period = _period(scene)
    dx = ((x / period + scene.pattern_phase) % 1.0) - 0.5
    dy = ((y / period + scene.pattern_phase) % 1.0) - 0.5
    return _sharp((0.32 - np.sqrt(dx * dx + dy * dy)) * period, size)


def _glow(scene: Scene, size: int) -> np.ndarray:
    x, y = _grid(size)
    reach = 0.45 if scene.pattern_size == "narrow" else 0.7
    return np.clip(np.sqrt((x - 0.5) ** 2 + (y - 0.5) ** 2) / reach, 0, 1)


def _checker(scene: Scene, size: int) -> np.ndarray:
    x, y = _grid(size)
    period = _period(scene)
    odd = np.floor(x / period + scene.pattern_phase) + np.floor(y / period + scene.pattern_phase)
    return odd % 2


_MASKS = {
    "gradient": _gradient,
    "horizon": _horizon,
    "diagonal": _diagonal,
    "stripes": _stripes,
    "spots": _spots,
    "glow": _glow,
    "checker": _checker,
}
