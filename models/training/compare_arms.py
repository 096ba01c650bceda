"""Arms of the evaluation set side by side: paired differences over the same scenes, and which words became true or false."""

from collections.abc import Callable

import numpy as np

from .world.facts import VISIBLE, facts_of
from .world.scene import Scene
from .world.slots import TEMPLATES, slot_words
from .world.vocabulary import SYNONYMS


def paired_difference(after: np.ndarray, before: np.ndarray) -> list[float]:
    """Mean of after − before over the same scenes, and its standard error."""
    difference = np.asarray(after, np.float64) - np.asarray(before, np.float64)
    return [round(float(difference.mean()), 5), round(float(difference.std(ddof=1) / len(difference) ** 0.5), 5)]


def compare(after: dict[str, np.ndarray], before: dict[str, np.ndarray], chosen: np.ndarray) -> dict:
    """`similarity`, `pixelError` and `fidelity` of two arms, each [scenes], over the `chosen` scenes."""
    found = {name: paired_difference(after[name][chosen], before[name][chosen]) for name in ("similarity", "pixelError", "fidelity")}
    return found | {"scenes": int(np.count_nonzero(chosen))}


# Scenes with a detail that fifteen words have no place for, by what it is: the frame's colours, the pattern's turn, decorations' colour and number.
DETAILS: dict[str, Callable[[Scene], bool]] = {
    "framed": lambda scene: scene.frame != "unframed",
    "turned": lambda scene: "turn" in VISIBLE[scene.backdrop],
    "decorated": lambda scene: scene.decoration != "unadorned",
}


def kind_of(place: str) -> str:
    """The kind of fact that a template's place tells; joining words are their own."""
    return place.strip("{}").removeprefix("other")


def words_right(texts: list[list[str]], scenes: list[Scene]) -> dict[str, float]:
    """Share of right words of each kind of fact; the texts have the places of `world/slots.py`."""
    template = TEMPLATES[len(texts[0])]
    right: dict[str, list[bool]] = {}
    for words, scene in zip(texts, scenes):
        for place, word, wanted in zip(template, words, slot_words(facts_of(scene), len(template))):
            if place.startswith("{"):
                right.setdefault(kind_of(place), []).append(word == wanted)
    return {kind: round(float(np.mean(found)), 4) for kind, found in right.items()}


def words_changed(before: list[list[str]], after: list[list[str]], scenes: list[Scene]) -> dict[str, list[int]]:
    """For each kind of fact, how many words became true and how many false."""
    template = TEMPLATES[len(before[0])]
    changed: dict[str, list[int]] = {}
    for old, new, scene in zip(before, after, scenes):
        for place, first, second, wanted in zip(template, old, new, slot_words(facts_of(scene), len(template))):
            if place.startswith("{") and first != second and wanted in (first, second):
                changed.setdefault(kind_of(place), [0, 0])[int(wanted == first)] += 1
    return changed


def names_object(words: list[str], name: str) -> bool:
    """Whether a text names an object, by its own word or by one that people use for it."""
    return not {name, *SYNONYMS.get(name, ())}.isdisjoint(words)
