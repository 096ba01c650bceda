"""Writes a toy CLIP as two graphs, test/fixtures/models/tiny-scorer, and its embeddings, test/golden/scorer.json.

python tooling/golden/make_scorer_fixture.py
"""

from pathlib import Path

import torch
from export_onnx import export
from tiny_stable_diffusion import save_tokenizer
from transformers import CLIPTextConfig, CLIPTextModelWithProjection, CLIPVisionConfig, CLIPVisionModelWithProjection
from write_golden import rounded, write_golden

FOLDER = Path(__file__).parents[2] / "test" / "fixtures" / "models" / "tiny-scorer"
SIDE = 16
TEXTS = ["a red cat", "", "blue house on the beach, sketch of a large green tree"]


class Vision(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, pixel_values):
        return self.model(pixel_values=pixel_values).image_embeds


class Text(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask):
        return self.model(input_ids=input_ids, attention_mask=attention_mask).text_embeds


def half(model):
    return model.half().float().eval()


torch.manual_seed(8)
tokenizer = save_tokenizer(FOLDER / "tokenizer")
sizes = dict(hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2, projection_dim=8)
vision = half(CLIPVisionModelWithProjection(CLIPVisionConfig(**sizes, image_size=SIDE, patch_size=8)))
text = half(
    CLIPTextModelWithProjection(
        CLIPTextConfig(
            **sizes,
            vocab_size=len(tokenizer),
            max_position_embeddings=77,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
)
export(
    Vision(vision),
    {"pixel_values": torch.zeros(2, 3, SIDE, SIDE)},
    ["image_embeds"],
    {"pixel_values": {0: "batch"}, "image_embeds": {0: "batch"}},
    FOLDER / "vision_model.onnx",
)
ones = torch.ones(2, 77, dtype=torch.int64)
axes = {0: "batch", 1: "sequence"}
export(
    Text(text),
    {"input_ids": ones, "attention_mask": ones},
    ["text_embeds"],
    {"input_ids": axes, "attention_mask": axes, "text_embeds": {0: "batch"}},
    FOLDER / "text_model.onnx",
)


def pictures(count: int) -> torch.Tensor:
    """Value at picture b, channel c, row y, column x: sin(b + 0.7·c + 0.3·y + 0.11·x)."""
    b, c, y, x = torch.meshgrid(torch.arange(count), torch.arange(3), torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
    return torch.sin(b + 0.7 * c + 0.3 * y + 0.11 * x)


with torch.no_grad():
    images = torch.nn.functional.normalize(Vision(vision)(pictures(5)))
    feeds = tokenizer(TEXTS, padding="max_length", max_length=77, return_tensors="pt")
    texts = torch.nn.functional.normalize(Text(text)(feeds["input_ids"], feeds["attention_mask"]))
case = {
    "side": SIDE,
    "texts": TEXTS,
    "imageEmbeddings": [rounded(row) for row in images],
    "textEmbeddings": [rounded(row) for row in texts],
    "cosines": rounded(images[1:] @ images[0]),
}
write_golden("scorer", "make_scorer_fixture.py", ["transformers", "torch"], 1e-5, [case])
