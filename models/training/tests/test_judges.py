"""The judges learned nothing: they must know originals, and tell them from pictures in which one thing is another."""

from dataclasses import replace

import numpy as np
import pytest

from training.judges import block_means, judge_picture, summarise
from training.world.attributes import BACKDROPS
from training.world.objects import OBJECTS
from training.world.render import render
from training.world.scene import Paint, Scene
from training.world.split import scene_of

SCENES = [scene_of("validation", seed, 0.4) for seed in range(16)]


def shares(change) -> dict[str, float]:
    """The judges' shares when every scene is asked for and its changed form is drawn."""
    return summarise([judge_picture(render(change(scene), 128), scene) for scene in SCENES], SCENES)


def test_originals_are_known() -> None:
    found = shares(lambda scene: scene)
    assert found["loneObject"] == found["eachOfTwo"] == found["bothOfTwo"] == 1
    assert found["backdropKind"] >= 0.95 and found["backdropPattern"] >= 0.95 and found["firstColour"] >= 0.9


def test_another_object_is_not_the_one_asked_for() -> None:
    def exchanged(scene: Scene) -> Scene:
        first, *others = scene.objects
        return replace(scene, objects=(replace(first, object_index=(first.object_index + 7) % len(OBJECTS)), *others))

    found = shares(exchanged)
    assert found["loneObject"] == found["bothOfTwo"] == 0
    assert found["eachOfTwo"] == 0.5


def test_an_object_that_is_missing_is_seen() -> None:
    assert shares(lambda scene: replace(scene, objects=()))["loneObject"] < 0.2


def test_another_backdrop_and_another_colour_are_seen() -> None:
    assert shares(lambda scene: replace(scene, backdrop=BACKDROPS[BACKDROPS.index(scene.backdrop) - 4]))["backdropKind"] < 0.2
    wrong = {"red": "teal"}
    assert shares(lambda scene: replace(scene, first=Paint(wrong.get(scene.first.colour, "red"), "clear", (0, 0, 0))))["firstColour"] < 0.1


def test_block_means_need_no_exact_side() -> None:
    assert block_means(np.full((128, 128, 3), 7, np.uint8), 32).shape == (32, 32, 3)
    assert block_means(np.arange(12.0).reshape(2, 2, 3), 1) == pytest.approx(np.array([[[4.5, 5.5, 6.5]]]))
