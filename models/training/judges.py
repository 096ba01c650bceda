"""What a picture shows, judged without anything that learned: each judge draws the alternatives and takes the best fit.

A judge knows the scene that was asked for (its colours, places and poses) and asks of one fact at a time which of all its values fits
the picture best. Originals are judged right in all but a few cases (`tests/test_judges.py`), and no network was taught by any of this.
"""

from dataclasses import replace

import numpy as np

from .world import attributes as a
from .world.objects import OBJECTS
from .world.render import render
from .world.scene import Paint, Placed, Scene

PATTERNS = frozenset({"checker", "spots", "stripes", "horizon", "diagonal"})
PHASES = tuple(step / 8 for step in range(8))
# Backdrops are judged at half the encoder's side, objects at it.
BACKDROP_SIDE = 32
OBJECT_SIDE = 64
# Pixels of 64 that an object may be off: places in the world are at most 16 apart, and two objects share one axis only.
FAR = tuple(range(-16, 17, 4))
NEAR = (-4, 0, 4)


def judge_picture(picture: np.ndarray, scene: Scene) -> dict:
    """Whether each fact asked for is what fits uint8 [h, w, 3] best: `objects` (one truth each), `backdrop` and `colour`."""
    small, seen = block_means(picture, BACKDROP_SIDE), block_means(picture, OBJECT_SIDE)
    return {
        "objects": [fits_object(seen, scene, place) for place in range(len(scene.objects))],
        "backdrop": best_backdrop(small, scene) == scene.backdrop,
        "colour": best_first_colour(small, scene) == scene.first.colour,
    }


def summarise(judged: list[dict], scenes: list[Scene]) -> dict[str, float]:
    """Shares over many pictures; a share of nothing is left out."""
    lone = [found["objects"][0] for found in judged if len(found["objects"]) == 1]
    pairs = [found["objects"] for found in judged if len(found["objects"]) == 2]
    patterned = [found["backdrop"] for found, scene in zip(judged, scenes) if scene.backdrop in PATTERNS]
    shares = {
        "loneObject": lone,
        "eachOfTwo": [right for both in pairs for right in both],
        "bothOfTwo": [all(both) for both in pairs],
        "backdropKind": [found["backdrop"] for found in judged],
        "backdropPattern": patterned,
        "firstColour": [found["colour"] for found in judged],
    }
    return {name: float(np.mean(values)) for name, values in shares.items() if values}


def block_means(picture: np.ndarray, side: int) -> np.ndarray:
    """uint8 or float [h, h, 3] to float32 [side, side, 3] of block means; h is a multiple of `side`."""
    factor = picture.shape[0] // side
    return picture.astype(np.float32).reshape(side, factor, side, factor, 3).mean((1, 3))


def best_backdrop(small: np.ndarray, scene: Scene) -> str:
    """The kind of backdrop that fits outside the objects' boxes when it is drawn in the scene's own colours."""
    seen = _outside_objects(scene, BACKDROP_SIDE)
    errors = {kind: min(_error(small, drawn, seen) for drawn in _backdrops(scene, kind)) for kind in a.BACKDROPS}
    return min(errors, key=errors.__getitem__)


def best_first_colour(small: np.ndarray, scene: Scene) -> str:
    """The colour that fits as the backdrop's first, in any shade, any phase of the scene's kind of backdrop."""
    seen = _outside_objects(scene, BACKDROP_SIDE)
    errors = {}
    for colour in a.COLOUR_WORDS:
        shades = ("clear",) if colour in a.ACHROMATIC else a.SHADES
        painted = (replace(scene, first=Paint(colour, shade, (0.0, 0.0, 0.0))) for shade in shades)
        errors[colour] = min(_error(small, drawn, seen) for one in painted for drawn in _backdrops(one, scene.backdrop))
    return min(errors, key=errors.__getitem__)


def fits_object(seen: np.ndarray, scene: Scene, place: int) -> bool:
    """Whether the object asked for at `place` fits better there than every other; it may stand off its place on its own side of the picture.

    What lies around the object inside its square may have another colour than was asked for: that is the backdrop's fault.
    """
    wanted = scene.objects[place]
    box = _box(wanted, OBJECT_SIDE)
    across, down = {"alone": (FAR, FAR), "beside": (NEAR, FAR), "under": (FAR, NEAR)}[scene.arrangement]
    moved = np.stack([np.roll(seen, (dy, dx), (0, 1))[box] for dx in across for dy in down])
    others = tuple(placed for at, placed in enumerate(scene.objects) if at != place)
    empty = render(replace(scene, objects=others), OBJECT_SIDE)[box].astype(np.float32)
    errors = []
    for index in range(len(OBJECTS)):
        drawn = _with_object(scene, place, index)[box]
        around = (np.abs(drawn - empty).max(-1, keepdims=True) < 12).astype(np.float32)
        errors.append(_error_but_for_surroundings(moved - drawn, around).min())
    return int(np.argmin(errors)) == wanted.object_index


def _with_object(scene: Scene, place: int, index: int) -> np.ndarray:
    """The scene with another object at one place, float32 [64, 64, 3]."""
    objects = tuple(replace(placed, object_index=index) if at == place else placed for at, placed in enumerate(scene.objects))
    return render(replace(scene, objects=objects), OBJECT_SIDE).astype(np.float32)


def _error_but_for_surroundings(difference: np.ndarray, around: np.ndarray) -> np.ndarray:
    """Squared error [n] of differences [n, h, w, 3] after the best constant colour was taken from the pixels in `around`."""
    total = np.square(difference).sum((1, 2, 3))
    explained = np.square((difference * around).sum((1, 2))) / max(1.0, float(around.sum()))
    return total - explained.sum(-1)


def _backdrops(scene: Scene, kind: str) -> list[np.ndarray]:
    """The empty scene on every form of one kind of backdrop, with its frame and style."""
    turns = a.PATTERN_TURNS if kind in ("gradient", "diagonal", "stripes") else a.PATTERN_TURNS[:1]
    sizes = a.PATTERN_SIZES if kind in ("horizon", "stripes", "spots", "glow", "checker") else a.PATTERN_SIZES[:1]
    phases = PHASES if kind in ("stripes", "spots", "checker") else PHASES[:1]
    empty = replace(scene, backdrop=kind, objects=(), decoration_count=0)
    return [
        render(replace(empty, pattern_turn=turn, pattern_size=size, pattern_phase=phase), BACKDROP_SIDE).astype(np.float32)
        for turn in turns
        for size in sizes
        for phase in phases
    ]


def _error(picture: np.ndarray, drawn: np.ndarray, seen: np.ndarray) -> float:
    return float((np.abs(picture - drawn).mean(-1) * seen).sum() / max(1.0, seen.sum()))


def _box(placed: Placed, side: int) -> tuple[slice, slice]:
    """Rows and columns of the object's square."""
    edges = [
        int(round(min(max(edge, 0.0), 1.0) * side))
        for centre in (placed.centre_y, placed.centre_x)
        for edge in (centre - placed.side / 2, centre + placed.side / 2)
    ]
    return slice(edges[0], edges[1]), slice(edges[2], edges[3])


def _outside_objects(scene: Scene, side: int) -> np.ndarray:
    """float32 [side, side]: 0 inside the objects' squares, 1 elsewhere."""
    seen = np.ones((side, side), np.float32)
    for placed in scene.objects:
        seen[_box(placed, side)] = 0
    return seen
