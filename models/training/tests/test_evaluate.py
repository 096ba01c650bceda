"""What the evaluation measures, on the shipped pack."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.adopt import adopt_denoiser, adopt_vae
from training.evaluate import AUTOENCODER, at_seen_side, decibels, measure, save_grids
from training.pack_runtime import PackRuntime
from training.presets import CPU
from training.run_runtime import RunRuntime
from training.world.render import render
from training.world.split import scene_of

PACK = Path(__file__).resolve().parents[2] / "packs" / "tiny-scenes"
TEXT = [["large", "apple", "on", "a", "blue", "backdrop"]]
OPTIONS = {"steps": 3, "guidance": 3.0, "scheduler": "dpmpp-2m", "guidance_from": 0}

pytestmark = pytest.mark.skipif(not (PACK / "pack.json").exists(), reason="no pack has been written yet")


@pytest.fixture(scope="module")
def runtime() -> PackRuntime:
    return PackRuntime(PACK)


def test_below_the_interval_the_text_runs_alone(runtime: PackRuntime) -> None:
    options = {"steps": 3, "scheduler": "dpmpp-2m"}
    everywhere = runtime.generate(TEXT, guidance=3.0, **options)
    nowhere = runtime.generate(TEXT, guidance=1.0, **options)
    assert np.array_equal(runtime.generate(TEXT, guidance=3.0, guidance_from=0, **options), everywhere)
    assert np.array_equal(runtime.generate(TEXT, guidance=3.0, guidance_from=1000, **options), nowhere)
    early = runtime.generate(TEXT, guidance=3.0, guidance_from=500, **options)
    assert not np.array_equal(early, everywhere) and not np.array_equal(early, nowhere)


def test_a_pack_says_how_it_draws(runtime: PackRuntime) -> None:
    assert set(runtime.defaults) == {"steps", "guidance", "scheduler", "guidance_from"}


def test_a_run_draws_what_the_pack_made_of_it_draws(runtime: PackRuntime, tmp_path: Path) -> None:
    adopt_vae(CPU, PACK, tmp_path, 1)
    adopt_denoiser(CPU, PACK, tmp_path, 1)
    (tmp_path / "latents").mkdir()
    (tmp_path / "latents/state.json").write_text(json.dumps({"count": 1, "scale": runtime.scale}))
    run = RunRuntime(PACK, replace(CPU, latent_scenes=1), tmp_path)
    images = np.stack([render(scene_of("heldout", 0))])
    for found, wanted in ((run.generate(TEXT, steps=2), runtime.generate(TEXT, steps=2)), (run.reconstruct(images), runtime.reconstruct(images))):
        assert int(np.abs(found.astype(int) - wanted.astype(int)).max()) <= 2


def test_rows_hold_every_figure(runtime: PackRuntime, tmp_path: Path) -> None:
    scenes = [scene_of("heldout", seed) for seed in range(12)]
    images = np.stack([render(scene) for scene in scenes])
    told = measure(runtime, runtime, "dense", scenes[:4], images[:4], OPTIONS).row
    assert {"loneObject", "backdropKind", "firstColour", "objectReadAgain", "scorerSimilarity", "objectWordRecall"} <= told.keys()
    measured = measure(runtime, runtime, AUTOENCODER, scenes, images, OPTIONS)
    through, seen = measured.row, measured.pictures
    assert measured.each["similarity"].shape == (12,)
    assert through["decibels"] == pytest.approx(decibels(at_seen_side(seen), images), abs=1e-3) and through["decibels"] > 22
    assert through["loneObject"] >= 0.9 and "objectWordRecall" not in through
    save_grids(tmp_path, "some", scenes, seen)
    assert Image.open(tmp_path / "some.png").size == (12 * 128, 2 * 128)
    assert Image.open(tmp_path / "some-alone.png").size == (12 * 128, 128)


def test_larger_pictures_are_compared_by_their_block_means() -> None:
    picture = render(scene_of("heldout", 0), 64)
    enlarged = picture.repeat(2, 0).repeat(2, 1)[None]
    assert np.array_equal(at_seen_side(enlarged)[0], picture)
