"""CLIP's tokenizer as files of its own format. Checkpoints hold no vocabulary, and all of them have this one."""

import gzip
import json
from pathlib import Path

MERGES = Path(__file__).parents[2] / "main" / "tokenizer" / "clip-vocabulary" / "merges.txt.gz"
BEGIN, END = "<|startoftext|>", "<|endoftext|>"
VOCABULARY_SIZE = 49_408
POSITIONS = 77


def save_clip_tokenizer(folder: Path, pad: str) -> None:
    """Writes vocab.json, merges.txt, tokenizer_config.json and special_tokens_map.json. `pad` fills a row up to its length."""
    merges = gzip.decompress(MERGES.read_bytes()).decode("utf-8").splitlines()
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    alphabet = [*map(chr, printable), *(chr(256 + index) for index in range(256 - len(printable)))]
    words = [*alphabet, *(character + "</w>" for character in alphabet), *(merge.replace(" ", "") for merge in merges), BEGIN, END]
    special = {"bos_token": BEGIN, "eos_token": END, "pad_token": pad, "unk_token": END}
    config = {**special, "add_prefix_space": False, "do_lower_case": True, "model_max_length": POSITIONS, "tokenizer_class": "CLIPTokenizer"}
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {word: number for number, word in enumerate(words)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    (folder / "special_tokens_map.json").write_text(json.dumps(special, indent=1) + "\n", encoding="utf-8")
