"""Scenes in words: the short caption a person would write, the dense one, and what the denoiser is trained on."""

import numpy as np

from .facts import Facts
from .slots import TEMPLATES, fill, slot_words
from .vocabulary import SYNONYMS


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def short_caption(facts: Facts) -> list[str]:
    """What a person would write: the objects, their place to each other, the backdrop's colours and kind."""
    words = [_article(facts["object"]), facts["object"]]
    if facts["arrangement"] == "beside":
        words += ["next", "to", _article(facts["otherobject"]), facts["otherobject"]]
    elif facts["arrangement"] == "under":
        words += ["over", _article(facts["otherobject"]), facts["otherobject"]]
    words += ["on", "a", facts["colour"]]
    if facts["othercolour"] != facts["colour"]:
        words += ["and", facts["othercolour"]]
    return words + ([] if facts["backdrop"] == "plain" else [facts["backdrop"]]) + ["background"]


# Clauses of the dense caption; a clause whose key fact says "nothing there" is left out.
_CLAUSES: tuple[tuple[str, str], ...] = (
    ("style", "{style} style picture"),
    ("object", "{count} {size} {finesize} {object} {tilt} {facing} placed {column} {finecolumn} {row} {finerow}"),
    ("arrangement", "{arrangement} {othersize} {otherfinesize} {otherobject} {othertilt} {otherfacing} placed {othercolumn} {otherfinecolumn} {otherrow} {otherfinerow}"),
    ("shadow", "{shadow}"),
    ("backdrop", "on {shade} {colour} and {othershade} {othercolour} {backdrop} backdrop {turn} {patternsize} {phase} pattern"),
    ("decoration", "with {decorationcount} {decorationcolour} {decoration} {region}"),
    ("frame", "{frame} {frameshade} {framecolour} frame"),
    ("light", "{light} light"),
)
_ABSENT = {"alone", "unadorned", "unframed", "floating"}


def dense_clauses(facts: Facts) -> list[list[str]]:
    """The dense caption's clauses in their usual order."""
    return [fill(tuple(clause.split()), facts) for key, clause in _CLAUSES if facts[key] not in _ABSENT]


def dense_caption(facts: Facts) -> list[str]:
    """Everything that can be seen, once."""
    return [word for clause in dense_clauses(facts) for word in clause]


def _drop(words: list[str], rng: np.random.Generator, share: float) -> list[str]:
    if share == 0.0:
        return words
    kept = [word for word, keep in zip(words, rng.random(len(words)) >= share) if keep]
    return kept or words


def _with_synonyms(words: list[str], rng: np.random.Generator) -> list[str]:
    if rng.random() < 0.5:
        return words
    return [SYNONYMS[word][int(rng.integers(len(SYNONYMS[word])))] if word in SYNONYMS and rng.random() < 0.4 else word for word in words]


def _one_of(rng: np.random.Generator, shares: tuple[float, ...]) -> float:
    return shares[int(rng.integers(len(shares)))]


def training_text(facts: Facts, rng: np.random.Generator, longest: int) -> list[str]:
    """One of the ways to tell the scene, of at most `longest` words; sometimes nothing at all.

    Slot texts and captions in order, shuffled clauses, dropped words and bags of words: the denoiser must read
    people, the encoder and everything an artist leaves of either. Two texts in five are in no fixed order: a decoder
    that reads places instead of words is worth less to somebody who edits (.05 of loss, measured with a tenth).
    """
    kind = rng.random()
    if kind < 0.10:
        return []
    if kind < 0.20:
        words = _with_synonyms(short_caption(facts), rng)
    elif kind < 0.43 and longest >= 75:
        words = _drop(slot_words(facts, 75), rng, _one_of(rng, (0.0, 0.0, 0.2, 0.5)))
    elif kind < 0.56:
        words = _drop(slot_words(facts, 15), rng, _one_of(rng, (0.0, 0.0, 0.2)))
    elif kind < 0.61:
        words = slot_words(facts, 5)
    elif kind < 0.78:
        clauses = dense_clauses(facts)
        rng.shuffle(clauses)
        words = _with_synonyms(_drop([word for clause in clauses for word in clause], rng, _one_of(rng, (0.0, 0.3))), rng)
    else:
        words = list(dict.fromkeys(fill(TEMPLATES[75], facts)))
        rng.shuffle(words)
        words = words[: int(rng.integers(4, 40))]
    return words[:longest]
