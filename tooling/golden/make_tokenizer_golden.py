"""Records the ids and decoded texts of Hugging Face's CLIPTokenizer over CLIP's own vocabulary: test/golden/clip-tokenizer.json.

python tooling/golden/make_tokenizer_golden.py
"""

import gzip
import json
import random
import tempfile
from pathlib import Path

from transformers import CLIPTokenizer
from write_golden import write_golden

MERGES = Path(__file__).parents[2] / "main" / "tokenizer" / "clip-vocabulary" / "merges.txt.gz"
TEXTS = [
    "",
    "   ",
    "a photo of a cat",
    "Hello, World!",
    "don't can't I'll we've it's",
    "DON'T 'Tis rock'n'roll ''s '' '",
    "1234 3d 8k",
    "café naïve",
    "cafe\u0301 nai\u0308ve",
    "日本語",
    "\u1112\u1161\u11ab\u1100\u1173\u11af 한글",
    "👍🏽 ok",
    "👩‍👩‍👧‍👦 family 🇬🇧 flag ❤️",
    "masterpiece, (best quality:1.2)",
    "photo-realistic...!!",
    "x_y",
    "<|endoftext|> hi <|startoftext|>",
    "İstanbul straße ﬁne",
    "ΟΔΥΣΣΕΥΣ ΣΑΣ",
    "Ⅷ ½ ² ① ٣",
    "&amp; &lt;b&gt;",
    "tab\tnew\nline\r\u00a0nbsp\u3000wide\u0085nel\u2028line",
    "a\u0000b\u0007c\u001b[0m \ufeff mark \u200b zero",
    "ſtraſſe 'ſ K Å",
    "हिन्दी தமிழ் العربية עברית ไทย",
    "ĳ ǆ ﬃ ŉ ẞ",
    "supercalifragilisticexpialidocious antidisestablishmentarianism",
    "a" * 300,
    "!" * 90 + "?!" * 20,
    "photograph dslr style polaroid beach sunset hermione beyonce starbucks",
]


def random_texts(count: int) -> list[str]:
    """Words, digits, marks and characters of many blocks in any order."""
    chance = random.Random(20311)
    blocks = [(32, 126), (32, 126), (97, 122), (97, 122), (160, 591), (880, 1279), (0x300, 0x36F), (0x4E00, 0x4F00), (0x1F300, 0x1F6FF), (0xAC00, 0xAC80)]
    texts = []
    for _ in range(count):
        texts.append("".join(chr(chance.randint(*chance.choice(blocks))) for _ in range(chance.randint(1, 60))))
    return texts


def load() -> CLIPTokenizer:
    merges = gzip.decompress(MERGES.read_bytes()).decode().split("\n")[:-1]
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    alphabet = [chr(byte) for byte in printable] + [chr(256 + index) for index in range(256 - len(printable))]
    tokens = [*alphabet, *(c + "</w>" for c in alphabet), *(m.replace(" ", "") for m in merges), "<|startoftext|>", "<|endoftext|>"]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "vocab.json").write_text(json.dumps({token: index for index, token in enumerate(tokens)}))
        (Path(folder) / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")
        return CLIPTokenizer.from_pretrained(folder)


tokenizer = load()


def case(text: str):
    ids = tokenizer(text)["input_ids"][1:-1]
    return {"text": text, "ids": ids}


write_golden("clip-tokenizer", "make_tokenizer_golden.py", ["transformers", "tokenizers"], 0, [case(text) for text in TEXTS + random_texts(150)])
