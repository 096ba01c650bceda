"""A Stable Diffusion 1.x pipeline of diffusers' own classes at toy size, with seeded random weights.

Weights are rounded to float16 values, so that the ONNX files can store halves and still hold the very weights that made the goldens.
"""

import json
import tempfile
from pathlib import Path

import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

WORDS = "a an of in the on red green blue cat dog tree house sun moon photo painting sketch small large beach night flat style".split()
SCHEDULER = dict(
    beta_start=0.00085,
    beta_end=0.012,
    beta_schedule="scaled_linear",
    clip_sample=False,
    set_alpha_to_one=False,
    steps_offset=1,
    prediction_type="epsilon",
)


def save_tokenizer(folder: Path) -> CLIPTokenizer:
    """CLIP's file format with a vocabulary of bytes and the words above, each reached by merges from the left."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    alphabet = [chr(byte) for byte in printable] + [chr(256 + index) for index in range(256 - len(printable))]
    merges: list[str] = []
    for word in WORDS:
        symbols = [*word[:-1], word[-1] + "</w>"]
        while len(symbols) > 1:
            pair = f"{symbols[0]} {symbols[1]}"
            if pair not in merges:
                merges.append(pair)
            symbols = [symbols[0] + symbols[1], *symbols[2:]]
    tokens = [*alphabet, *(c + "</w>" for c in alphabet), *(m.replace(" ", "") for m in merges), "<|startoftext|>", "<|endoftext|>"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps({token: index for index, token in enumerate(tokens)}))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")
    names = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "pad_token": "<|endoftext|>", "unk_token": "<|endoftext|>"}
    (folder / "special_tokens_map.json").write_text(json.dumps(names))
    (folder / "tokenizer_config.json").write_text(json.dumps({**names, "model_max_length": 77, "tokenizer_class": "CLIPTokenizer"}))
    return CLIPTokenizer.from_pretrained(folder)


def rounded_to_half(module: torch.nn.Module) -> torch.nn.Module:
    return module.half().float().eval()


def make_unet(channels: tuple[int, int], takes: int = 4, **options) -> UNet2DConditionModel:
    return rounded_to_half(
        UNet2DConditionModel(
            sample_size=4,
            in_channels=takes,
            out_channels=4,
            layers_per_block=1,
            block_out_channels=channels,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
            cross_attention_dim=32,
            attention_head_dim=2,
            norm_num_groups=4,
            **options,
        )
    )


def make_pipeline() -> StableDiffusionPipeline:
    torch.manual_seed(20311)
    with tempfile.TemporaryDirectory() as folder:
        tokenizer = save_tokenizer(Path(folder))
    text_encoder = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=77,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
    # The default initialisation is so small that every prompt would read the same, and centres its output, whose mean emphasis restores.
    torch.nn.init.normal_(text_encoder.get_input_embeddings().weight, std=0.5)
    final_norm = next(module for name, module in text_encoder.named_modules() if name.endswith("final_layer_norm"))
    torch.nn.init.normal_(final_norm.bias, mean=-0.3, std=0.3)
    vae = AutoencoderKL(
        block_out_channels=(8, 8, 16, 16),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        latent_channels=4,
        layers_per_block=1,
        norm_num_groups=4,
        sample_size=32,
    )
    return StableDiffusionPipeline(
        vae=rounded_to_half(vae),
        text_encoder=rounded_to_half(text_encoder),
        tokenizer=tokenizer,
        unet=make_unet((8, 16)),
        scheduler=DDIMScheduler(**SCHEDULER),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
