"""Which words may stand at which place of a text: the decoder's language, learned from texts without their pictures."""

from collections import Counter

import torch

from .tokenizer import allowed_ids, word_ids
from .world.facts import facts_of
from .world.slots import slot_words
from .world.split import scene_of

# Scenes of the training split whose texts are read; their pictures are never drawn.
FIRST_SEED, TEXTS = 90_000_000, 1_000
# For what a pack says of its places, which needs their order of likelihood and no word that is hardly ever there.
TOLD_TEXTS = 400


class PlaceWords:
    """`mask` [places, words], bool over rows of a pooler's linear layer: the words that some text has at the place."""

    def __init__(self, length: int):
        rows = {token: row for row, token in enumerate(allowed_ids())}
        self.mask = torch.zeros(length, len(rows), dtype=torch.bool)
        for seed in range(FIRST_SEED, FIRST_SEED + TEXTS):
            for place, word in enumerate(slot_words(facts_of(scene_of("train", seed)), length)):
                self.mask[place, rows[word_ids()[word]]] = True


def words_of_places(length: int) -> list[list[str]]:
    """For each place of a text the words that stand there in the training split, likeliest first."""
    counts = [Counter() for _ in range(length)]
    for seed in range(FIRST_SEED, FIRST_SEED + TOLD_TEXTS):
        for place, word in enumerate(slot_words(facts_of(scene_of("train", seed)), length)):
            counts[place][word] += 1
    return [sorted(count, key=lambda word: (-count[word], word)) for count in counts]
