"""The generator repeats itself, and its splits share nothing."""

from dataclasses import replace

import numpy as np

from training.world.attributes import BACKDROPS
from training.world.facts import facts_of
from training.world.objects import OBJECT_WORDS
from training.world.render import render
from training.world.slots import slot_words
from training.world.split import SPLITS, pairs_of, scene_of, scene_split
from training.world.telling import dense_caption, short_caption, training_text
from training.world.vary import objectless_picture, varied_picture


def test_same_seed_same_scene_and_pixels() -> None:
    for seed in range(5):
        first, second = scene_of("train", seed), scene_of("train", seed)
        assert first == second
        assert np.array_equal(render(first), render(second))
    assert scene_of("train", 0) != scene_of("train", 1)


def test_varied_pictures_repeat_too() -> None:
    for seed in range(8):
        pictures = [varied_picture(scene_of("train", seed), np.random.default_rng(seed))[0] for _ in range(2)]
        assert np.array_equal(*pictures)
        assert pictures[0].shape == (64, 64, 3)


def test_an_objectless_picture_shows_the_backdrop_alone() -> None:
    for seed in range(12):
        scene = scene_of("train", seed)
        bare = render(replace(scene, objects=(), style=scene.style.replace("sticker", "flat")))
        picture, told, shown = objectless_picture(scene, np.random.default_rng(seed))
        assert shown == "backdrop" and told.backdrop == scene.backdrop
        again = objectless_picture(scene, np.random.default_rng(seed))[0]
        assert np.array_equal(picture, again)
        outside = np.ones((64, 64), bool)
        for placed in scene.objects:
            reach = round(placed.side * 64 * 0.7)
            x, y = round(placed.centre_x * 64), round(placed.centre_y * 64)
            outside[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach] = False
        if outside.any():
            assert np.median(np.abs(picture[outside].astype(int) - bare[outside])) < 30


def test_one_picture_of_stripes_has_one_name() -> None:
    stripes = next(scene for scene in (scene_of("train", seed) for seed in range(200)) if scene.backdrop == "stripes")
    assert stripes.pattern_phase < 0.5
    other = replace(stripes, first=stripes.second, second=stripes.first, pattern_phase=stripes.pattern_phase + 0.5)
    assert np.abs(render(stripes).astype(int) - render(other)).max() <= 1


def test_splits_share_no_pair_of_object_and_backdrop() -> None:
    pairs = [pairs_of(split) for split in SPLITS]
    assert sum(len(part) for part in pairs) == len(OBJECT_WORDS) * len(BACKDROPS)
    assert not (pairs[0] & pairs[1] or pairs[0] & pairs[2] or pairs[1] & pairs[2])
    for split in SPLITS:
        assert all(scene_split(scene_of(split, seed)) == split for seed in range(40))


def test_training_scenes_hold_no_pair_of_another_split() -> None:
    forbidden = pairs_of("heldout") | pairs_of("validation")
    for seed in range(200):
        scene = scene_of("train", seed)
        assert not {(placed.word, scene.backdrop) for placed in scene.objects} & forbidden


def test_texts_have_their_lengths_and_name_the_object() -> None:
    for seed in range(40):
        scene = scene_of("train", seed)
        facts = facts_of(scene)
        for length in (5, 15, 75):
            words = slot_words(facts, length)
            assert len(words) == length
            assert all(placed.word in words for placed in scene.objects)
        for words in (short_caption(facts), dense_caption(facts)):
            assert all(placed.word in words for placed in scene.objects)
        assert len(training_text(facts, np.random.default_rng(seed), 24)) <= 24


def test_a_scene_keeps_its_look_at_other_sizes() -> None:
    scene = scene_of("train", 3)
    small, large = render(scene, 64).astype(float), render(scene, 256).astype(float)
    shrunk = large.reshape(64, 4, 64, 4, 3).mean((1, 3))
    assert np.abs(small - shrunk).mean() < 12
