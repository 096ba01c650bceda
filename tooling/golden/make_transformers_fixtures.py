"""Tiny random models of the real classes in the layout of transformers.js: a captioner (ViT + GPT-2) and an instruct model (Llama).

Their weights are chance, so that what they say means nothing; that the library loads them, runs them and decodes what they give is what tests
ask. Needs optimum 2.1.0, optimum-onnx 0.1.0 and transformers 4.57.6 besides requirements.txt:

    python tooling/golden/make_transformers_fixtures.py test/fixtures/models
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import torch
from optimum.exporters.onnx import main_export
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    GPT2Config,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    VisionEncoderDecoderConfig,
    VisionEncoderDecoderModel,
    ViTConfig,
    ViTImageProcessor,
)

WORDS = "a red fox stands beside the blue boat under a green tree , in a small house at night with yellow light . "
CHAT = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}</s>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def make_tokenizer(**more: str) -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=["</s>"], initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator([WORDS] * 4, trainer)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="</s>", pad_token="</s>", bos_token="</s>", **more)


def export(model, tokenizer, processor, task: str, target: Path, graphs: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain, exported = Path(folder, "plain"), Path(folder, "onnx")
        model.save_pretrained(plain)
        tokenizer.save_pretrained(plain)
        if processor is not None:
            processor.save_pretrained(plain)
        main_export(str(plain), exported, task=task, do_validation=False, library_name="transformers")
        shutil.rmtree(target, ignore_errors=True)
        (target / "onnx").mkdir(parents=True)
        for graph in graphs:
            shutil.copy(exported / f"{graph}.onnx", target / "onnx" / f"{graph}.onnx")
        for name in ["config.json", "generation_config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json"]:
            if (exported / name).exists():
                (target / name).write_text(json.dumps(json.loads((exported / name).read_text()), ensure_ascii=False) + "\n")
        template = plain / "chat_template.jinja"
        if template.exists():
            shutil.copy(template, target / template.name)


def make_captioner(target: Path) -> None:
    torch.manual_seed(7)
    tokenizer = make_tokenizer()
    encoder = ViTConfig(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, image_size=32, patch_size=16)
    decoder = GPT2Config(
        vocab_size=len(tokenizer), n_positions=128, n_embd=16, n_layer=1, n_head=2, add_cross_attention=True, is_decoder=True
    )
    config = VisionEncoderDecoderConfig.from_encoder_decoder_configs(encoder, decoder)
    config.decoder_start_token_id = config.pad_token_id = config.eos_token_id = tokenizer.eos_token_id
    model = VisionEncoderDecoderModel(config)
    # Else all pictures look alike to weights of this size.
    for weights in model.parameters():
        weights.data.mul_(8)
    for setting in ("decoder_start_token_id", "pad_token_id", "eos_token_id"):
        setattr(model.generation_config, setting, tokenizer.eos_token_id)
    processor = ViTImageProcessor(size={"height": 32, "width": 32})
    export(model, tokenizer, processor, "image-to-text-with-past", target, ["encoder_model", "decoder_model_merged"])


def make_instruct(target: Path) -> None:
    torch.manual_seed(7)
    tokenizer = make_tokenizer(chat_template=CHAT)
    end = tokenizer.eos_token_id
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=4096,
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=end,
    )
    export(LlamaForCausalLM(config), tokenizer, None, "text-generation-with-past", target, ["model"])


if __name__ == "__main__":
    root = Path(sys.argv[1])
    make_captioner(root / "tiny-captioner")
    make_instruct(root / "tiny-instruct")
