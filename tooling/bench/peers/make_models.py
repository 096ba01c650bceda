"""Makes what `npm run bench -- peers` draws and encodes with: models of diffusers' and transformers' own classes at middle size, with random weights, and Optimum's
exports of them.

python make_models.py FOLDER    writes FOLDER/{sd1,sdxl} and FOLDER/{sd1,sdxl,clip}-onnx
"""

import os
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, StableDiffusionXLPipeline, UNet2DConditionModel
from optimum.exporters.onnx import main_export
from transformers import (
    CLIPImageProcessor,
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPVisionConfig,
    CLIPVisionModelWithProjection,
)

sys.path.insert(0, str(Path(__file__).parents[2] / "golden"))
from tiny_stable_diffusion import SCHEDULER, save_tokenizer

WIDTHS = (160, 320, 480, 480)


def text_encoder(kind, tokenizer, width: int, layers: int):
    return kind(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=width,
            intermediate_size=4 * width,
            projection_dim=width,
            num_hidden_layers=layers,
            num_attention_heads=width // 64,
            max_position_embeddings=77,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def autoencoder(scale: float) -> AutoencoderKL:
    return AutoencoderKL(
        block_out_channels=(64, 128, 256, 256),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        latent_channels=4,
        layers_per_block=2,
        sample_size=256,
        scaling_factor=scale,
        force_upcast=False,
    )


def sd1(tokenizer) -> StableDiffusionPipeline:
    """The blocks of Stable Diffusion 1, at half the width."""
    torch.manual_seed(1)
    unet = UNet2DConditionModel(
        sample_size=32,
        block_out_channels=WIDTHS,
        down_block_types=("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
        up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3,
        layers_per_block=1,
        cross_attention_dim=512,
        attention_head_dim=8,
    )
    return StableDiffusionPipeline(
        vae=autoencoder(0.18215),
        text_encoder=text_encoder(CLIPTextModel, tokenizer, 512, 6),
        tokenizer=tokenizer,
        unet=unet,
        scheduler=DDIMScheduler(**SCHEDULER),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def sdxl(tokenizer) -> StableDiffusionXLPipeline:
    """The blocks of Stable Diffusion XL, its attention where the picture is small, at half the width."""
    torch.manual_seed(2)
    unet = UNet2DConditionModel(
        sample_size=32,
        block_out_channels=(160, 320, 480),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        layers_per_block=1,
        transformer_layers_per_block=(1, 1, 2),
        cross_attention_dim=512 + 640,
        attention_head_dim=(5, 10, 15),
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=128,
        projection_class_embeddings_input_dim=6 * 128 + 640,
    )
    return StableDiffusionXLPipeline(
        vae=autoencoder(0.13025),
        text_encoder=text_encoder(CLIPTextModel, tokenizer, 512, 6),
        text_encoder_2=text_encoder(CLIPTextModelWithProjection, tokenizer, 640, 6),
        tokenizer=tokenizer,
        tokenizer_2=tokenizer,
        unet=unet,
        scheduler=DDIMScheduler(**SCHEDULER),
        add_watermarker=False,
    )


def clip() -> CLIPVisionModelWithProjection:
    """What CLIP ViT-B/32 reads pictures with."""
    torch.manual_seed(3)
    shape = dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, image_size=224, patch_size=32)
    return CLIPVisionModelWithProjection(CLIPVisionConfig(**shape, projection_dim=512)).eval()


def export_clip(model: CLIPVisionModelWithProjection, folder: Path) -> None:
    """By PyTorch itself: Optimum exports this class without its projection, and vectors are what is compared."""
    folder.mkdir()
    model.config.save_pretrained(folder)
    CLIPImageProcessor().save_pretrained(folder)
    names = dict(input_names=["pixel_values"], output_names=["image_embeds", "last_hidden_state"])
    axes = {name: {0: "batch"} for name in ("pixel_values", "image_embeds", "last_hidden_state")}
    model.config.return_dict = False
    torch.onnx.export(model, (torch.zeros(2, 3, 224, 224),), folder / "model.onnx", dynamic_axes=axes, dynamo=False, **names)


def main(folder: Path) -> None:
    tokenizer = save_tokenizer(folder / "tokenizer")
    for name, make in (("sd1", sd1), ("sdxl", sdxl)):
        pipeline = make(tokenizer)
        print(name, f"{sum(value.numel() for value in pipeline.unet.parameters()) / 1e6:.0f} million parameters in the U-Net", flush=True)
        pipeline.save_pretrained(folder / name)
        main_export(str(folder / name), folder / f"{name}-onnx", task="text-to-image", library_name="diffusers", do_validation=False)
    export_clip(clip(), folder / "clip-onnx")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
