"""Emoji as RGBA sprites, cut from the font once and kept at the sizes and tilts that scenes use."""

import functools
import os

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .attributes import TILT_DEGREES
from .objects import OBJECTS

FONT_PATHS = (
    "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
    "/usr/share/fonts/noto/NotoColorEmoji.ttf",
    "/usr/share/fonts/google-noto-color-emoji-fonts/NotoColorEmoji.ttf",
)
# The one bitmap size that the font carries.
FONT_SIZE = 109


def find_font() -> str:
    """Path of the colour emoji font (package fonts-noto-color-emoji), or of $NOTO_COLOR_EMOJI."""
    for path in (os.environ.get("NOTO_COLOR_EMOJI", ""), *FONT_PATHS):
        if path and os.path.exists(path):
            return path
    raise FileNotFoundError("Noto Color Emoji is missing: install fonts-noto-color-emoji or set NOTO_COLOR_EMOJI")


@functools.cache
def master(object_index: int) -> Image.Image:
    """The glyph cropped to its ink and centred on a transparent square, RGBA, about 128 pixels."""
    font = ImageFont.truetype(find_font(), FONT_SIZE)
    canvas = Image.new("RGBA", (180, 180))
    ImageDraw.Draw(canvas).text((20, 20), OBJECTS[object_index].character, font=font, embedded_color=True)
    ink = canvas.crop(canvas.getbbox())
    side = max(ink.size)
    square = Image.new("RGBA", (side, side))
    square.paste(ink, ((side - ink.width) // 2, (side - ink.height) // 2))
    return square


@functools.cache
def sprite(object_index: int, side: int, tilt: int, mirrored: bool) -> np.ndarray:
    """Premultiplied RGBA, float32 [h, w, 4], colour 0..255 and alpha 0..1; tilted ones are larger than `side`."""
    image = master(object_index)
    if mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    scale = side / image.width
    if TILT_DEGREES[tilt]:
        image = _premultiply(image).rotate(TILT_DEGREES[tilt], Image.Resampling.BICUBIC, expand=True)
    else:
        image = _premultiply(image)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    pixels = np.asarray(image.resize(size, Image.Resampling.LANCZOS), np.float32).copy()
    pixels[..., 3] /= 255.0
    pixels[..., :3] = np.minimum(pixels[..., :3], pixels[..., 3:] * 255.0)
    return pixels


def _premultiply(image: Image.Image) -> Image.Image:
    pixels = np.asarray(image, np.float32).copy()
    pixels[..., :3] *= pixels[..., 3:] / 255.0
    return Image.fromarray(np.round(pixels).astype(np.uint8), "RGBA")
