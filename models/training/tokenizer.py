"""A tokenizer in CLIP's file format whose merges build each word of the world into one token."""

import json
import re
from functools import cache
from pathlib import Path

import torch

from .world.vocabulary import world_words

START, END = "<|startoftext|>", "<|endoftext|>"
LONGEST = 77


def byte_symbols() -> list[str]:
    """The 256 printable stand-ins for bytes, in the order of the original CLIP vocabulary."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + index) for index in range(len(hidden))]


def split_word(word: str, ranks: dict[tuple[str, str], int]) -> list[str]:
    """The pieces of a word under byte pair encoding: the pair of lowest rank merges first."""
    pieces = [*word[:-1], word[-1] + "</w>"]
    while len(pieces) > 1:
        pairs = [pair for pair in zip(pieces, pieces[1:]) if pair in ranks]
        if not pairs:
            break
        first, second = min(pairs, key=ranks.__getitem__)
        merged, index = [], 0
        while index < len(pieces):
            if index + 1 < len(pieces) and (pieces[index], pieces[index + 1]) == (first, second):
                merged.append(first + second)
                index += 2
            else:
                merged.append(pieces[index])
                index += 1
        pieces = merged
    return pieces


def build_merges(words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Merges that join each word from the left. Later merges rank lower, so they cannot break earlier words."""
    ranks: dict[tuple[str, str], int] = {}
    for word in words:
        pieces = split_word(word, ranks)
        while len(pieces) > 1:
            ranks.setdefault((pieces[0], pieces[1]), len(ranks))
            pieces = split_word(word, ranks)
    return list(ranks)


@cache
def vocabulary() -> dict[str, int]:
    """Token to id: bytes, bytes at a word's end, merged pieces, start, end."""
    symbols = byte_symbols()
    tokens = symbols + [symbol + "</w>" for symbol in symbols]
    tokens += list(dict.fromkeys(a + b for a, b in build_merges(world_words())))
    tokens += [START, END]
    return {token: index for index, token in enumerate(dict.fromkeys(tokens))}


@cache
def word_ids() -> dict[str, int]:
    """The id of each word of the world."""
    return {word: vocabulary()[word + "</w>"] for word in world_words()}


@cache
def allowed_ids() -> tuple[int, ...]:
    """What the encoder may say: whole words of the world; single letters, fragments, bytes and specials are out."""
    return tuple(sorted(index for word, index in word_ids().items() if re.fullmatch("[a-z]{2,}", word)))


def encode(words: list[str], length: int = LONGEST) -> list[int]:
    """Ids with start, end and padding (which is the end token again), exactly `length` long."""
    end = vocabulary()[END]
    ids = [vocabulary()[START], *(word_ids()[word] for word in words[: length - 2]), end]
    return ids + [end] * (length - len(ids))


def encode_batch(texts: list[list[str]], length: int = LONGEST) -> torch.Tensor:
    """int64 [batch, length]."""
    return torch.tensor([encode(words, length) for words in texts])


def save_tokenizer(folder: Path) -> None:
    """Writes vocab.json, merges.txt and the configurations, then tokenizer.json as transformers builds it."""
    from transformers import CLIPTokenizer

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "vocab.json", vocabulary())
    merges = "\n".join(f"{a} {b}" for a, b in build_merges(world_words()))
    (folder / "merges.txt").write_text(f"#version: 0.2\n{merges}\n", encoding="utf-8")
    fast = CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=LONGEST, pad_token=END)
    fast.save_pretrained(folder)
    token = {"lstrip": False, "normalized": True, "rstrip": False, "single_word": False}
    special = {name: {"content": content, **token} for name, content in (("bos_token", START), ("eos_token", END), ("unk_token", END))}
    _write(folder / "special_tokens_map.json", {**special, "pad_token": END})
    _write(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "CLIPTokenizer",
            "add_prefix_space": False,
            "bos_token": START,
            "clean_up_tokenization_spaces": True,
            "do_lower_case": True,
            "eos_token": END,
            "errors": "replace",
            "model_max_length": LONGEST,
            "pad_token": END,
            "unk_token": END,
        },
    )


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
