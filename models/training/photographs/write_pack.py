"""The trained poolers, their backbone and their decoder as a pack that the studio opens."""

import copy
import hashlib
import json
import re
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from convert.graphs import text_graph, unet_graph, vae_graphs
from convert.graphs import write_graph as write_decoder_graph
from convert.refusal import Refusal
from torch import nn

from ..export_pack import write_json
from ..graphs import PoolerGraph, write_graph
from ..make_pack import file_entry
from .backbone import Backbone
from .frozen_decoder import FrozenDecoder
from .settings import Settings, pictures_taught

TOP = 10
# What the exported encoder may differ by, in probability, from what PyTorch says.
BOUND = 2e-3
COMMAND = "python -m training.photographs --decoder {decoder} --images IMAGES --backbone {backbone} --method {method} --tokens {tokens} --steps {steps} --batch {batch} --out PACK"
LICENCE = """This pack holds weights of others beside those of its poolers.

Decoder: {decoder}
Backbone: {backbone}

Their own licences apply to them, and may apply to what was trained with them. Whoever passes this pack on puts those
licences here, and that of the pictures the poolers were trained on.
"""


def write_pack(folder: Path, settings: Settings, backbone: Backbone, poolers: nn.ModuleDict, decoder: FrozenDecoder, drawing: dict, figures: dict, trial: torch.Tensor) -> None:
    """Writes graphs, tokenizer, card and pack.json. Networks are rounded to half precision on the way: nothing may be trained with them afterwards.

    `drawing` is how the pack draws when nothing else is asked for; `figures` what was measured; `trial` pixel values [n, 3, side, side] on which the written
    encoder must say what PyTorch says. Raises Refusal where it does not.
    """
    folder = Path(folder)
    backbone, poolers = backbone.float().cpu(), copy.deepcopy(poolers).float().cpu()
    _write_encoder(folder, backbone, poolers, trial.float().cpu())
    for index, tokenizer in enumerate(decoder.tokenizers):
        tokenizer.model_max_length = 77
        _write_tokenizer(tokenizer, folder / "decoder" / ("tokenizer" if index == 0 else "tokenizer_2"))
    _write_decoder(folder / "decoder", decoder.float().cpu())
    (folder / "LICENSE").write_text(LICENCE.format(decoder=settings.decoder, backbone=settings.backbone), encoding="utf-8")
    write_json(folder / "photographs.json", figures)
    (folder / "MODEL_CARD.md").write_text(_card(settings, figures), encoding="utf-8")
    write_json(folder / "pack.json", _manifest(folder, settings, backbone, decoder, drawing))


def _write_encoder(folder: Path, backbone: Backbone, poolers: nn.ModuleDict, trial: torch.Tensor) -> None:
    side = backbone.picture.side
    _use_plain_attention(backbone.network)
    write_graph(
        backbone,
        folder / "encoder/backbone.onnx",
        {"pixel_values": torch.randn(2, 3, side, side)},
        {"pixel_values": ("batch_size", None, None, None), "last_hidden_state": ("batch_size", None, None)},
    )
    with torch.no_grad():
        features = backbone(trial)
    (written,) = _open(folder / "encoder/backbone.onnx").run(None, {"pixel_values": trial.numpy()})
    for name, pooler in poolers.items():
        graph = PoolerGraph(pooler.eval())
        path = folder / f"encoder/pooler_{name}.onnx"
        write_graph(
            graph,
            path,
            {"image_features": features[:1].repeat(2, 1, 1)},
            {
                "image_features": ("batch_size", None, None),
                "token_ids": ("batch_size", None, None),
                "token_probs": ("batch_size", None, None),
                "attention": ("batch_size", None, None),
            },
        )
        with torch.no_grad():
            _, wanted, _ = graph(features)
        _, found, _ = _open(path).run(None, {"image_features": written})
        difference = float(np.abs(found - wanted.numpy()).max())
        if not difference <= BOUND:
            message = f"The exported encoder of {name} tokens differs from PyTorch by {difference:.2g} in probability; {BOUND:g} is the most that is taken."
            raise Refusal("pack-invalid", message, "Please report it, with the backbone's name.")


