"""What can be seen in a scene, as one word per fact; facts that do not show get a word that says so."""

import numpy as np

from . import attributes as a
from .backdrops import draw_backdrop
from .scene import Placed, Scene

# Which of the pattern's properties show on each backdrop.
VISIBLE = {
    "plain": (),
    "gradient": ("turn",),
    "horizon": ("size",),
    "diagonal": ("turn",),
    "stripes": ("turn", "size", "phase"),
    "spots": ("size", "phase"),
    "glow": ("size",),
    "checker": ("size", "phase"),
}
PHASES = ("starting", "quarter", "half", "ending")
WEST_TO_EAST = ("west", "centre", "east")
NORTH_TO_SOUTH = ("north", "even", "south")
FINE_SIZES = ("smaller", "bigger")
LIGHTS = ("dim", "balanced", "bright")
FILLERS = ("smooth", "uniform", "steady", "no", "nowhere", "plainly", "open", "bare")

Facts = dict[str, str]


def placed_facts(placed: Placed, prefix: str) -> Facts:
    """Words of one object, their keys beginning with `prefix`."""
    pixels = placed.side * 64.0
    size = a.SIZES.index(placed.size_word)
    halfway = (a.SIZE_EDGES[size] + a.SIZE_EDGES[size + 1]) / 2
    return {
        f"{prefix}object": placed.word,
        f"{prefix}category": placed.category,
        f"{prefix}size": placed.size_word,
        f"{prefix}finesize": FINE_SIZES[int(pixels >= halfway)],
        f"{prefix}column": placed.column_word,
        f"{prefix}finecolumn": WEST_TO_EAST[_third(placed.centre_x)],
        f"{prefix}row": placed.row_word,
        f"{prefix}finerow": NORTH_TO_SOUTH[_third(placed.centre_y)],
        f"{prefix}tilt": a.TILTS[placed.tilt],
        f"{prefix}facing": a.FACINGS[int(placed.mirrored)],
    }


def _third(position: float) -> int:
    """Which third of its fifth (see scene._fifth) holds the position; beyond the bands, the outer third."""
    within = (position - 0.30) / 0.08
    if within < 0:
        return 0
    if within >= 5:
        return 2
    return int((within % 1.0) * 3)


def facts_of(scene: Scene) -> Facts:
    """Every fact of the scene. For a lone object the facts of the second repeat the first's."""
    visible = VISIBLE[scene.backdrop]
    second = scene.first if scene.backdrop == "plain" else scene.second
    decorated, framed = scene.decoration != "unadorned", scene.frame != "unframed"
    corners = _corner_colours(scene)
    return {
        "style": scene.style,
        "count": "one" if len(scene.objects) == 1 else "two",
        **placed_facts(scene.objects[0], ""),
        **placed_facts(scene.objects[-1], "other"),
        "arrangement": scene.arrangement,
        "shadow": scene.shadow,
        "shade": scene.first.shade,
        "colour": scene.first.colour,
        "othershade": second.shade,
        "othercolour": second.colour,
        "backdrop": scene.backdrop,
        "turn": scene.pattern_turn if "turn" in visible else "smooth",
        "patternsize": scene.pattern_size if "size" in visible else "uniform",
        "phase": PHASES[int(scene.pattern_phase * 4)] if "phase" in visible else "steady",
        "decoration": scene.decoration,
        "decorationcount": a.COUNTS[scene.decoration_count - 1] if decorated else "no",
        "decorationcolour": scene.decoration_colour if decorated else "plainly",
        "region": scene.region if decorated else "nowhere",
        "frame": scene.frame,
        "frameshade": scene.frame_paint.shade if framed else "open",
        "framecolour": scene.frame_paint.colour if framed else "bare",
        **corners,
        "light": _light(scene),
    }


def _corner_colours(scene: Scene) -> Facts:
    """The colour word of each corner of the backdrop."""
    picture = draw_backdrop(scene, 16)
    names = {"topleft": (1, 1), "topright": (1, 14), "bottomleft": (14, 1), "bottomright": (14, 14)}
    first, second = scene.first.rgb, scene.second.rgb
    result = {}
    for name, (row, column) in names.items():
        nearer_first = np.abs(picture[row, column] - first).sum() <= np.abs(picture[row, column] - second).sum()
        result[name] = scene.first.colour if nearer_first or scene.backdrop == "plain" else scene.second.colour
    return result


def _light(scene: Scene) -> str:
    """How bright the backdrop is, in three steps."""
    brightness = float(draw_backdrop(scene, 16).mean())
    return LIGHTS[int(np.searchsorted((95.0, 165.0), brightness))]
