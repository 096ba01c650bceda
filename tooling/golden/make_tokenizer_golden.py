"""Records the ids of Hugging Face's tokenizers for 2,000 texts of all kinds: test/golden/tokenizers.json.gz.

CLIP's with its own vocabulary; T5's with SentencePiece's own normalisation and a small vocabulary that is trained here, and kept as
test/fixtures/models/t5-tokenizer.json.gz.

python tooling/golden/make_tokenizer_golden.py
"""

import gzip
import json
import random
import tempfile
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import CLIPTokenizer
from write_golden import write_golden

MERGES = Path(__file__).parents[2] / "main" / "tokenizer" / "clip-vocabulary" / "merges.txt.gz"
MODELS = Path(__file__).parents[2] / "test" / "fixtures" / "models"
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


def prompts(count: int) -> list[str]:
    """What people write: words with marks, weights, brackets, numbers, spaces of every kind and ends of sentences."""
    chance = random.Random(7)
    words = [word for text in TEXTS for word in text.split()] + "portrait of an old woman by the sea, 85mm lens; golden hour - 4k (masterpiece) trending".split()
    words += ["naïve", "Ångström", "l'été", "straße", "señor", "Привет", "мир", "東京", "夜景", "한국", "🌊", "🏔️", "½", "x²", "№", "™", "…", "“quoted”", "don’t", "e.g.", "10:30", "#1", "100%"]
    marks = [" ", " ", " ", ", ", ", ", "  ", "\t", "\n", "\u00a0", "\u3000", "-", "", ". ", "! ", ":1.2) ", " (", "]", "_", "/"]
    texts = []
    for _ in range(count):
        parts = [chance.choice(words) for _ in range(chance.randint(1, 30))]
        text = "".join(part + chance.choice(marks) for part in parts)
        texts.append(text if chance.random() < 0.7 else text.upper() if chance.random() < 0.5 else text.title())
    return texts


def t5_tokenizer(texts: list[str]) -> Tokenizer:
    """T5's form: SentencePiece's nmt_nfkc normalisation, a unigram vocabulary of pieces, and tokens that are recognised as they are written."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.txt"
        corpus.write_text("\n".join(text.replace("\n", " ") for text in texts) + "\n", encoding="utf-8", errors="ignore")
        sentencepiece.SentencePieceTrainer.train(
            input=str(corpus),
            model_prefix=str(Path(folder) / "t5"),
            vocab_size=900,
            model_type="unigram",
            normalization_rule_name="nmt_nfkc",
            pad_id=0,
            eos_id=1,
            unk_id=2,
            bos_id=-1,
            character_coverage=0.98,
            num_threads=1,
            minloglevel=2,
        )
        model = sentencepiece_model_pb2.ModelProto()
        model.ParseFromString((Path(folder) / "t5.model").read_bytes())
    tokenizer = Tokenizer(models.Unigram([(piece.piece, piece.score) for piece in model.pieces], unk_id=2, byte_fallback=False))
    tokenizer.normalizer = normalizers.Precompiled(model.normalizer_spec.precompiled_charsmap)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    extra = [AddedToken(f"<extra_id_{index}>", lstrip=True, rstrip=True, special=True) for index in range(4)]
    tokenizer.add_special_tokens([*(AddedToken(token, special=True) for token in ("<pad>", "</s>", "<unk>")), *extra])
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    return tokenizer


texts = TEXTS + random_texts(970) + prompts(997) + ["a </s> b", " <extra_id_0> cat<extra_id_1>", "<pad><unk>"]
assert len(texts) == 2000
clip = load()
t5 = t5_tokenizer(prompts(3000)[997:])
(MODELS / "t5-tokenizer.json.gz").write_bytes(gzip.compress(t5.to_str().encode(), mtime=0))


def case(text: str):
    return {"text": text, "clip": clip(text)["input_ids"][1:-1], "t5": t5.encode(text).ids[:-1]}


write_golden("tokenizers", "make_tokenizer_golden.py", ["transformers", "tokenizers", "sentencepiece"], 0, [case(text) for text in texts], compressed=True)
