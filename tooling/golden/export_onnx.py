"""Exports modules in Optimum's layout, with large weights stored as halves behind a Cast so that fixtures stay small."""

from pathlib import Path
from unittest.mock import patch

import numpy as np
import onnx
import torch
from diffusers.models.transformers import transformer_flux
from onnx import TensorProto, helper, numpy_helper

OPSET = 17


def export(module: torch.nn.Module, feeds: dict, outputs: list[str], axes: dict, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        torch.onnx.export(
            module,
            tuple(feeds.values()),
            str(path),
            input_names=list(feeds),
            output_names=outputs,
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
    store_halves(path)


def store_halves(path: Path) -> None:
    """Initialisers of more than 64 floats that are exact in float16 become halves; ONNX Runtime folds the Cast when it loads."""
    model = onnx.load(path)
    graph = model.graph
    casts = []
    for initialiser in graph.initializer:
        if initialiser.data_type != TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(initialiser)
        halves = values.astype(np.float16)
        if values.size <= 64 or not np.array_equal(halves.astype(np.float32), values):
            continue
        name = initialiser.name
        initialiser.CopyFrom(numpy_helper.from_array(halves, name + ".half"))
        casts.append(helper.make_node("Cast", [name + ".half"], [name], to=TensorProto.FLOAT))
    nodes = casts + list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes)
    shorten_names(graph)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def shorten_names(graph) -> None:
    """The exporter names every value by its path through the modules, which is half the size of a graph this small."""
    kept = {value.name for value in [*graph.input, *graph.output]} | {""}
    short: dict[str, str] = {}

    def shortened(name: str) -> str:
        return name if name in kept else short.setdefault(name, f"v{len(short)}")

    for initialiser in graph.initializer:
        initialiser.name = shortened(initialiser.name)
    for node in graph.node:
        node.name = ""
        node.doc_string = ""
        for names in (node.input, node.output):
            for index, name in enumerate(names):
                names[index] = shortened(name)
    del graph.value_info[:]


class TextEncoder(torch.nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids):
        output = self.encoder(input_ids=input_ids, return_dict=True)
        return output.last_hidden_state, output.pooler_output


class LayeredTextEncoder(torch.nn.Module):
    """The vector where the encoder projects one, the last states, then those of every layer, in Optimum's order."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids):
        output = self.encoder(input_ids=input_ids, output_hidden_states=True, return_dict=True)
        vector = output.text_embeds if "text_embeds" in output else output.pooler_output
        return vector, output.last_hidden_state, *output.hidden_states


class NormedTextEncoder(torch.nn.Module):
    """The last states, the vector, then what comes of every layer in between through the norm at the end."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.norm = next(module for name, module in encoder.named_modules() if name.endswith("final_layer_norm"))

    def forward(self, input_ids):
        output = self.encoder(input_ids=input_ids, output_hidden_states=True, return_dict=True)
        return output.last_hidden_state, output.pooler_output, *(self.norm(states) for states in output.hidden_states[1:-1])


class T5Encoder(torch.nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids):
        return self.encoder(input_ids=input_ids, return_dict=False)[0]


class UnetXl(torch.nn.Module):
    def __init__(self, unet):
        super().__init__()
        self.unet = unet

    def forward(self, sample, timestep, encoder_hidden_states, text_embeds, time_ids):
        added = {"text_embeds": text_embeds, "time_ids": time_ids}
        return self.unet(sample, timestep, encoder_hidden_states, added_cond_kwargs=added, return_dict=False)[0]


class Transformer(torch.nn.Module):
    """SD3's."""

    def __init__(self, transformer):
        super().__init__()
        self.transformer = transformer

    def forward(self, hidden_states, encoder_hidden_states, pooled_projections, timestep):
        return self.transformer(
            hidden_states=hidden_states,
            encoder_hidden_states=encoder_hidden_states,
            pooled_projections=pooled_projections,
            timestep=timestep,
            return_dict=False,
        )[0]


def written_out_norm(norm: torch.nn.RMSNorm, values: torch.Tensor) -> torch.Tensor:
    """The exporter knows no rms_norm at this opset."""
    epsilon = torch.finfo(values.dtype).eps if norm.eps is None else norm.eps
    normed = values * torch.rsqrt(values.pow(2).mean(-1, keepdim=True) + epsilon)
    return normed if norm.weight is None else normed * norm.weight


def traced_rotation(values: torch.Tensor, waves: tuple[torch.Tensor, torch.Tensor], sequence_dim: int) -> torch.Tensor:
    """diffusers' apply_rotary_emb for Flux without the sizes of one sequence."""
    assert sequence_dim == 1
    cos, sin = (wave[None, :, None, :] for wave in waves)
    real, imaginary = values[..., 0::2], values[..., 1::2]
    turned = torch.stack([-imaginary, real], dim=-1).flatten(3)
    return values * cos + turned * sin


class FluxTransformer(torch.nn.Module):
    def __init__(self, transformer):
        super().__init__()
        self.transformer = transformer

    def forward(self, hidden_states, encoder_hidden_states, pooled_projections, timestep, img_ids, txt_ids, guidance=None):
        return self.transformer(
            hidden_states=hidden_states,
            encoder_hidden_states=encoder_hidden_states,
            pooled_projections=pooled_projections,
            timestep=timestep,
            img_ids=img_ids,
            txt_ids=txt_ids,
            guidance=guidance,
            return_dict=False,
        )[0]


class Unet(torch.nn.Module):
    def __init__(self, unet):
        super().__init__()
        self.unet = unet

    def forward(self, sample, timestep, encoder_hidden_states, timestep_cond=None):
        return self.unet(sample, timestep, encoder_hidden_states, timestep_cond=timestep_cond, return_dict=False)[0]


class VaeEncoder(torch.nn.Module):
    def __init__(self, vae, deterministic: bool = False):
        super().__init__()
        self.vae = vae
        self.deterministic = deterministic

    def forward(self, sample):
        parameters = self.vae.encoder(sample)
        if self.vae.quant_conv is not None:
            parameters = self.vae.quant_conv(parameters)
        return parameters.chunk(2, dim=1)[0] if self.deterministic else parameters


class VaeDecoder(torch.nn.Module):
    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, latent_sample):
        return self.vae.decode(latent_sample, return_dict=False)[0]


