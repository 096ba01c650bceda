"""Each network as the graph the studio runs: names, types and axes of Optimum's exports."""

from dataclasses import dataclass
from pathlib import Path

import onnx
import torch
from onnx.external_data_helper import ExternalDataInfo, uses_external_data
from torch import nn

OPSET = 17
ALIGNMENT_BYTES = 4096
PIECE_BYTES = 1 << 22
DATA_FILE = "model.onnx_data"
NORMED_STATES = "normed_hidden_states"

Axes = dict[int, str]
ROWS: Axes = {0: "batch_size"}
WORDS: Axes = {0: "batch_size", 1: "sequence_length"}
PICTURE: Axes = {0: "batch_size", 2: "height", 3: "width"}


@dataclass(frozen=True)
class Graph:
    """A network with inputs to trace it by, and the names and free axes of what goes in and comes out."""

    folder: str
    network: nn.Module
    inputs: dict[str, torch.Tensor]
    outputs: tuple[str, ...]
    axes: dict[str, Axes]


class TextEncoder(nn.Module):
    """input_ids int64 [b, s] to the outputs that `text_outputs` names, in that order."""

    def __init__(self, encoder: nn.Module, outputs: tuple[str, ...]):
        super().__init__()
        self.encoder, self.outputs = encoder, outputs

    def forward(self, input_ids: torch.Tensor):
        return text_answers(self.encoder, input_ids, self.outputs)


class Unet(nn.Module):
    """sample [b, 4, h, w], timestep float scalar, encoder_hidden_states [b, s, d] to out_sample."""

    def __init__(self, unet: nn.Module):
        super().__init__()
        self.unet = unet

    def forward(self, sample: torch.Tensor, timestep: torch.Tensor, encoder_hidden_states: torch.Tensor):
        return self.unet(sample, timestep, encoder_hidden_states, return_dict=False)[0]


class UnetXl(nn.Module):
    """As `Unet`, with text_embeds [b, v] and time_ids [b, 6]."""

    def __init__(self, unet: nn.Module):
        super().__init__()
        self.unet = unet

    def forward(self, sample, timestep, encoder_hidden_states, text_embeds, time_ids):
        added = {"text_embeds": text_embeds, "time_ids": time_ids}
        return self.unet(sample, timestep, encoder_hidden_states, added_cond_kwargs=added, return_dict=False)[0]


class VaeEncoder(nn.Module):
    """sample [b, 3, h, w] in -1..1 to latent_parameters [b, 8, h/8, w/8]: means, then log variances."""

    def __init__(self, vae: nn.Module):
        super().__init__()
        self.vae = vae

    def forward(self, sample: torch.Tensor):
        return self.vae.encode(sample).latent_dist.parameters


class VaeDecoder(nn.Module):
    """latent_sample [b, 4, h, w] to sample [b, 3, 8h, 8w] in -1..1."""

    def __init__(self, vae: nn.Module):
        super().__init__()
        self.vae = vae

    def forward(self, latent_sample: torch.Tensor):
        return self.vae.decode(latent_sample, return_dict=False)[0]


def text_answers(encoder: nn.Module, input_ids: torch.Tensor, outputs: tuple[str, ...]) -> tuple[torch.Tensor, ...]:
    """What an encoder says under each of the names of `text_outputs`."""
    found = encoder(input_ids, output_hidden_states=True, return_dict=True)
    norm = next(module for name, module in encoder.named_modules() if name.endswith("final_layer_norm"))

    def answer(name: str) -> torch.Tensor:
        kind, _, layer = name.partition(".")
        if not layer:
            return found[name]
        states = found.hidden_states[int(layer)]
        return norm(states) if kind == NORMED_STATES else states

    return tuple(answer(name) for name in outputs)


def text_outputs(encoder: nn.Module, is_one_of_two: bool) -> tuple[str, ...]:
    """What Optimum's export of a text encoder gives: one of two gives the states of every layer as well.

    An encoder that stands alone gives what comes of its layers in between through the norm at the end instead, which no other export does: the studio
    leaves layers out by it (clip skip).
    """
    projects = hasattr(encoder, "text_projection")
    ends = ("text_embeds", "last_hidden_state") if projects else ("last_hidden_state", "pooler_output")
    count = encoder.config.num_hidden_layers
    if is_one_of_two:
        return ends + tuple(f"hidden_states.{layer}" for layer in range(count + 1))
    return ends + tuple(f"{NORMED_STATES}.{layer}" for layer in range(1, count))


