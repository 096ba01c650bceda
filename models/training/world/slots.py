"""Texts of exactly 5, 15 and 75 words: one fact or joining word per place, in the order that the paper reports
(style first, then subject, relation, background and colours, medium last).

A name in braces is a fact of facts.py, anything else is a word.
"""

from .facts import Facts

TEMPLATES: dict[int, tuple[str, ...]] = {
    5: tuple("{style} {object} {otherobject} {colour} {backdrop}".split()),
    15: tuple(
        "{style} {size} {object} {tilt} {column} {row} {arrangement} {otherobject} {shade} {colour} {backdrop} "
        "{othershade} {othercolour} {decoration} {frame}".split()
    ),
    75: tuple(
        "{style} style picture of {count} {size} {finesize} {object} {category} {tilt} {facing} "
        "placed {column} {finecolumn} {row} {finerow} {arrangement} "
        "{othersize} {otherfinesize} {otherobject} {othercategory} {othertilt} {otherfacing} "
        "placed {othercolumn} {otherfinecolumn} {otherrow} {otherfinerow} {shadow} "
        "on {shade} {colour} and {othershade} {othercolour} {backdrop} backdrop {turn} {patternsize} {phase} pattern "
        "with {decorationcount} {decorationcolour} {decoration} {region} "
        "and {frame} {frameshade} {framecolour} frame "
        "corners {topleft} {topright} {bottomleft} {bottomright} "
        "showing {object} and {otherobject} mostly {shade} {colour} {light} light "
        "at {column} {row} {size} subject {backdrop} scene small emoji illustration".split()
    ),
}


def fill(template: tuple[str, ...], facts: Facts) -> list[str]:
    """The template's words with every fact in its place."""
    return [facts[place[1:-1]] if place.startswith("{") else place for place in template]


def slot_words(facts: Facts, length: int) -> list[str]:
    """The scene as exactly `length` words; `length` is 5, 15 or 75."""
    return fill(TEMPLATES[length], facts)
