"""Fidelity ranks as people do; its numbers are those of the studio (test/unit/text-to-image/rate-fidelity.test.ts)."""

from pathlib import Path

import numpy as np
import pytest

from training.evaluate import at_seen_side
from training.fidelity import rate_fidelity, sharpness, structure
from training.fidelity_pairs import SPOILT
from training.pack_runtime import PackRuntime
from training.world.render import render
from training.world.split import scene_of

PACK = Path(__file__).resolve().parents[2] / "packs" / "tiny-scenes"


def pattern(across: int, down: int, side: int = 16) -> np.ndarray:
    """uint8 [1, side, side, 3] of whole numbers that any language can make."""
    y, x, channel = np.mgrid[0:side, 0:side, 0:3]
    return ((x * across + y * down + channel * 31) % 97 + 100).astype(np.uint8)[None]


def test_the_studio_computes_the_same_numbers() -> None:
    first, second = pattern(7, 13) / 255.0, pattern(5, 3) / 255.0
    assert structure(first, second)[0] == pytest.approx(0.0273250, abs=1e-6)
    assert sharpness(second, first)[0] == pytest.approx(0.4823600, abs=1e-6)
    assert sharpness(first, second)[0] == 1
    assert rate_fidelity(np.array([0.8]), pattern(7, 12), pattern(7, 13))[0] == pytest.approx(0.8872541, abs=1e-6)


def test_an_edge_in_one_corner_does_not_pay_for_soft_edges_in_another() -> None:
    def bars(left: float, right: float) -> np.ndarray:
        column = np.broadcast_to(np.arange(16)[None, None, :, None], (1, 16, 16, 3))
        return 0.5 + np.where(column // 4 % 2 == 0, 1, -1) * np.where(column < 8, left, right)

    assert sharpness(bars(0.2, 0.4), bars(0.4, 0.0))[0] < 0.9
    assert sharpness(bars(0.4, 0.4), bars(0.4, 0.0))[0] == 1


def test_the_same_picture_is_1_and_another_0() -> None:
    same = pattern(7, 13)
    assert rate_fidelity(np.array([1.0]), same, same)[0] == pytest.approx(1)
    assert rate_fidelity(np.array([-0.2]), same, pattern(5, 3))[0] == 0


@pytest.mark.skipif(not (PACK / "pack.json").exists(), reason="no pack has been written yet")
def test_a_redraw_is_above_its_spoilt_forms() -> None:
    runtime = PackRuntime(PACK)
    scenes = [scene_of("validation", seed) for seed in range(20)]
    originals = np.stack([render(scene) for scene in scenes])
    redrawn = at_seen_side(runtime.reconstruct(originals))

    def rated(pictures: np.ndarray) -> np.ndarray:
        return rate_fidelity((runtime.image_embeds(pictures) * runtime.image_embeds(originals)).sum(1), pictures, originals)

    right = rated(redrawn)
    for name, spoil in SPOILT.items():
        spoilt = np.stack([spoil(picture, scene) for picture, scene in zip(redrawn, scenes)])
        assert float((right > rated(spoilt)).mean()) >= 0.95, name
    assert np.median(right) > 0.9
