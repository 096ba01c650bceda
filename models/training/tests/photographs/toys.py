"""Random checkpoints of the real classes at toy size, and a folder of pictures."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
from PIL import Image
from training.export_pack import write_json
from training.tokenizer import END, START, save_tokenizer, vocabulary
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPVisionConfig, CLIPVisionModel

SIDE = 16
TEXT_WIDTH = 16


@dataclass(frozen=True)
class Toys:
    """Folders: a decoder as diffusers saves it, a backbone as transformers does, and pictures."""

    decoder: Path
    backbone: Path
    images: Path


def text_config() -> CLIPTextConfig:
    words = vocabulary()
    special = {"bos_token_id": words[START], "eos_token_id": words[END], "pad_token_id": words[END]}
    sizes = {"hidden_size": TEXT_WIDTH, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "projection_dim": TEXT_WIDTH}
    return CLIPTextConfig(vocab_size=len(words), max_position_embeddings=77, **sizes, **special)


def make_text_encoder(kind: type):
    encoder = kind(text_config())
    # The default initialisation is so small that every text would read the same.
    torch.nn.init.normal_(encoder.get_input_embeddings().weight, std=1.0)
    return encoder.eval()


def make_unet(context: int, **added) -> UNet2DConditionModel:
    unet = UNet2DConditionModel(
        sample_size=SIDE // 2,
        block_out_channels=(8, 16),
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        layers_per_block=1,
        attention_head_dim=2,
        norm_num_groups=4,
        cross_attention_dim=context,
        **added,
    )
    for name, parameter in unet.named_parameters():
        # A random U-Net hardly hears its text; this one does.
        if "attn2.to_out" in name and parameter.dim() == 2:
            torch.nn.init.normal_(parameter, std=1.0)
    return unet.eval()


def save_decoder(folder: Path, prediction: str, two: bool = False) -> None:
    """Stable Diffusion's layout; with `two`, that of XL."""
    blocks = {"down_block_types": ("DownEncoderBlock2D",) * 2, "up_block_types": ("UpDecoderBlock2D",) * 2}
    vae = AutoencoderKL(block_out_channels=(4, 8), layers_per_block=1, latent_channels=4, norm_num_groups=2, **blocks)
    added = {"addition_embed_type": "text_time", "addition_time_embed_dim": 4, "projection_class_embeddings_input_dim": 6 * 4 + TEXT_WIDTH} if two else {}
    make_unet(TEXT_WIDTH * (2 if two else 1), **added).save_pretrained(folder / "unet")
    vae.eval().save_pretrained(folder / "vae")
    make_text_encoder(CLIPTextModel).save_pretrained(folder / "text_encoder")
    save_tokenizer(folder / "tokenizer")
    if two:
        make_text_encoder(CLIPTextModelWithProjection).save_pretrained(folder / "text_encoder_2")
        save_tokenizer(folder / "tokenizer_2")
    schedule = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "clip_sample": False, "prediction_type": prediction}
    DDIMScheduler(**schedule).save_pretrained(folder / "scheduler")
    names = {"unet": ["diffusers", "UNet2DConditionModel"], "text_encoder": ["transformers", "CLIPTextModel"]}
    names |= {"text_encoder_2": ["transformers", "CLIPTextModelWithProjection"]} if two else {}
    write_json(folder / "model_index.json", {"_class_name": "StableDiffusionXLPipeline" if two else "StableDiffusionPipeline", **names})


def save_backbone(folder: Path) -> None:
    sizes = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "image_size": SIDE, "patch_size": 4}
    CLIPVisionModel(CLIPVisionConfig(**sizes)).eval().save_pretrained(folder)
    halves = [0.5, 0.5, 0.5]
    write_json(folder / "preprocessor_config.json", {"crop_size": {"height": SIDE, "width": SIDE}, "image_mean": halves, "image_std": halves, "resample": 3})


def save_pictures(folder: Path, count: int) -> None:
    """Pictures of one colour each with a darker half."""
    folder.mkdir()
    random = np.random.default_rng(3)
    for number in range(count):
        pixels = np.broadcast_to(random.integers(0, 255, 3, np.uint8), (24, 20, 3)).copy()
        pixels[: 12 + number % 5] //= 3
        Image.fromarray(pixels).save(folder / f"{number:03}.png")
