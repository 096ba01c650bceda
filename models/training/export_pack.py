"""Writes a pack's graphs and configurations from trained networks."""

import copy
import json
from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextModel

from . import graphs
from .networks import LATENT_CHANNELS, LATENT_SIDE, PATCHES, PatchEncoder, Pooler, Scorer
from .noise_schedule import scheduler_config
from .sampling import Decoder
from .tokenizer import END, save_tokenizer, vocabulary


@dataclass
class Networks:
    """Everything a pack is made of. `vae_decoder` may be `vae` itself, or a decoder half of other widths and levels."""

    vae: AutoencoderKL
    vae_decoder: AutoencoderKL
    text_encoder: CLIPTextModel
    unet: UNet2DConditionModel
    backbone: PatchEncoder
    poolers: dict[int, Pooler]
    scorer: Scorer


PREPROCESSOR = {
    "image_processor_type": "CLIPImageProcessor",
    "do_resize": True,
    "size": {"shortest_edge": 64},
    "resample": 3,
    "do_center_crop": True,
    "crop_size": {"height": 64, "width": 64},
    "do_rescale": True,
    "rescale_factor": 1 / 255,
    "do_normalize": True,
    "image_mean": [0.5, 0.5, 0.5],
    "image_std": [0.5, 0.5, 0.5],
    "do_convert_rgb": True,
}


def write_graphs(networks: Networks, folder: Path) -> None:
    """Writes decoder/, encoder/ and scorer/ under `folder`. The networks given are not changed."""
    networks = copy.deepcopy(networks)
    write_decoder(networks, Path(folder) / "decoder")
    write_encoder(networks.backbone, networks.poolers, Path(folder) / "encoder")
    write_scorer(networks.scorer, Path(folder) / "scorer")


def write_decoder(networks: Networks | Decoder, folder: Path) -> None:
    """Writes text encoder, U-Net, both halves of the autoencoder and their configurations; rounds the networks to half precision."""
    save_tokenizer(folder / "tokenizer")
    ids = torch.full((2, 77), vocabulary()[END])
    ids[:, :4] = torch.tensor([[vocabulary()[END] - 1, 600, 601, 602]])
    networks.text_encoder.config.architectures = ["CLIPTextModel"]
    networks.text_encoder.config.save_pretrained(folder / "text_encoder")
    graphs.write_graph(
        graphs.TextEncoderGraph(networks.text_encoder),
        folder / "text_encoder" / "model.onnx",
        {"input_ids": ids},
        {
            "input_ids": ("batch_size", "sequence_length"),
            "last_hidden_state": ("batch_size", "sequence_length", None),
            "pooler_output": ("batch_size", None),
        },
    )
    networks.unet.save_config(folder / "unet")
    graphs.write_graph(
        graphs.UnetGraph(networks.unet),
        folder / "unet" / "model.onnx",
        {
            "sample": torch.randn(2, LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE),
            "timestep": torch.tensor(501.0),
            "encoder_hidden_states": torch.randn(2, 77, networks.text_encoder.config.hidden_size),
        },
        {
            "sample": ("batch_size", None, "height", "width"),
            "timestep": (),
            "encoder_hidden_states": ("batch_size", "sequence_length", None),
            "out_sample": ("batch_size", None, "height", "width"),
        },
    )
    vae = networks.vae.to(memory_format=torch.contiguous_format)
    vae_decoder = networks.vae_decoder.to(memory_format=torch.contiguous_format)
    vae.save_config(folder / "vae_encoder")
    vae_decoder.save_config(folder / "vae_decoder")
    graphs.write_graph(
        graphs.VaeEncoderGraph(vae),
        folder / "vae_encoder" / "model.onnx",
        {"sample": torch.randn(2, 3, 64, 64)},
        {
            "sample": ("batch_size", None, "sample_height", "sample_width"),
            "latent_parameters": ("batch_size", None, "latent_height", "latent_width"),
        },
    )
    graphs.write_graph(
        graphs.VaeDecoderGraph(vae_decoder),
        folder / "vae_decoder" / "model.onnx",
        {"latent_sample": torch.randn(2, LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE)},
        {
            "latent_sample": ("batch_size", None, "latent_height", "latent_width"),
            "sample": ("batch_size", None, "sample_height", "sample_width"),
        },
    )
    write_json(folder / "scheduler" / "scheduler_config.json", scheduler_config())
    write_json(
        folder / "model_index.json",
        {
            "_class_name": "StableDiffusionPipeline",
            "_diffusers_version": "0.42.1",
            "feature_extractor": [None, None],
            "image_encoder": [None, None],
            "requires_safety_checker": False,
            "safety_checker": [None, None],
            "scheduler": ["diffusers", "DDIMScheduler"],
            "text_encoder": ["transformers", "CLIPTextModel"],
            "tokenizer": ["transformers", "CLIPTokenizer"],
            "unet": ["diffusers", "UNet2DConditionModel"],
            "vae": ["diffusers", "AutoencoderKL"],
        },
    )


