"""Names of diffusers' networks as Stable Diffusion's own checkpoints have them: the other way than diffusers reads them."""

import re

import torch

State = dict[str, torch.Tensor]
RESNET = (("norm1", "in_layers.0"), ("conv1", "in_layers.2"), ("norm2", "out_layers.0"), ("conv2", "out_layers.3"), ("time_emb_proj", "emb_layers.1"), ("conv_shortcut", "skip_connection"))
ENDS = (
    ("time_embedding.linear_1", "time_embed.0"),
    ("time_embedding.linear_2", "time_embed.2"),
    ("add_embedding.linear_1", "label_emb.0.0"),
    ("add_embedding.linear_2", "label_emb.0.2"),
    ("conv_in", "input_blocks.0.0"),
    ("conv_norm_out", "out.0"),
    ("conv_out", "out.2"),
    ("mid_block.resnets.0", "middle_block.0"),
    ("mid_block.attentions.0", "middle_block.1"),
    ("mid_block.resnets.1", "middle_block.2"),
)
VAE = (
    ("conv_norm_out", "norm_out"),
    ("mid_block.resnets.0", "mid.block_1"),
    ("mid_block.resnets.1", "mid.block_2"),
    ("mid_block.attentions.0.group_norm", "mid.attn_1.norm"),
    ("mid_block.attentions.0.to_q", "mid.attn_1.q"),
    ("mid_block.attentions.0.to_k", "mid.attn_1.k"),
    ("mid_block.attentions.0.to_v", "mid.attn_1.v"),
    ("mid_block.attentions.0.to_out.0", "mid.attn_1.proj_out"),
    ("conv_shortcut", "nin_shortcut"),
    (".resnets.", ".block."),
    ("downsamplers.0", "downsample"),
    ("upsamplers.0", "upsample"),
    ("down_blocks", "down"),
)
OPEN_CLIP = (("layer_norm1", "ln_1"), ("layer_norm2", "ln_2"), ("mlp.fc1", "mlp.c_fc"), ("mlp.fc2", "mlp.c_proj"), ("self_attn.out_proj", "attn.out_proj"))


def unet_name(name: str, layers: int, has_attention: bool) -> str:
    """`has_attention`: whether the block of this name attends to the text."""
    if "resnets" in name:
        for old, new in RESNET:
            name = name.replace(old, new)
    for old, new in ENDS:
        if name.startswith(old + "."):
            return new + name[len(old) :]
    block, kind, layer, rest = re.fullmatch(r"(?:down|up)_blocks\.(\d+)\.(\w+)\.(\d+)\.(.*)", name).groups()
    at = int(block) * (layers + 1) + int(layer)
    if name.startswith("down"):
        last = f"input_blocks.{1 + int(block) * (layers + 1) + layers}.0.op." + rest.removeprefix("conv.")
        return last if kind == "downsamplers" else f"input_blocks.{1 + at}.{int(kind == 'attentions')}.{rest}"
    last = f"output_blocks.{int(block) * (layers + 1) + layers}.{2 if has_attention else 1}.{rest}"
    return last if kind == "upsamplers" else f"output_blocks.{at}.{int(kind == 'attentions')}.{rest}"


def ldm_unet(unet, prefix: str) -> State:
    attends = {index: hasattr(block, "attentions") for index, block in enumerate(unet.up_blocks)}
    named = {}
    for name, value in unet.state_dict().items():
        block = re.match(r"up_blocks\.(\d+)\.", name)
        named[prefix + unet_name(name, unet.config.layers_per_block, block is not None and attends[int(block[1])])] = value
    return named


def ldm_vae(vae, prefix: str) -> State:
    levels, named = len(vae.config.block_out_channels), {}
    for name, value in vae.state_dict().items():
        up = re.match(r"decoder\.up_blocks\.(\d+)\.", name)
        new = name.replace(f"up_blocks.{up[1]}", f"up.{levels - 1 - int(up[1])}") if up else name
        for old, other in VAE:
            new = new.replace(old, other)
        is_attention = ".attn_1." in new and new.endswith("weight") and "norm" not in new
        named[prefix + new] = value[:, :, None, None] if is_attention else value
    return named


def ldm_clip(encoder, prefix: str) -> State:
    return {prefix + name.removeprefix("text_model."): value for name, value in encoder.state_dict().items() if "position_ids" not in name}


def ldm_open_clip(encoder, prefix: str) -> State:
    """OpenCLIP keeps query, key and value in one matrix, and its projection the other way round."""
    state = {name.removeprefix("text_model."): value for name, value in encoder.state_dict().items()}
    named = {
        "positional_embedding": state["embeddings.position_embedding.weight"],
        "token_embedding.weight": state["embeddings.token_embedding.weight"],
        "ln_final.weight": state["final_layer_norm.weight"],
        "ln_final.bias": state["final_layer_norm.bias"],
    }
    if "text_projection.weight" in state:
        named["text_projection"] = state["text_projection.weight"].T
    for layer in range(encoder.config.num_hidden_layers):
        old, new = f"encoder.layers.{layer}.", f"transformer.resblocks.{layer}."
        for end in ("weight", "bias"):
            named[f"{new}attn.in_proj_{end}"] = torch.cat([state[f"{old}self_attn.{part}_proj.{end}"] for part in "qkv"])
            for ours, theirs in OPEN_CLIP:
                named[f"{new}{theirs}.{end}"] = state[f"{old}{ours}.{end}"]
    return {prefix + name: value for name, value in named.items()}
