"""Exports modules in Optimum's layout, with large weights stored as halves behind a Cast so that fixtures stay small."""

from pathlib import Path

import numpy as np
import onnx
import torch
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
        parameters = self.vae.quant_conv(self.vae.encoder(sample))
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
        {"latent_sample": torch.zeros(1, 4, 4, 4)},
        ["sample"],
        {"latent_sample": IMAGE_AXES, "sample": IMAGE_AXES},
        folder / "vae_decoder" / "model.onnx",
    )