def write_encoder(backbone: PatchEncoder, poolers: dict[int, Pooler], folder: Path) -> None:
    """Writes the backbone, a pooler for each length and their configuration; rounds the networks to half precision."""
    width = backbone.positions_embedding.shape[-1]
    graphs.write_graph(
        backbone,
        folder / "backbone.onnx",
        {"pixel_values": torch.randn(2, 3, 64, 64)},
        {"pixel_values": ("batch_size", None, None, None), "last_hidden_state": ("batch_size", None, None)},
    )
    write_poolers(poolers, folder, width)
    write_json(
        folder / "config.json",
        {
            "model_type": "vit",
            "architectures": ["ViTModel"],
            "hidden_size": width,
            "image_size": 64,
            "patch_size": 8,
            "num_channels": 3,
            "num_hidden_layers": len(backbone.blocks),
            "num_attention_heads": 4,
            "class_token": False,
        },
    )
    write_json(folder / "preprocessor_config.json", PREPROCESSOR)


def write_poolers(poolers: dict[int, Pooler], folder: Path, width: int) -> None:
    """Writes pooler_<length>.onnx for each head; `width` is that of the backbone's features."""
    for length, pooler in copy.deepcopy(poolers).items():
        graphs.write_graph(
            graphs.PoolerGraph(pooler),
            Path(folder) / f"pooler_{length}.onnx",
            {"image_features": torch.randn(2, PATCHES, width)},
            {
                "image_features": ("batch_size", None, None),
                "token_ids": ("batch_size", None, None),
                "token_probs": ("batch_size", None, None),
                "attention": ("batch_size", None, None),
            },
        )


def write_scorer(scorer: Scorer, folder: Path) -> None:
    """Writes both towers of the scorer and their configuration; rounds it to half precision."""
    graphs.write_graph(
        graphs.ScorerVisionGraph(scorer),
        folder / "onnx" / "vision_model.onnx",
        {"pixel_values": torch.randn(2, 3, 64, 64)},
        {"pixel_values": ("batch_size", None, None, None), "image_embeds": ("batch_size", None)},
    )
    ids = torch.full((2, 77), vocabulary()[END])
    graphs.write_graph(
        graphs.ScorerTextGraph(scorer),
        folder / "onnx" / "text_model.onnx",
        {"input_ids": ids},
        {"input_ids": ("batch_size", "sequence_length"), "text_embeds": ("batch_size", None)},
    )
    size = scorer.visual_projection.out_features
    text = scorer.text.config
    write_json(
        folder / "config.json",
        {
            "model_type": "clip",
            "architectures": ["CLIPModel"],
            "projection_dim": size,
            "logit_scale_init_value": float(scorer.log_scale.detach()),
            "text_config": {
                "model_type": "clip_text_model",
                "vocab_size": text.vocab_size,
                "hidden_size": text.hidden_size,
                "num_hidden_layers": text.num_hidden_layers,
                "num_attention_heads": text.num_attention_heads,
                "max_position_embeddings": text.max_position_embeddings,
                "bos_token_id": text.bos_token_id,
                "eos_token_id": text.eos_token_id,
                "pad_token_id": text.pad_token_id,
                "projection_dim": size,
            },
            "vision_config": {
                "model_type": "clip_vision_model",
                "hidden_size": scorer.visual_projection.in_features,
                "num_hidden_layers": len(scorer.vision.blocks),
                "num_attention_heads": 4,
                "image_size": 64,
                "patch_size": 8,
                "projection_dim": size,
            },
        },
    )
    write_json(folder / "preprocessor_config.json", PREPROCESSOR)


def write_json(path: Path, value: object) -> None:
    """Writes JSON with a final newline, making the folder when it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
