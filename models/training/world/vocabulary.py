"""Every word the models were taught."""

from . import attributes as a
from .facts import FILLERS, FINE_SIZES, LIGHTS, NORTH_TO_SOUTH, PHASES, WEST_TO_EAST
from .objects import CATEGORIES, OBJECT_WORDS
from .slots import TEMPLATES

# Words that people use for the same things; training says them now and then in place of the world's own.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "large": ("big",),
    "small": ("little",),
    "backdrop": ("background",),
    "grey": ("gray",),
    "purple": ("violet",),
    "stripes": ("striped",),
    "spots": ("spotted",),
    "checker": ("checkered",),
    "picture": ("image", "photo"),
    "pale": ("light",),
    "dark": ("deep",),
    "middle": ("center",),
    "donut": ("doughnut",),
    "boat": ("sailboat",),
    "key": ("keys",),
    "gift": ("present",),
    "bicycle": ("bike",),
    "burger": ("hamburger",),
    "grapes": ("grape",),
}
JOINING = ("a", "an", "the", "of", "on", "in", "at", "to", "and", "with", "is", "next", "its", "no", "it", "by", "over", "drawn", "has")


def world_words() -> tuple[str, ...]:
    """All words, sorted; each is one token."""
    words = set(OBJECT_WORDS) | set(CATEGORIES) | set(JOINING) | set(FILLERS) | set(PHASES)
    words |= set(a.STYLES) | set(a.BACKDROPS) | set(a.COLOURS) | set(a.SHADES) | set(a.SIZES) | set(a.COLUMNS) | set(a.ROWS)
    words |= set(a.TILTS) | set(a.FACINGS) | set(a.DECORATIONS) | set(a.COUNTS) | set(a.REGIONS) | set(a.FRAMES)
    words |= set(a.SHADOWS) | set(a.ARRANGEMENTS) | set(a.PATTERN_SIZES) | set(a.PATTERN_TURNS)
    words |= set(WEST_TO_EAST) | set(NORTH_TO_SOUTH) | set(FINE_SIZES) | set(LIGHTS)
    words |= {word for others in SYNONYMS.values() for word in others}
    words |= {place for template in TEMPLATES.values() for place in template if not place.startswith("{")}
    return tuple(sorted(words))
