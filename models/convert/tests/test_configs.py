"""Configs read from shapes are those of the published models, and of what they predict."""

from pathlib import Path

import pytest
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from ..component_configs import text_config, unet_config, vae_config
from ..config_folder import scheduler_config
from ..families import SD1, SD2, SDXL, Family, detect_family
from ..safe_file import SafeFile
from .ldm_names import ldm_clip, ldm_open_clip, ldm_unet, ldm_vae
from .tiny_checkpoints import UNET, VAE, sd2_parts, save

CROSS = ("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",)
UP = ("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3
PUBLISHED_UNETS = {
    "sd1": dict(sample_size=64, block_out_channels=(320, 640, 1280, 1280), down_block_types=CROSS, up_block_types=UP, cross_attention_dim=768, attention_head_dim=8),
    "sd2": dict(
        sample_size=64, block_out_channels=(320, 640, 1280, 1280), down_block_types=CROSS, up_block_types=UP, cross_attention_dim=1024,
        attention_head_dim=(5, 10, 20, 20), use_linear_projection=True,
    ),
    "sdxl": dict(
        sample_size=128, block_out_channels=(320, 640, 1280), down_block_types=("DownBlock2D",) + CROSS[:2], up_block_types=UP[1:3] + UP[:1],
        cross_attention_dim=2048, attention_head_dim=(5, 10, 20), transformer_layers_per_block=(1, 2, 10), use_linear_projection=True,
        addition_embed_type="text_time", addition_time_embed_dim=256, projection_class_embeddings_input_dim=2816,
    ),
}  # fmt: skip
PUBLISHED_TEXTS = {
    "ViT-L": dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, projection_dim=768),
    "OpenCLIP-H": dict(hidden_size=1024, intermediate_size=4096, num_hidden_layers=24, num_attention_heads=16, projection_dim=1024),
    "OpenCLIP-bigG": dict(hidden_size=1280, intermediate_size=5120, num_hidden_layers=32, num_attention_heads=20, projection_dim=1280),
}


def published_shapes(family: str) -> dict[str, tuple[int, ...]]:
    """Names and shapes of a published checkpoint, without a number of it."""
    with torch.device("meta"):
        unet = UNet2DConditionModel(**PUBLISHED_UNETS[family])
        vae = AutoencoderKL(block_out_channels=(128, 256, 512, 512), layers_per_block=2, down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4)
        first, second, large = (CLIPTextConfig(vocab_size=49408, **sizes) for sizes in PUBLISHED_TEXTS.values())
        texts = {
            "sd1": lambda: ldm_clip(CLIPTextModel(first), "cond_stage_model.transformer.text_model."),
            "sd2": lambda: ldm_open_clip(CLIPTextModel(second), "cond_stage_model.model."),
            "sdxl": lambda: ldm_clip(CLIPTextModel(first), "conditioner.embedders.0.transformer.text_model.")
            | ldm_open_clip(CLIPTextModelWithProjection(large), "conditioner.embedders.1.model."),
        }[family]()
        state = ldm_unet(unet, UNET) | ldm_vae(vae, VAE) | texts
    return {name: tuple(value.shape) for name, value in state.items()}


@pytest.mark.parametrize("family", (SD1, SD2, SDXL), ids=lambda family: family.name)
def test_published_models_are_known_by_their_shapes(family: Family) -> None:
    shapes = published_shapes(family.name)
    file = SafeFile(Path("model.safetensors"), shapes, {})
    assert detect_family(file) is family
    config = unet_config(shapes, family)
    for name, value in PUBLISHED_UNETS[family.name].items():
        found = config[name]
        assert (tuple(found) if isinstance(found, list) else found) == value, name
    vae = vae_config(shapes, family)
    assert (vae["block_out_channels"], vae["layers_per_block"], vae["latent_channels"]) == ([128, 256, 512, 512], 2, 4)
    sizes = [text_config(shapes, encoder) for encoder in family.text_encoders]
    # Stable Diffusion 2 reads the states before the last layer, so that its encoder has one less.
    layers = {"sd1": [12], "sd2": [23], "sdxl": [12, 32]}[family.name]
    assert [config["num_hidden_layers"] for config in sizes] == layers
    assert [config["num_attention_heads"] for config in sizes] == {"sd1": [12], "sd2": [16], "sdxl": [12, 20]}[family.name]


def test_what_a_network_predicts_is_told_by_marks_or_by_a_person(tmp_path: Path) -> None:
    plain = SafeFile(tmp_path / "plain.safetensors", {}, {})
    assert scheduler_config(plain, SDXL, None)["prediction_type"] == "epsilon"
    assert scheduler_config(plain, SDXL, "v_prediction")["prediction_type"] == "v_prediction"
    marked = scheduler_config(SafeFile(plain.path, {"v_pred": (), "ztsnr": ()}, {}), SDXL, None)
    assert (marked["prediction_type"], marked["rescale_betas_zero_snr"], marked["timestep_spacing"]) == ("v_prediction", True, "trailing")


@pytest.mark.parametrize(("spread", "wanted"), ((0.02, "epsilon"), (0.3, "v_prediction")))
def test_a_model_of_the_second_kind_shows_what_it_predicts(tmp_path: Path, spread: float, wanted: str) -> None:
    name = UNET + "output_blocks.11.1.transformer_blocks.0.norm1.bias"
    path = save(sd2_parts() | {name: torch.randn(64) * spread}, tmp_path / "second.safetensors")
    file = SafeFile(path, {name: (64,)}, {})
    assert scheduler_config(file, SD2, None)["prediction_type"] == wanted
