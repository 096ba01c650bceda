"""Loads a pack's decoder into stock diffusers: `python -m training.to_diffusers --pack packs/tiny-scenes --output DIR`.

The ONNX graphs keep the networks' own weight names, so the weights need no second copy in the pack.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from onnx import numpy_helper
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer


def graph_weights(path: Path, prefix: str) -> dict[str, torch.Tensor]:
    """float32 weights of a graph whose names begin with `prefix`, without it; all of them for an empty one."""
    weights, lead = {}, f"{prefix}." if prefix else ""
    for tensor in onnx.load(str(path)).graph.initializer:
        name = tensor.name.removesuffix("_half")
        if name.startswith(lead):
            weights[name[len(lead) :]] = torch.from_numpy(numpy_helper.to_array(tensor).astype(np.float32))
    return weights


def load_vae(folder: Path) -> AutoencoderKL:
    """The autoencoder of a pack's decoder folder.

    A decoder half of other widths than the encoder's comes alone: drawing needs no more, and a stock AutoencoderKL has one
    list of widths for both halves.
    """
    config, seeing = (AutoencoderKL.load_config(folder / part) for part in ("vae_decoder", "vae_encoder"))
    vae = AutoencoderKL.from_config(config)
    weights = graph_weights(folder / "vae_decoder/model.onnx", "vae")
    if config["block_out_channels"] == seeing["block_out_channels"]:
        weights |= graph_weights(folder / "vae_encoder/model.onnx", "vae")
    else:
        vae.encoder, vae.quant_conv = None, None
    vae.load_state_dict(weights)
    return vae


def load_pipeline(pack: Path) -> StableDiffusionPipeline:
    """The pack's decoder as a diffusers pipeline; raises when a weight is missing or unknown."""
    folder = Path(pack) / "decoder"
    unet = UNet2DConditionModel.from_config(UNet2DConditionModel.load_config(folder / "unet"))
    unet.load_state_dict(graph_weights(folder / "unet/model.onnx", "unet"))
    vae = load_vae(folder)
    text_encoder = CLIPTextModel(CLIPTextConfig.from_pretrained(folder / "text_encoder"))
    weights = graph_weights(folder / "text_encoder/model.onnx", "text_encoder")
    missing, unknown = text_encoder.load_state_dict(weights, strict=False)
    if unknown or any("position_ids" not in name for name in missing):
        raise ValueError(f"text encoder: missing {missing}, unknown {unknown}")
    return StableDiffusionPipeline(
        vae=vae.eval(),
        text_encoder=text_encoder.eval(),
        tokenizer=CLIPTokenizer.from_pretrained(folder / "tokenizer"),
        unet=unet.eval(),
        scheduler=DDIMScheduler.from_pretrained(folder / "scheduler"),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.to_diffusers", description=__doc__)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--output", type=Path, help="folder for a saved pipeline with safetensors")
    parser.add_argument("--prompt", help="also draw this prompt into OUTPUT/picture.png")
    arguments = parser.parse_args()
    pipeline = load_pipeline(arguments.pack)
    if arguments.output:
        pipeline.save_pretrained(arguments.output)
    if arguments.prompt and arguments.output:
        picture = pipeline(arguments.prompt, num_inference_steps=20, guidance_scale=2.5).images[0]
        picture.save(arguments.output / "picture.png")


if __name__ == "__main__":
    main()
