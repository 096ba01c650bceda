"""Arms are compared scene by scene, and words are true or false of the scene they tell."""

from dataclasses import replace

import numpy as np
import pytest

from training.compare_arms import DETAILS, compare, names_object, paired_difference, words_changed, words_right
from training.evaluate import OWN, Measured, comparisons, merged
from training.world.facts import facts_of
from training.world.slots import TEMPLATES, slot_words
from training.world.split import scene_of

SCENES = [scene_of("validation", seed) for seed in range(8)]


def told(length: int, **wrong: str) -> list[list[str]]:
    """The scenes' true texts, but for words given by their kind."""
    texts = []
    for scene in SCENES:
        facts = facts_of(scene)
        texts.append([wrong.get(place.strip("{}"), word) for place, word in zip(TEMPLATES[length], slot_words(facts, length))])
    return texts


def test_a_difference_has_the_standard_error_of_its_pairs() -> None:
    before = np.array([0.1, 0.9, 0.5, 0.3])
    mean, error = paired_difference(before + np.array([0.1, 0.2, 0.1, 0.2]), before)
    assert mean == pytest.approx(0.15) and error == pytest.approx(np.std([0.1, 0.2, 0.1, 0.2], ddof=1) / 2, abs=1e-5)


def test_words_of_each_kind_are_counted_as_true_and_false() -> None:
    true, tilted = told(15), told(15, tilt="nowhere")
    assert set(words_right(true, SCENES).values()) == {1.0}
    assert words_right(tilted, SCENES)["tilt"] == 0.0 and words_right(tilted, SCENES)["size"] == 1.0
    assert words_changed(tilted, true, SCENES) == {"tilt": [8, 0]}
    assert words_changed(true, told(15, othercolour="nowhere"), SCENES) == {"colour": [0, 8]}
    assert words_changed(told(15, tilt="bare"), tilted, SCENES) == {}


def test_synonyms_name_an_object() -> None:
    assert names_object(["a", "doughnut"], "donut") and names_object(["donut"], "donut") and not names_object(["boat"], "donut")


def test_details_are_what_fifteen_words_have_no_place_for() -> None:
    bare = replace(SCENES[0], frame="unframed", decoration="unadorned", backdrop="plain")
    assert not any(holds(bare) for holds in DETAILS.values())
    for name, changed in (("framed", {"frame": "thin"}), ("decorated", {"decoration": "dots"}), ("turned", {"backdrop": "stripes"})):
        assert [found for found, holds in DETAILS.items() if holds(replace(bare, **changed))] == [name]


def test_what_was_measured_together_is_compared() -> None:
    def arm(level: float, texts: list[list[str]] | None) -> Measured:
        values = level + np.arange(8) / 100
        return Measured({}, np.zeros(0), texts, {name: values for name in ("similarity", "pixelError", "fidelity")})

    measured = {
        (OWN, "dediffusion15"): arm(0.9, told(15)),
        (OWN, "dediffusion75"): arm(0.95, told(75)),
        (OWN, "short"): arm(0.7, None),
        ("supervised", "dediffusion15"): arm(0.8, told(15, tilt="nowhere")),
    }
    found = comparisons(measured, SCENES)
    assert set(found) == {
        "own dediffusion15 - supervised dediffusion15",
        "own dediffusion75 - own dediffusion15",
        *(f"own dediffusion75 - own dediffusion15 {name}" for name, holds in DETAILS.items() if sum(map(holds, SCENES)) > 1),
        "own dediffusion15 - own short",
        "supervised dediffusion15 - own short",
    }
    pair = found["own dediffusion15 - supervised dediffusion15"]
    assert pair["similarity"] == [pytest.approx(0.1), pytest.approx(0)] and pair["words"] == {"tilt": [8, 0]} and pair["scenes"] == 8
    assert found["own dediffusion75 - own dediffusion15"]["scenes"] == 8
    detailed = {name: sum(map(holds, SCENES)) for name, holds in DETAILS.items()}
    assert max(detailed.values()) > 1
    assert all(found[f"own dediffusion75 - own dediffusion15 {name}"]["scenes"] == count for name, count in detailed.items() if count > 1)


def test_tables_are_laid_over_row_by_row() -> None:
    known = {"arms": {"short": {"scenes": 1}, "dense": {"scenes": 1}}, "split": "heldout"}
    assert merged(known, {"arms": {"dense": {"scenes": 2}}, "heads": "distilled"}) == {
        "arms": {"short": {"scenes": 1}, "dense": {"scenes": 2}},
        "split": "heldout",
        "heads": "distilled",
    }


def test_an_arm_is_compared_with_itself_to_nothing() -> None:
    values = {name: np.arange(4.0) for name in ("similarity", "pixelError", "fidelity")}
    assert compare(values, values, np.ones(4, bool)) == {"similarity": [0, 0], "pixelError": [0, 0], "fidelity": [0, 0], "scenes": 4}