def text_graph(encoder: nn.Module, folder: str, is_one_of_two: bool) -> Graph:
    outputs = text_outputs(encoder, is_one_of_two)
    vectors = {"text_embeds", "pooler_output"}
    axes = {name: ROWS if name in vectors else WORDS for name in outputs} | {"input_ids": WORDS}
    ids = torch.full((2, encoder.config.max_position_embeddings), encoder.config.eos_token_id)
    ids[:, 0] = encoder.config.bos_token_id
    return Graph(folder, TextEncoder(encoder, outputs), {"input_ids": ids}, outputs, axes)


def unet_graph(unet: nn.Module) -> Graph:
    config, kind = unet.config, unet.dtype
    side = 2 ** len(config.block_out_channels)
    inputs = {
        "sample": torch.randn(2, config.in_channels, side, side, dtype=kind),
        # Stays in single precision whatever the weights have: halves know no numbers between 999 and 1000.
        "timestep": torch.tensor(501.0),
        "encoder_hidden_states": torch.randn(2, 77, config.cross_attention_dim, dtype=kind),
    }
    axes = {"sample": PICTURE, "encoder_hidden_states": WORDS, "out_sample": PICTURE}
    if config.addition_embed_type != "text_time":
        return Graph("unet", Unet(unet), inputs, ("out_sample",), axes)
    vector = config.projection_class_embeddings_input_dim - 6 * config.addition_time_embed_dim
    added = {
        "text_embeds": torch.randn(2, vector, dtype=kind),
        # Pixels: over 2,048 halves would round them.
        "time_ids": torch.full((2, 6), 512.0),
    }
    return Graph("unet", UnetXl(unet), inputs | added, ("out_sample",), axes | {name: ROWS for name in added})


def vae_graphs(vae: nn.Module) -> tuple[Graph, Graph]:
    """The encoder's graph and the decoder's."""
    side, latents, kind = 2 ** len(vae.config.block_out_channels), vae.config.latent_channels, vae.dtype
    big, small = ({0: "batch_size", 2: f"{name}_height", 3: f"{name}_width"} for name in ("sample", "latent"))
    picture, code = torch.randn(2, 3, 2 * side, 2 * side, dtype=kind), torch.randn(2, latents, 8, 8, dtype=kind)
    return (
        Graph("vae_encoder", VaeEncoder(vae), {"sample": picture}, ("latent_parameters",), {"sample": big, "latent_parameters": small}),
        Graph("vae_decoder", VaeDecoder(vae), {"latent_sample": code}, ("sample",), {"latent_sample": small, "sample": big}),
    )


def write_graph(graph: Graph, folder: Path) -> None:
    """Writes `<folder>/<graph's folder>/model.onnx`; weights over what one file of ONNX holds lie beside it in model.onnx_data."""
    path = folder / graph.folder / "model.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        torch.onnx.export(
            graph.network.eval(),
            tuple(graph.inputs.values()),
            str(path),
            input_names=list(graph.inputs),
            output_names=list(graph.outputs),
            dynamic_axes=graph.axes,
            opset_version=OPSET,
            dynamo=False,
        )
    gather_weights(path)


def gather_weights(path: Path) -> None:
    """Brings the weights that the exporter put into a file for each tensor into one, piece by piece, so that no memory is needed for it."""
    model = onnx.load(path, load_external_data=False)
    apart = [tensor for tensor in model.graph.initializer if uses_external_data(tensor)]
    if not apart:
        return
    sources: set[Path] = set()
    with (path.parent / DATA_FILE).open("wb") as target:
        for tensor in apart:
            info = ExternalDataInfo(tensor)
            source = path.parent / info.location
            sources.add(source)
            target.write(b"\0" * (-target.tell() % ALIGNMENT_BYTES))
            offset = target.tell()
            length = left = info.length or source.stat().st_size - (info.offset or 0)
            with source.open("rb") as weights:
                weights.seek(info.offset or 0)
                while left > 0 and (piece := weights.read(min(PIECE_BYTES, left))):
                    target.write(piece)
                    left -= len(piece)
            del tensor.external_data[:]
            for key, value in {"location": DATA_FILE, "offset": offset, "length": length}.items():
                tensor.external_data.add(key=key, value=str(value))
    path.write_bytes(model.SerializeToString())
    for source in sources:
        source.unlink()
