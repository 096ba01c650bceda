"""Writes test/golden/resize.json and test/fixtures/images/*: pictures and what Pillow's antialiased filters make of them.

python tooling/golden/make_resize_golden.py
"""

import base64
from pathlib import Path

import numpy as np
from PIL import Image
from write_golden import write_golden

FOLDER = Path(__file__).parents[2] / "test" / "fixtures" / "images"
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC, "lanczos": Image.Resampling.LANCZOS}


def scene(width: int, height: int) -> Image.Image:
    """Gradients, a hard-edged box and a little noise: what resizers get wrong."""
    y, x = np.mgrid[0:height, 0:width]
    channels = [127 + 100 * np.sin(x / 9 + y / 17), 127 + 100 * np.cos(x * y / 900), x * 255 / width]
    picture = np.stack(channels, -1) + np.random.default_rng(7).normal(0, 6, (height, width, 3))
    picture[height // 4 : height // 2, width // 4 : width // 2] = [255, 20, 20]
    return Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))


def crop(picture: Image.Image, side: int, resample: Image.Resampling) -> Image.Image:
    """Short side to size, long side rounded down, then the centre: CLIPImageProcessor in transformers."""
    short = min(picture.size)
    width, height = (side * length // short for length in picture.size)
    left, top = (width - side) // 2, (height - side) // 2
    return picture.resize((width, height), resample).crop((left, top, left + side, top + side))


FOLDER.mkdir(parents=True, exist_ok=True)
scene(150, 100).save(FOLDER / "wide.png", optimize=True)
scene(129, 255).save(FOLDER / "odd.jpg", quality=92)
scene(24, 20).save(FOLDER / "small.png", optimize=True)

cases = []
for name in ["wide.png", "odd.jpg", "small.png"]:
    picture = Image.open(FOLDER / name).convert("RGB")
    for resample, kernel in FILTERS.items():
        for fit in ["stretch", "crop"]:
            result = picture.resize((32, 32), kernel) if fit == "stretch" else crop(picture, 32, kernel)
            pixels = base64.b64encode(result.tobytes()).decode()
            cases.append({"image": name, "resample": resample, "fit": fit, "width": 32, "height": 32, "pixels": pixels})
write_golden("resize", Path(__file__).name, ["pillow", "numpy"], 1, cases)
