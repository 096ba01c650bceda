"""CLIP's own tokenizer class reads the files and gives each word one token."""

from pathlib import Path

import pytest
from transformers import CLIPTokenizer

from training.tokenizer import allowed_ids, encode, save_tokenizer, vocabulary, word_ids


@pytest.fixture
def tokenizer(tmp_path: Path) -> CLIPTokenizer:
    save_tokenizer(tmp_path)
    return CLIPTokenizer.from_pretrained(tmp_path)


def test_every_word_is_one_token(tokenizer: CLIPTokenizer) -> None:
    for word, index in word_ids().items():
        assert tokenizer(word)["input_ids"] == [tokenizer.bos_token_id, index, tokenizer.eos_token_id]


def test_words_survive_a_round_trip(tokenizer: CLIPTokenizer) -> None:
    words = ["large", "red", "apple", "on", "a", "blue", "backdrop"]
    ids = tokenizer(" ".join(words), padding="max_length")["input_ids"]
    assert ids == encode(words)
    assert tokenizer.decode(ids, skip_special_tokens=True).split() == words


@pytest.mark.parametrize("text", ["zyxgloop", "naïve café", "日本", "✨🍎", "x" * 30])
def test_any_text_can_be_written(tokenizer: CLIPTokenizer, text: str) -> None:
    ids = tokenizer(text)["input_ids"]
    assert max(ids) < len(vocabulary())
    assert tokenizer.decode(ids, skip_special_tokens=True).replace(" ", "") == text.replace(" ", "")


def test_only_whole_words_are_allowed() -> None:
    tokens = {index: token for token, index in vocabulary().items()}
    assert all(tokens[index].endswith("</w>") and len(tokens[index]) > 5 for index in allowed_ids())
