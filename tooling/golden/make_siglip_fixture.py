"""Writes a toy SigLIP in the layout of transformers.js, test/fixtures/models/tiny-siglip, and its embeddings, test/golden/siglip.json.

Its tokenizer is a unigram model with SigLIP's normalisers and padding: the end token fills every text to 64, and the text's vector is taken from the
last place.

    python tooling/golden/make_siglip_fixture.py
"""

import json
import shutil
from pathlib import Path

import torch
from export_onnx import export
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast, SiglipConfig, SiglipImageProcessor, SiglipModel
from write_golden import rounded, write_golden

FOLDER = Path(__file__).parents[2] / "test" / "fixtures" / "models" / "tiny-siglip"
SIDE, LENGTH = 16, 64
WORDS = "a red fox stands beside the blue boat under a green tree in a small house at night with yellow light it s"
TEXTS = ["A red fox, at night!", "", "  the BLUE\tboat;\nbeside a tree ", "it's (a) small house", "zebra é 家", " ".join([WORDS] * 4)]


def make_tokenizer() -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]"""), ""),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=90, special_tokens=["<unk>", "</s>"], unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator([WORDS] * 4, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="</s>", pad_token="</s>", unk_token="<unk>", model_max_length=LENGTH
    )


class Vision(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model.vision_model

    def forward(self, pixel_values):
        answer = self.model(pixel_values=pixel_values)
        return answer.last_hidden_state, answer.pooler_output


class Text(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model.text_model

    def forward(self, input_ids):
        answer = self.model(input_ids=input_ids)
        return answer.last_hidden_state, answer.pooler_output


torch.manual_seed(12)
tokenizer = make_tokenizer()
sizes = dict(hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2)
config = SiglipConfig(
    text_config=dict(**sizes, vocab_size=len(tokenizer), max_position_embeddings=LENGTH, projection_size=16),
    vision_config=dict(**sizes, image_size=SIDE, patch_size=8),
)
model = SiglipModel(config).half().float().eval()
shutil.rmtree(FOLDER, ignore_errors=True)
outputs = ["last_hidden_state", "pooler_output"]
export(
    Vision(model),
    {"pixel_values": torch.zeros(2, 3, SIDE, SIDE)},
    outputs,
    {"pixel_values": {0: "batch"}, "last_hidden_state": {0: "batch"}, "pooler_output": {0: "batch"}},
    FOLDER / "onnx" / "vision_model.onnx",
)
axes = {0: "batch", 1: "sequence"}
export(
    Text(model),
    {"input_ids": torch.ones(2, LENGTH, dtype=torch.int64)},
    outputs,
    {"input_ids": axes, "last_hidden_state": axes, "pooler_output": {0: "batch"}},
    FOLDER / "onnx" / "text_model.onnx",
)
tokenizer.save_pretrained(FOLDER)
processor = SiglipImageProcessor(size={"height": SIDE, "width": SIDE})
(FOLDER / "preprocessor_config.json").write_text(json.dumps(processor.to_dict()) + "\n")
(FOLDER / "config.json").write_text(json.dumps({"model_type": "siglip", "architectures": ["SiglipModel"]}) + "\n")
told = json.loads((FOLDER / "tokenizer_config.json").read_text())
(FOLDER / "tokenizer_config.json").write_text(json.dumps({**told, "tokenizer_class": "SiglipTokenizer"}) + "\n")
(FOLDER / "tokenizer.json").write_text(json.dumps(json.loads((FOLDER / "tokenizer.json").read_text())) + "\n")

b, c, y, x = torch.meshgrid(torch.arange(3), torch.arange(3), torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
with torch.no_grad():
    images = torch.nn.functional.normalize(Vision(model)(torch.sin(b + 0.7 * c + 0.3 * y + 0.11 * x))[1])
    ids = tokenizer(TEXTS, padding="max_length", truncation=True, max_length=LENGTH, return_tensors="pt")["input_ids"]
    texts = torch.nn.functional.normalize(Text(model)(ids)[1])
case = {
    "side": SIDE,
    "texts": TEXTS,
    "ids": ids.tolist(),
    "imageEmbeddings": [rounded(row) for row in images],
    "textEmbeddings": [rounded(row) for row in texts],
}
write_golden("siglip", "make_siglip_fixture.py", ["transformers", "tokenizers", "torch"], 1e-5, [case])
