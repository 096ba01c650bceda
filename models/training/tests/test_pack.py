"""The shipped pack: every file as the manifest says, every graph runs, and other people's pictures work too."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from training.evaluate import object_recall
from training.pack_runtime import SCHEDULERS, PackRuntime
from training.to_diffusers import load_pipeline
from training.world.objects import OBJECTS
from training.world.render import render
from training.world.split import scene_of
from training.world.sprites import FONT_SIZE, find_font

PACK = Path(__file__).resolve().parents[2] / "packs" / "tiny-scenes"
LIMIT_BYTES = 40 * 1024 * 1024

pytestmark = pytest.mark.skipif(not (PACK / "pack.json").exists(), reason="no pack has been written yet")


@pytest.fixture(scope="module")
def runtime() -> PackRuntime:
    return PackRuntime(PACK)


def test_files_match_their_manifest() -> None:
    manifest = json.loads((PACK / "pack.json").read_text(encoding="utf-8"))
    listed = {entry["path"]: entry for entry in manifest["files"]}
    present = {path.relative_to(PACK).as_posix() for path in PACK.rglob("*") if path.is_file()} - {"pack.json"}
    assert set(listed) == present
    for name, entry in listed.items():
        data = (PACK / name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (entry["bytes"], entry["sha256"]), name
    assert sum(entry["bytes"] for entry in listed.values()) <= LIMIT_BYTES


def test_encoder_names_the_objects_of_heldout_scenes(runtime: PackRuntime) -> None:
    scenes = [scene_of("heldout", 2_000_000 + seed) for seed in range(60)]
    images = np.stack([render(scene) for scene in scenes])
    for length in (5, 15, 75):
        texts = runtime.encode(images, length)
        assert all(len(words) == length for words in texts)
        assert object_recall(texts, scenes) >= 0.8


def draw_by_other_code(index: int, size: int) -> Image.Image:
    """An emoji drawn with PIL alone, on a backdrop the generator does not have: dots of noise over a radial blend."""
    rng = np.random.default_rng(index)
    y, x = np.mgrid[0:size, 0:size] / size
    inner, outer = rng.uniform(60, 255, 3), rng.uniform(60, 255, 3)
    blend = np.clip(np.hypot(x - 0.2, y - 0.9), 0, 1)[..., None]
    pixels = inner * (1 - blend) + outer * blend + rng.normal(0, 8, (size, size, 1))
    picture = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    glyph = Image.new("RGBA", (150, 150))
    font = ImageFont.truetype(find_font(), FONT_SIZE)
    ImageDraw.Draw(glyph).text((75, 75), OBJECTS[index].character, font=font, embedded_color=True, anchor="mm")
    side = int(size * rng.uniform(0.6, 1.0))
    glyph = glyph.resize((side, side), Image.Resampling.BICUBIC)
    left, top = (int(rng.uniform(0, size - side + 1)) for _ in range(2))
    picture.paste(glyph, (left, top), glyph)
    return picture


@pytest.mark.parametrize("size", (100, 512, 1024))
def test_encoder_names_objects_in_pictures_made_by_other_code(runtime: PackRuntime, size: int) -> None:
    pictures = [draw_by_other_code(index, size).resize((64, 64), Image.Resampling.BICUBIC) for index in range(len(OBJECTS))]
    texts = runtime.encode(np.stack([np.asarray(picture) for picture in pictures]), 75)
    named = [item.word in words for item, words in zip(OBJECTS, texts)]
    assert np.mean(named) >= 0.7


@pytest.mark.parametrize("scheduler", sorted(SCHEDULERS))
def test_every_scheduler_draws(runtime: PackRuntime, scheduler: str) -> None:
    pictures = runtime.generate([["large", "apple"]], steps=8, scheduler=scheduler)
    assert pictures.shape == (1, 128, 128, 3)
    assert 3 < pictures.std() < 128


def test_scorer_tells_the_same_scene_from_another(runtime: PackRuntime) -> None:
    images = np.stack([render(scene_of("heldout", 3_000_000 + seed)) for seed in range(40)])
    soft = np.stack([np.asarray(Image.fromarray(image).resize((32, 32)).resize((64, 64))) for image in images])
    first, second = runtime.image_embeds(images), runtime.image_embeds(soft)
    similarity = first @ second.T
    assert np.diag(similarity).mean() > 0.75
    assert similarity[~np.eye(40, dtype=bool)].mean() < 0.3


def test_decoder_loads_in_diffusers() -> None:
    pipeline = load_pipeline(PACK)
    pipeline.set_progress_bar_config(disable=True)
    picture = pipeline("large apple on a blue backdrop", num_inference_steps=2, height=128, width=128).images[0]
    assert picture.size == (128, 128)