def _write_decoder(folder: Path, decoder: FrozenDecoder) -> None:
    """Graphs and configs in diffusers' layout, as the conversion of checkpoints writes them."""
    two = len(decoder.text_encoders) > 1
    for encoder, name in zip(decoder.text_encoders, ("text_encoder", "text_encoder_2")):
        _use_plain_attention(encoder)
        encoder.config.architectures = [type(encoder).__name__]
        write_decoder_graph(text_graph(encoder, name, two), folder)
        encoder.config.save_pretrained(folder / name)
    write_decoder_graph(unet_graph(decoder.unet), folder)
    decoder.unet.save_config(folder / "unet")
    for graph in vae_graphs(decoder.vae):
        write_decoder_graph(graph, folder)
        decoder.vae.save_config(folder / graph.folder)
    write_json(folder / "scheduler/scheduler_config.json", dict(decoder.scheduler_config))
    names = {"text_encoder": "CLIPTextModel", "tokenizer": "CLIPTokenizer"}
    names |= {"text_encoder_2": "CLIPTextModelWithProjection", "tokenizer_2": "CLIPTokenizer"} if two else {}
    parts = {name: ["transformers", kind] for name, kind in names.items()}
    parts |= {"unet": ["diffusers", "UNet2DConditionModel"], "vae": ["diffusers", "AutoencoderKL"]}
    parts["scheduler"] = ["diffusers", decoder.scheduler_config["_class_name"]]
    pipeline = "StableDiffusionXLPipeline" if two else "StableDiffusionPipeline"
    write_json(folder / "model_index.json", {"_class_name": pipeline, **parts})


def _write_tokenizer(tokenizer, folder: Path) -> None:
    """vocab.json and merges.txt, which transformers 5 leaves out."""
    tokenizer.save_pretrained(folder)
    model = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]
    write_json(folder / "vocab.json", tokenizer.get_vocab())
    merges = "\n".join(merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"])
    (folder / "merges.txt").write_text(f"#version: 0.2\n{merges}\n", encoding="utf-8")


def _use_plain_attention(network: nn.Module) -> None:
    """The exporter follows attention in plain products."""
    if hasattr(network, "set_attn_implementation"):
        network.set_attn_implementation("eager")


def _open(path: Path) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])


def pack_id(folder: Path) -> str:
    """The folder's name as a pack's id."""
    return re.sub(r"[^a-z0-9]+", "-", Path(folder).resolve().name.lower()).strip("-")[:64] or "photographs"


def _manifest(folder: Path, settings: Settings, backbone: Backbone, decoder: FrozenDecoder, drawing: dict) -> dict:
    side = decoder.side
    tokens = ",".join(map(str, settings.tokens))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))).hexdigest()
    image = backbone.picture.of_manifest()
    return {
        "schemaVersion": 1,
        "id": pack_id(folder),
        "name": f"De-Diffusion by {settings.decoder.rstrip('/').split('/')[-1]}",
        "version": "1.0.0",
        "summary": f"Reads pictures in {tokens.replace(',', ', ')} tokens, taught by the loss of {settings.decoder} alone over {pictures_taught(settings):,} pictures.",
        "licence": {"spdx": "NOASSERTION", "file": "LICENSE", "notice": "Decoder and backbone are of others, under their own licences."},
        "source": {
            "repository": "models/training/photographs",
            "revision": digest,
            "command": COMMAND.format(decoder=settings.decoder, backbone=settings.backbone, method=settings.method, tokens=tokens, steps=settings.steps, batch=settings.batch),
            "seed": settings.seed,
        },
        "roles": {
            "encoder": {
                "backbone": {"file": "encoder/backbone.onnx"},
                "heads": {str(length): {"file": f"encoder/pooler_{length}.onnx"} for length in settings.tokens},
                "tokenizer": "decoder/tokenizer",
                "image": image,
                "patchGrid": {"rows": backbone.grid, "columns": backbone.grid},
                "topK": TOP,
            },
            "decoder": {"layout": "diffusers", "folder": "decoder", "image": {"width": side, "height": side, "multipleOf": decoder.pixels_a_step}, "defaults": drawing},
        },
        "limits": {"minImageSide": 8, "maxTokens": max(settings.tokens)},
        "minimumMemoryMb": 1024 + 3 * sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) // 2**21,
        "files": [file_entry(folder, path) for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "pack.json"],
    }


def _card(settings: Settings, figures: dict) -> str:
    lines = "\n".join(f"| {name} | {value:.4f} |" if isinstance(value, float) else f"| {name} | {value} |" for name, value in figures.items())
    return f"""# Model card

An encoder for pictures, taught by the loss of a frozen decoder alone (`{settings.decoder}`), with the frozen backbone `{settings.backbone}`.
{"Search and distil" if settings.method == "search" else "The paper's relaxation"}: {pictures_taught(settings):,} pictures, {settings.steps:,} steps of {settings.batch:,} at {settings.side} pixels; lengths {", ".join(map(str, settings.tokens))}; seed {settings.seed}.

Measured on pictures that training never saw. `saves` is how much lower the decoder's loss is with a picture's own text than with none,
`savesAgainstOther` than with another picture's; each with its standard error. A reader that says nothing of its picture saves nothing against another's text.

| figure | value |
|---|---|
{lines}
"""
