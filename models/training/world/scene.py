"""A scene is a handful of numbers; it is drawn from a seed and can be rendered at any size."""

from dataclasses import dataclass, replace

import numpy as np

from . import attributes as a
from .objects import OBJECTS


@dataclass(frozen=True)
class Placed:
    """One object in the scene. Positions and size are fractions of the picture's side, 0..1."""

    object_index: int
    centre_x: float
    centre_y: float
    side: float
    tilt: int
    mirrored: bool

    @property
    def word(self) -> str:
        return OBJECTS[self.object_index].word

    @property
    def category(self) -> str:
        return OBJECTS[self.object_index].category

    @property
    def size_word(self) -> str:
        pixels = self.side * 64.0
        return a.SIZES[int(np.clip(np.searchsorted(a.SIZE_EDGES, pixels, side="right") - 1, 0, 4))]

    @property
    def column_word(self) -> str:
        return a.COLUMNS[_fifth(self.centre_x)]

    @property
    def row_word(self) -> str:
        return a.ROWS[_fifth(self.centre_y)]


@dataclass(frozen=True)
class Paint:
    """A colour word with its shade and a small private deviation, in sRGB 0..255."""

    colour: str
    shade: str
    deviation: tuple[float, float, float]

    @property
    def rgb(self) -> np.ndarray:
        base = np.asarray(a.COLOURS[self.colour], np.float32)
        if self.shade == "pale":
            base = base * 0.5 + 255.0 * 0.5
        elif self.shade == "dark":
            base = base * 0.55
        return np.clip(base + np.asarray(self.deviation, np.float32), 0, 255)


@dataclass(frozen=True)
class Scene:
    """Everything a picture depends on. `detail_seed` places decorations and jitters patterns."""

    style: str
    backdrop: str
    first: Paint
    second: Paint
    pattern_turn: str
    pattern_size: str
    pattern_phase: float
    objects: tuple[Placed, ...]
    arrangement: str
    decoration: str
    decoration_count: int
    decoration_colour: str
    region: str
    frame: str
    frame_paint: Paint
    shadow: str
    detail_seed: int


def _fifth(position: float) -> int:
    """Which of five bands (of the range 0.30..0.70 where most centres lie) holds the position."""
    return int(np.clip(np.floor((position - 0.30) / 0.08), 0, 4))


def _choice(rng: np.random.Generator, words: tuple[str, ...], weights: tuple[float, ...]) -> str:
    return words[int(np.searchsorted(np.cumsum(weights), rng.random() * sum(weights)))]


def _paint(rng: np.random.Generator, avoid: str | None = None) -> Paint:
    colour = a.COLOUR_WORDS[rng.integers(len(a.COLOUR_WORDS))]
    while colour == avoid:
        colour = a.COLOUR_WORDS[rng.integers(len(a.COLOUR_WORDS))]
    shade = "clear" if colour in a.ACHROMATIC else a.SHADES[rng.integers(3)]
    return Paint(colour, shade, tuple(rng.uniform(-8, 8, 3).tolist()))


# Objects keep to a grid of an eighth of the side and to one side length per size word: the autoencoder's cells are
# as wide, so an object looks the same in its latents wherever it stands, and a small denoiser learns it sooner.
SIDES = (30 / 64, 36 / 64, 40 / 64, 46 / 64, 52 / 64)
SIDE_WEIGHTS = (0.08, 0.10, 0.30, 0.37, 0.15)
GRID = (24 / 64, 32 / 64, 40 / 64)
TILT_WEIGHTS = (0.06, 0.88, 0.06)
MIRRORED_SHARE = 0.1


def _pose(rng: np.random.Generator) -> tuple[int, bool]:
    return int(rng.choice(3, p=TILT_WEIGHTS)), bool(rng.random() < MIRRORED_SHARE)


def _one(rng: np.random.Generator) -> tuple[tuple[Placed, ...], str]:
    side = SIDES[int(rng.choice(5, p=SIDE_WEIGHTS))]
    x, y = (GRID[int(place)] for place in rng.integers(3, size=2))
    return (Placed(int(rng.integers(len(OBJECTS))), x, y, side, *_pose(rng)),), "alone"


def _two(rng: np.random.Generator) -> tuple[tuple[Placed, ...], str]:
    """Two objects: the first left of the second, or over it."""
    side_by_side = rng.random() < 0.6
    first, second = rng.choice(len(OBJECTS), 2, replace=False)
    placed = []
    for along, object_index in ((16 / 64, first), (48 / 64, second)):
        across = GRID[int(rng.integers(3))]
        x, y = (along, across) if side_by_side else (across, along)
        placed.append(Placed(int(object_index), x, y, SIDES[0], *_pose(rng)))
    return tuple(placed), "beside" if side_by_side else "under"


def draw_scene(rng: np.random.Generator, two_objects: float = 0.2) -> Scene:
    """One random scene; `two_objects` is the probability of a second object."""
    objects, arrangement = _two(rng) if rng.random() < two_objects else _one(rng)
    first = _paint(rng)
    decoration = _choice(rng, a.DECORATIONS, a.DECORATION_WEIGHTS)
    scene = Scene(
        style=_choice(rng, a.STYLES, a.STYLE_WEIGHTS),
        backdrop=_choice(rng, a.BACKDROPS, a.BACKDROP_WEIGHTS),
        first=first,
        second=_paint(rng, avoid=first.colour),
        pattern_turn=a.PATTERN_TURNS[rng.integers(2)],
        pattern_size=a.PATTERN_SIZES[rng.integers(2)],
        pattern_phase=int(rng.integers(4)) / 4,
        objects=objects,
        arrangement=arrangement,
        decoration=decoration,
        decoration_count=0 if decoration == "unadorned" else int(rng.integers(1, 7)),
        decoration_colour=a.DECORATION_COLOURS[rng.integers(3)],
        region=a.REGIONS[rng.integers(3)],
        frame=_choice(rng, a.FRAMES, a.FRAME_WEIGHTS),
        frame_paint=_paint(rng),
        shadow=a.SHADOWS[int(rng.random() < 0.35)],
        detail_seed=int(rng.integers(2**31)),
    )
    return _by_one_name(scene)


def _by_one_name(scene: Scene) -> Scene:
    """Stripes moved by half a period are stripes with their colours exchanged: of the two names for one picture, the earlier phase."""
    if scene.backdrop != "stripes" or scene.pattern_phase < 0.5:
        return scene
    return replace(scene, first=scene.second, second=scene.first, pattern_phase=scene.pattern_phase - 0.5)