IMAGE_AXES = {0: "batch_size", 2: "height", 3: "width"}


def export_text_encoder(encoder, folder: Path, kind=torch.int64) -> None:
    ids = torch.zeros(2, 77, dtype=kind)
    axes = {"input_ids": {0: "batch_size", 1: "sequence_length"}, "last_hidden_state": {0: "batch_size", 1: "sequence_length"}}
    export(TextEncoder(encoder), {"input_ids": ids}, ["last_hidden_state", "pooler_output"], axes, folder / "model.onnx")


TEXT_AXES = {0: "batch_size", 1: "sequence_length"}


def export_layered_text_encoder(encoder, folder: Path) -> None:
    vector = "text_embeds" if hasattr(encoder, "text_projection") else "pooler_output"
    outputs = [vector, "last_hidden_state", *(f"hidden_states.{layer}" for layer in range(encoder.config.num_hidden_layers + 1))]
    axes = {name: TEXT_AXES for name in ["input_ids", *outputs]} | {vector: {0: "batch_size"}}
    export(LayeredTextEncoder(encoder), {"input_ids": torch.zeros(2, 77, dtype=torch.int64)}, outputs, axes, folder / "model.onnx")


def export_normed_text_encoder(encoder, folder: Path) -> None:
    states = ["last_hidden_state", *(f"normed_hidden_states.{layer}" for layer in range(1, encoder.config.num_hidden_layers))]
    outputs = [states[0], "pooler_output", *states[1:]]
    axes = {name: TEXT_AXES for name in ["input_ids", *states]} | {"pooler_output": {0: "batch_size"}}
    export(NormedTextEncoder(encoder), {"input_ids": torch.zeros(2, 77, dtype=torch.int64)}, outputs, axes, folder / "model.onnx")


def export_t5_encoder(encoder, folder: Path) -> None:
    axes = {"input_ids": TEXT_AXES, "last_hidden_state": TEXT_AXES}
    export(T5Encoder(encoder), {"input_ids": torch.zeros(2, 20, dtype=torch.int64)}, ["last_hidden_state"], axes, folder / "model.onnx")


