"""Checkpoints in one file as artists have them, of diffusers' own classes at toy size with seeded random weights.

`python -m convert.tests.tiny_checkpoints FOLDER` writes one of each family, and a LoRA for it, for tests of other languages.
"""

import sys
from pathlib import Path

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from .ldm_names import State, ldm_clip, ldm_open_clip, ldm_unet, ldm_vae

UNET, VAE = "model.diffusion_model.", "first_stage_model."


def make_text_encoder(kind: type, width: int, layers: int, projection: int | None = None):
    sizes = dict(hidden_size=width, intermediate_size=2 * width, num_hidden_layers=layers, num_attention_heads=width // 64)
    encoder = kind(CLIPTextConfig(vocab_size=49408, projection_dim=projection or width, **sizes))
    # The default initialisation is so small that every text would read the same.
    torch.nn.init.normal_(encoder.get_input_embeddings().weight, std=0.5)
    return encoder.eval()


def make_unet(channels: tuple[int, ...], **options) -> UNet2DConditionModel:
    return UNet2DConditionModel(in_channels=4, out_channels=4, block_out_channels=channels, layers_per_block=1, **options).eval()


def make_vae() -> AutoencoderKL:
    blocks = dict(down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4)
    return AutoencoderKL(block_out_channels=(32, 32, 32, 64), latent_channels=4, layers_per_block=1, **blocks).eval()


def sd1_parts() -> State:
    torch.manual_seed(11)
    blocks = dict(down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"))
    unet = make_unet((32, 64), **blocks, cross_attention_dim=64, attention_head_dim=8)
    text = make_text_encoder(CLIPTextModel, 64, 2)
    return ldm_unet(unet, UNET) | ldm_vae(make_vae(), VAE) | ldm_clip(text, "cond_stage_model.transformer.text_model.")


def sd2_parts() -> State:
    torch.manual_seed(12)
    blocks = dict(down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"))
    unet = make_unet((64, 128), **blocks, cross_attention_dim=128, attention_head_dim=(1, 2), use_linear_projection=True)
    text = make_text_encoder(CLIPTextModel, 128, 3)
    return ldm_unet(unet, UNET) | ldm_vae(make_vae(), VAE) | ldm_open_clip(text, "cond_stage_model.model.")


def sdxl_parts() -> State:
    torch.manual_seed(13)
    unet = make_unet(
        (64, 128),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=(1, 2),
        cross_attention_dim=64 + 128,
        attention_head_dim=(1, 2),
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=32,
        projection_class_embeddings_input_dim=6 * 32 + 128,
    )
    first, second = make_text_encoder(CLIPTextModel, 64, 2), make_text_encoder(CLIPTextModelWithProjection, 128, 3, 128)
    texts = ldm_clip(first, "conditioner.embedders.0.transformer.text_model.") | ldm_open_clip(second, "conditioner.embedders.1.model.")
    return ldm_unet(unet, UNET) | ldm_vae(make_vae(), VAE) | texts


PARTS = {"sd1": sd1_parts, "sd2": sd2_parts, "sdxl": sdxl_parts}


def as_published(family: str) -> State:
    """The same in halves, with what trainers leave in the files they publish: averages of the U-Net's weights, buffers, and parts that nothing reads."""
    state, positions = PARTS[family](), torch.arange(77)[None]
    noise = {name: torch.rand(1000) for name in ("betas", "alphas_cumprod", "alphas_cumprod_prev", "sqrt_alphas_cumprod", "posterior_variance")}
    open_clip = {"attn_mask": torch.full((77, 77), float("-inf")).triu(1), "logit_scale": torch.tensor(4.6)}
    buffers = {
        "sd1": noise | {"cond_stage_model.transformer.text_model.embeddings.position_ids": positions, "first_stage_model.loss.logvar": torch.zeros(())},
        "sd2": noise | {f"cond_stage_model.model.{name}": value for name, value in (open_clip | {"text_projection": torch.randn(128, 128)}).items()},
        "sdxl": {f"conditioner.embedders.1.model.{name}": value for name, value in open_clip.items()}
        | {"conditioner.embedders.0.transformer.text_model.embeddings.position_ids": positions, "denoiser.sigmas": torch.rand(1000)},
    }[family]
    # Named as LitEma does: without dots.
    averages = {"model_ema." + name.removeprefix("model.").replace(".", ""): 3 * value for name, value in state.items() if name.startswith(UNET)}
    counts = {"model_ema.decay": torch.tensor(0.9999), "model_ema.num_updates": torch.tensor(470000, dtype=torch.int32)}
    whole = state | buffers | averages | counts
    return {name: value.half() if value.is_floating_point() else value for name, value in whole.items()}


def save(state: State, path: Path, **metadata: str) -> Path:
    save_file({name: value.contiguous().clone() for name, value in state.items()}, path, metadata or None)
    return path


def save_lora(path: Path, family: str) -> Path:
    """A LoRA in kohya's names: of the deepest attention of the U-Net, and of a layer of the (first) text encoder."""
    torch.manual_seed(17)
    context = {"sd1": 64, "sd2": 128, "sdxl": 192}[family]
    width = {"sd1": 64, "sd2": 128, "sdxl": 128}[family]
    text = {"sd1": 64, "sd2": 128, "sdxl": 64}[family]
    unet = "lora_unet_middle_block_1" if family == "sdxl" else "lora_unet_mid_block_attentions_0"
    encoder = "lora_te1_text_model" if family == "sdxl" else "lora_te_text_model"
    state: State = {}
    for name, inner, outer in (
        (f"{unet}_transformer_blocks_0_attn2_to_k", context, width),
        (f"{unet}_transformer_blocks_0_attn1_to_q", width, width),
        (f"{encoder}_encoder_layers_0_mlp_fc1", text, 2 * text),
    ):
        state |= {f"{name}.lora_down.weight": torch.randn(4, inner), f"{name}.lora_up.weight": torch.randn(outer, 4), f"{name}.alpha": torch.tensor(2.0)}
    return save(state, path)


def main() -> None:
    folder = Path(sys.argv[1])
    for family, parts in PARTS.items():
        save(parts(), folder / f"tiny-{family}.safetensors", **{"modelspec.license": "cc0-1.0"})
        save_lora(folder / f"lora-{family}.safetensors", family)


if __name__ == "__main__":
    main()
