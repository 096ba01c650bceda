"""Which tokens an encoder may say: the paper leaves punctuation out of CLIP's vocabulary ("around 6%"); a search tries far fewer."""

import re
from pathlib import Path

from convert.refusal import Refusal

ALLOWED = re.compile(r"[a-z0-9]+(</w>)?")
# One letter alone is a piece of something else.
WHOLE = re.compile(r"[a-z0-9]{2,}</w>")


def allowed_ids(vocabulary: dict[str, int], words: str = "all") -> list[int]:
    """Ids of what may be said, ascending.

    `words` is `all`, for every token of ASCII letters and digits (46,530 of CLIP's 49,408); a number, for so many of the commonest whole words (a
    byte-pair vocabulary has what was merged first, and so what was read most often, at its beginning); or a file with a word on each line.
    Raises Refusal for a word that is no single token, or for fewer than two words.
    """
    if words == "all":
        return sorted(index for token, index in vocabulary.items() if ALLOWED.fullmatch(token))
    if words.isdigit():
        found = sorted(index for token, index in vocabulary.items() if WHOLE.fullmatch(token))[: int(words)]
    else:
        listed = Path(words).read_text(encoding="utf-8").split() if Path(words).is_file() else None
        if listed is None:
            raise Refusal("request-invalid", f"{words} is neither all, nor a number, nor a file of words.", "Name one of them with --words.")
        split = [word for word in listed if f"{word.lower()}</w>" not in vocabulary]
        if split:
            message = f"{len(split)} words of {words} are no single token of the decoder: {', '.join(split[:5])}{' …' if len(split) > 5 else ''}."
            raise Refusal("request-invalid", message, "Take them out of the list: a place of a text holds one token.")
        found = sorted({vocabulary[f"{word.lower()}</w>"] for word in listed})
    if len(found) < 2:
        raise Refusal("request-invalid", f"{words} leaves {len(found)} words to choose from.", "Name more with --words.")
    return found