def export_unet_xl(unet, folder: Path) -> None:
    vector = unet.config.projection_class_embeddings_input_dim - 6 * unet.config.addition_time_embed_dim
    feeds = {
        "sample": torch.zeros(2, unet.config.in_channels, 4, 4),
        "timestep": torch.tensor(1.0),
        "encoder_hidden_states": torch.zeros(2, 77, unet.config.cross_attention_dim),
        "text_embeds": torch.zeros(2, vector),
        "time_ids": torch.zeros(2, 6),
    }
    rows = {name: {0: "batch_size"} for name in ("text_embeds", "time_ids")}
    axes = {"sample": IMAGE_AXES, "encoder_hidden_states": TEXT_AXES, "out_sample": IMAGE_AXES, **rows}
    export(UnetXl(unet).eval(), feeds, ["out_sample"], axes, folder / "model.onnx")


def export_transformer(transformer, folder: Path) -> None:
    config = transformer.config
    feeds = {
        "hidden_states": torch.zeros(2, config.in_channels, 4, 4),
        "encoder_hidden_states": torch.zeros(2, 97, config.joint_attention_dim),
        "pooled_projections": torch.zeros(2, config.pooled_projection_dim),
        "timestep": torch.ones(1),
    }
    axes = {
        "hidden_states": IMAGE_AXES,
        "encoder_hidden_states": TEXT_AXES,
        "pooled_projections": {0: "batch_size"},
        "timestep": {0: "step"},
        "out_hidden_states": IMAGE_AXES,
    }
    export(Transformer(transformer).eval(), feeds, ["out_hidden_states"], axes, folder / "model.onnx")


def export_flux_transformer(transformer, folder: Path) -> None:
    config = transformer.config
    feeds = {
        "hidden_states": torch.zeros(2, 4, config.in_channels),
        "encoder_hidden_states": torch.zeros(2, 20, config.joint_attention_dim),
        "pooled_projections": torch.zeros(2, config.pooled_projection_dim),
        "timestep": torch.ones(1),
        "img_ids": torch.zeros(4, 3, dtype=torch.int64),
        "txt_ids": torch.zeros(20, 3, dtype=torch.int64),
    }
    patches = {0: "batch_size", 1: "packed_height_width"}
    axes = {
        "hidden_states": patches,
        "encoder_hidden_states": TEXT_AXES,
        "pooled_projections": {0: "batch_size"},
        "timestep": {0: "step"},
        "img_ids": {0: "packed_height_width"},
        "txt_ids": {0: "sequence_length"},
        "out_hidden_states": patches,
    }
    if config.guidance_embeds:
        feeds["guidance"] = torch.ones(2)
        axes["guidance"] = {0: "batch_size"}
    with patch.object(torch.nn.RMSNorm, "forward", written_out_norm), patch.object(transformer_flux, "apply_rotary_emb", traced_rotation):
        export(FluxTransformer(transformer).eval(), feeds, ["out_hidden_states"], axes, folder / "model.onnx")


def export_unet(unet, folder: Path, timestep=None) -> None:
    width = unet.config.cross_attention_dim
    feeds = {
        "sample": torch.zeros(2, unet.config.in_channels, 4, 4),
        "timestep": torch.tensor(1.0) if timestep is None else timestep,
        "encoder_hidden_states": torch.zeros(2, 77, width),
    }
    axes = {"sample": IMAGE_AXES, "encoder_hidden_states": {0: "batch_size", 1: "sequence_length"}, "out_sample": IMAGE_AXES}
    if timestep is not None and timestep.dim() == 1:
        axes["timestep"] = {0: "steps"}
    if unet.config.time_cond_proj_dim:
        feeds["timestep_cond"] = torch.zeros(2, unet.config.time_cond_proj_dim)
        axes["timestep_cond"] = {0: "batch_size"}
    export(Unet(unet).eval(), feeds, ["out_sample"], axes, folder / "model.onnx")


def export_vae(vae, folder: Path, legacy: bool = False) -> None:
    name = "latent_sample" if legacy else "latent_parameters"
    export(
        VaeEncoder(vae, deterministic=legacy).eval(),
        {"sample": torch.zeros(1, 3, 32, 32)},
        [name],
        {"sample": IMAGE_AXES, name: IMAGE_AXES},
        folder / "vae_encoder" / "model.onnx",
    )
    export(
        VaeDecoder(vae).eval(),
        {"latent_sample": torch.zeros(1, vae.config.latent_channels, 4, 4)},
        ["sample"],
        {"latent_sample": IMAGE_AXES, "sample": IMAGE_AXES},
        folder / "vae_decoder" / "model.onnx",
    )
