"""Configs of the parts of a checkpoint, read from the shapes of its tensors, so that small models work as the large ones do."""

import re
from typing import Mapping

from .families import SDXL, UNET, Family, TextEncoder
from .refusal import Refusal

Shapes = Mapping[str, tuple[int, ...]]
HEAD_WIDTH = 64
NORM_GROUPS = 32
VAE_PREFIXES = ("first_stage_model.", "vae.", "")


def unet_config(shapes: Shapes, family: Family) -> dict:
    """Config of a UNet2DConditionModel. Raises Refusal where the blocks are not as in Stable Diffusion."""
    unet = {name.removeprefix(UNET): shape for name, shape in shapes.items() if name.startswith(UNET)}
    channels, resnets, depths = [], [], []
    for block in range(1, 1 + max((int(n) for n in re.findall(r"^input_blocks\.(\d+)\.", "\n".join(unet), re.M)), default=0)):
        convolution = unet.get(f"input_blocks.{block}.0.out_layers.3.weight")
        if convolution is None or not channels:
            # A level ends where its side is halved.
            channels.append(0), resnets.append(0), depths.append(0)
        if convolution is not None:
            channels[-1], resnets[-1] = convolution[0], resnets[-1] + 1
            depths[-1] = max(depths[-1], _count(unet, rf"^input_blocks\.{block}\.1\.transformer_blocks\.(\d+)\."))
    context = next((shape[1] for name, shape in unet.items() if name.endswith("attn2.to_k.weight")), None)
    projection = next((shape for name, shape in unet.items() if name.endswith(".1.proj_in.weight")), None)
    if context is None or projection is None or len(set(resnets)) != 1:
        hint = "Only U-Nets with the same number of layers on every level are converted."
        raise Refusal("pack-invalid", "The U-Net of this checkpoint is built in a way that is not known.", hint)
    down = ["CrossAttnDownBlock2D" if depth else "DownBlock2D" for depth in depths]
    heads = family.heads or [width // HEAD_WIDTH for width in channels]
    config = {
        "_class_name": "UNet2DConditionModel",
        "sample_size": family.sample_size,
        "in_channels": unet["input_blocks.0.0.weight"][1],
        "out_channels": unet["out.2.weight"][0],
        "block_out_channels": channels,
        "layers_per_block": resnets[0],
        "down_block_types": down,
        "up_block_types": [name.replace("Down", "Up") for name in reversed(down)],
        "transformer_layers_per_block": [max(1, depth) for depth in depths],
        "cross_attention_dim": context,
        "attention_head_dim": heads,
        "use_linear_projection": len(projection) == 2,
        "norm_num_groups": NORM_GROUPS,
    }
    return config | (_added_embedding(unet, shapes, family) if family is SDXL else {})


def _added_embedding(unet: Shapes, shapes: Shapes, family: Family) -> dict:
    width = unet["label_emb.0.0.weight"][1]
    vector = shapes[family.text_encoders[-1].prefix + "text_projection"][1]
    return {
        "addition_embed_type": "text_time",
        # Six numbers: height and width as they were, the corner of the cut, height and width to draw.
        "addition_time_embed_dim": (width - vector) // 6,
        "projection_class_embeddings_input_dim": width,
    }


def has_vae(shapes: Shapes) -> bool:
    return any(name.startswith(VAE_PREFIXES[:2]) for name in shapes)


def vae_config(shapes: Shapes, family: Family) -> dict:
    """Config of an AutoencoderKL, of a whole checkpoint or of an autoencoder's own file, in Stable Diffusion's or diffusers' names."""
    prefix = next(prefix for prefix in VAE_PREFIXES if any(name.startswith(prefix + "decoder.") for name in shapes) or prefix == "")
    vae = {name.removeprefix(prefix): shape for name, shape in shapes.items() if name.startswith(prefix)}
    level, layer = ("down_blocks", "resnets") if any(".down_blocks." in name for name in vae) else ("down", "block")
    levels = _count(vae, rf"^encoder\.{level}\.(\d+)\.")
    latents = vae.get("decoder.conv_in.weight")
    if levels == 0 or latents is None:
        raise Refusal("pack-invalid", "This is no autoencoder of Stable Diffusion.", "Name another file with --vae.")
    return {
        "_class_name": "AutoencoderKL",
        "in_channels": 3,
        "out_channels": 3,
        "latent_channels": latents[1],
        "block_out_channels": [vae[f"encoder.{level}.{index}.{layer}.0.conv2.weight"][0] for index in range(levels)],
        "layers_per_block": _count(vae, rf"^encoder\.{level}\.0\.{layer}\.(\d+)\."),
        "down_block_types": ["DownEncoderBlock2D"] * levels,
        "up_block_types": ["UpDecoderBlock2D"] * levels,
        "norm_num_groups": NORM_GROUPS,
        "sample_size": family.sample_size * 2 ** (levels - 1),
        "scaling_factor": family.latent_scale,
        "force_upcast": family.keeps_vae_whole,
    }


def text_config(shapes: Shapes, encoder: TextEncoder) -> dict:
    """Config of a CLIPTextModel, or of a CLIPTextModelWithProjection."""
    text = {name.removeprefix(encoder.prefix): shape for name, shape in shapes.items() if name.startswith(encoder.prefix)}
    if encoder.kind == "clip":
        words, places = text["embeddings.token_embedding.weight"], text["embeddings.position_embedding.weight"]
        layers, inner = _count(text, r"^encoder\.layers\.(\d+)\."), text["encoder.layers.0.mlp.fc1.weight"]
    else:
        words, places = text["token_embedding.weight"], text["positional_embedding"]
        layers, inner = _count(text, r"^transformer\.resblocks\.(\d+)\."), text["transformer.resblocks.0.mlp.c_fc.weight"]
    return {
        "architectures": ["CLIPTextModelWithProjection" if encoder.projects else "CLIPTextModel"],
        "model_type": "clip_text_model",
        "vocab_size": words[0],
        "hidden_size": words[1],
        "intermediate_size": inner[0],
        "num_hidden_layers": layers - int(encoder.drops_last_layer),
        "num_attention_heads": max(1, words[1] // HEAD_WIDTH),
        "max_position_embeddings": places[0],
        "hidden_act": encoder.activation,
        "projection_dim": text["text_projection"][1] if encoder.projects else words[1],
        "layer_norm_eps": 1e-05,
        "bos_token_id": 49406,
        "eos_token_id": 49407,
        "pad_token_id": 49407 if encoder.pad != "!" else 0,
    }


def _count(shapes: Shapes, pattern: str) -> int:
    """How many things with a number there are; the pattern's one group is that number."""
    found = [int(match[1]) for match in (re.match(pattern, name) for name in shapes) if match]
    return 1 + max(found, default=-1)
