"""Which tokens an encoder may say: the paper leaves punctuation out of CLIP's vocabulary ("around 6%")."""

import re

ALLOWED = re.compile(r"[a-z0-9]+(</w>)?")


def allowed_ids(vocabulary: dict[str, int]) -> list[int]:
    """Ids of tokens of ASCII letters and digits alone, ascending; 46,530 of CLIP's 49,408."""
    return sorted(index for token, index in vocabulary.items() if ALLOWED.fullmatch(token))
