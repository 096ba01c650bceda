"""Closed sets of the scene's other properties. Every entry is one word of the vocabulary."""

STYLES = ("flat", "sticker", "soft", "warm", "cool", "faded")
STYLE_WEIGHTS = (0.45, 0.15, 0.08, 0.11, 0.11, 0.10)

BACKDROPS = ("plain", "gradient", "horizon", "diagonal", "stripes", "spots", "glow", "checker")
BACKDROP_WEIGHTS = (0.16, 0.14, 0.14, 0.12, 0.12, 0.11, 0.11, 0.10)
TWO_COLOUR_BACKDROPS = frozenset(BACKDROPS) - {"plain"}

# sRGB 0..255 of the middle shade.
COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (214, 56, 52),
    "orange": (240, 140, 40),
    "yellow": (247, 214, 70),
    "green": (72, 168, 76),
    "teal": (40, 160, 158),
    "blue": (56, 104, 212),
    "purple": (138, 76, 190),
    "pink": (240, 130, 178),
    "brown": (136, 92, 60),
    "white": (246, 246, 246),
    "grey": (140, 144, 148),
    "black": (30, 30, 34),
}
COLOUR_WORDS = tuple(COLOURS)
SHADES = ("pale", "clear", "dark")
ACHROMATIC = frozenset({"white", "black"})

SIZES = ("tiny", "small", "medium", "large", "huge")
# Sprite side in pixels of a 64 pixel picture: lower bound of each size, then the end of the last.
SIZE_EDGES = (27, 33, 38, 43, 48, 55)
COLUMNS = ("leftmost", "left", "middle", "right", "rightmost")
ROWS = ("top", "upper", "central", "lower", "bottom")
TILTS = ("leaning", "upright", "slanting")
# Degrees, counter-clockwise: leaning goes left, slanting goes right.
TILT_DEGREES = (18.0, 0.0, -18.0)
FACINGS = ("facing", "mirrored")

DECORATIONS = ("unadorned", "dots", "sparkles", "bubbles", "confetti")
DECORATION_WEIGHTS = (0.45, 0.15, 0.15, 0.13, 0.12)
DECORATION_COLOURS = ("white", "yellow", "black")
COUNTS = ("one", "two", "three", "four", "five", "six")
REGIONS = ("above", "below", "around")
FRAMES = ("unframed", "thin", "thick")
FRAME_WEIGHTS = (0.72, 0.14, 0.14)
SHADOWS = ("floating", "shadowed")
ARRANGEMENTS = ("alone", "beside", "under")
# Orientation or width of the backdrop's pattern.
PATTERN_SIZES = ("narrow", "wide")
PATTERN_TURNS = ("level", "vertical")
