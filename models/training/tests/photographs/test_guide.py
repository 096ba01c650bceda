"""A guide names the words whose vectors lie nearest to a picture's, as transformers computes both."""

from pathlib import Path

import pytest
import torch
from convert.clip_vocabulary import save_clip_tokenizer
from convert.refusal import Refusal
from transformers import AutoTokenizer, BertConfig, CLIPConfig, CLIPModel

from training.export_pack import write_json
from training.photographs.guide import Guide

HALF = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
WORDS = ["cat", "dog", "red", "house", "tree", "boat"]


def test_the_likeliest_words_are_those_of_the_model(tmp_path: Path) -> None:
    torch.manual_seed(2)
    text = HALF | {"vocab_size": 49408, "bos_token_id": 49406, "eos_token_id": 49407}
    network = CLIPModel(CLIPConfig(vision_config=HALF | {"image_size": 16, "patch_size": 4}, text_config=text)).eval()
    network.save_pretrained(tmp_path)
    save_clip_tokenizer(tmp_path, "<|endoftext|>")
    halves = [0.5] * 3
    write_json(tmp_path / "preprocessor_config.json", {"crop_size": 16, "image_mean": halves, "image_std": halves, "resample": 3})
    pixels = torch.rand(3, 3, 16, 16) * 2 - 1
    found = Guide(str(tmp_path), WORDS, torch.device("cpu")).likeliest(pixels, 4)
    read = AutoTokenizer.from_pretrained(tmp_path)(WORDS, padding="max_length", max_length=77, return_tensors="pt")
    with torch.no_grad():
        wanted = network(pixel_values=pixels, **read).logits_per_image.topk(4, -1).indices
    assert torch.equal(found, wanted)


def test_a_model_without_pictures_cannot_guide(tmp_path: Path) -> None:
    BertConfig().save_pretrained(tmp_path)
    with pytest.raises(Refusal, match="is a bert"):
        Guide(str(tmp_path), WORDS, torch.device("cpu"))
