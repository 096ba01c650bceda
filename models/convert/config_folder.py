"""The folder of configs that diffusers reads a checkpoint by, and that becomes the pack's folder once graphs lie in it."""

import json
from pathlib import Path
from typing import Literal

import numpy as np
from safetensors import safe_open

from .clip_vocabulary import POSITIONS, VOCABULARY_SIZE, save_clip_tokenizer
from .component_configs import has_vae, text_config, unet_config, vae_config
from .families import SD2, SDXL, UNET, Family
from .refusal import Refusal
from .safe_file import SafeFile

Prediction = Literal["epsilon", "v_prediction"]
SD2_SIDE_OF_V = 96
# Stable Diffusion 2 says nowhere what it predicts. In models that predict v this bias is spread wider; ComfyUI tells them by it.
SD2_MARK, SD2_MARK_SPREAD = UNET + "output_blocks.11.1.transformer_blocks.0.norm1.bias", 0.09


def write_configs(file: SafeFile, vae: SafeFile | None, family: Family, prediction: Prediction | None, folder: Path) -> None:
    """Writes configs and tokenizers into `folder`.

    `prediction` is what a person says the U-Net predicts; None leaves it to what the file tells.
    Raises Refusal where a part is missing or its shapes are of no known kind.
    """
    if vae is None and not has_vae(file.shapes):
        raise Refusal("pack-invalid", f"{file.path.name} has no autoencoder.", "Name the file of one with --vae.", path=str(file.path))
    scheduler = scheduler_config(file, family, prediction)
    unet = unet_config(file.shapes, family)
    if family is SD2 and scheduler["prediction_type"] == "v_prediction":
        unet["sample_size"] = SD2_SIDE_OF_V
    _write(folder / "unet" / "config.json", unet)
    _write(folder / "vae" / "config.json", vae_config((vae or file).shapes, family))
    for encoder in family.text_encoders:
        config = text_config(file.shapes, encoder)
        if (config["vocab_size"], config["max_position_embeddings"]) != (VOCABULARY_SIZE, POSITIONS):
            hint = f"Text encoders with CLIP's {VOCABULARY_SIZE:,} words and {POSITIONS} places are converted."
            raise Refusal("pack-invalid", f"The {encoder.folder} of {file.path.name} has a vocabulary of its own.", hint, words=config["vocab_size"])
        _write(folder / encoder.folder / "config.json", config)
        save_clip_tokenizer(folder / encoder.tokenizer, encoder.pad)
    _write(folder / "scheduler" / "scheduler_config.json", scheduler)
    _write(folder / "model_index.json", model_index(family))


def model_index(family: Family) -> dict:
    texts = {}
    for encoder in family.text_encoders:
        texts[encoder.folder] = ["transformers", "CLIPTextModelWithProjection" if encoder.projects else "CLIPTextModel"]
        texts[encoder.tokenizer] = ["transformers", "CLIPTokenizer"]
    own = {"force_zeros_for_empty_prompt": True} if family is SDXL else {"safety_checker": [None, None], "requires_safety_checker": False}
    return {
        "_class_name": family.pipeline,
        "feature_extractor": [None, None],
        "image_encoder": [None, None],
        **own,
        "scheduler": ["diffusers", family.scheduler["_class_name"]],
        **texts,
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"],
    }


def scheduler_config(file: SafeFile, family: Family, prediction: Prediction | None) -> dict:
    """The family's scheduler for what the U-Net predicts: as a person says, else as a mark in the file says, else noise."""
    predicts = prediction or _told_prediction(file, family)
    config = {**family.scheduler, "prediction_type": predicts}
    # Trained down to no signal at all: levels begin at the last timestep, or the picture stays grey.
    return {**config, "rescale_betas_zero_snr": True, "timestep_spacing": "trailing"} if "ztsnr" in file.shapes else config


def _told_prediction(file: SafeFile, family: Family) -> Prediction:
    if "v_pred" in file.shapes:
        return "v_prediction"
    if family is not SD2 or SD2_MARK not in file.shapes:
        return "epsilon"
    with safe_open(file.path, framework="pt") as tensors:
        spread = float(np.std(tensors.get_tensor(SD2_MARK).float().numpy()))
    return "v_prediction" if spread > SD2_MARK_SPREAD else "epsilon"


def _write(path: Path, value: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
