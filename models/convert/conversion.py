"""The whole way from a checkpoint to a folder that becomes a pack."""

import gc
import json
import shutil
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import torch
from diffusers import DiffusionPipeline

from .config_folder import Prediction, write_configs
from .families import Family, detect_family
from .graphs import Graph, text_graph, unet_graph, vae_graphs, write_graph
from .load_pipeline import Lora, fuse_loras, load_pipeline
from .refusal import Refusal
from .report import Report
from .safe_file import SafeFile, hash_file, open_safe_file
from .trial import HALF, SINGLE, Bound, Finding, Trial, try_graph, try_with_torch

RECORD_FILE = "conversion.json"
PACKAGES = ("torch", "diffusers", "transformers", "peft", "onnx", "onnxruntime")


@dataclass(frozen=True)
class Order:
    """What a person wants converted, and how."""

    checkpoint: Path
    loras: tuple[tuple[Path, float], ...]
    vae: Path | None
    dtype: Literal["fp32", "fp16"]
    prediction: Prediction | None
    output: Path


def convert(order: Order, report: Report) -> dict:
    """Writes configs, tokenizers, graphs and `conversion.json` into `order.output`, and gives what stands in that record.

    What lies in that folder of an earlier try is replaced. Raises Refusal for whatever cannot be converted, and for a graph that differs from
    PyTorch by more than the bound of its precision.
    """
    file = open_safe_file(order.checkpoint)
    vae = None if order.vae is None else open_safe_file(order.vae)
    loras = [Lora(open_safe_file(path), weight) for path, weight in order.loras]
    family = detect_family(file)
    configs = order.output / "configs"
    shutil.rmtree(configs, ignore_errors=True)
    write_configs(file, vae, family, order.prediction, configs)
    report.progress(0.01, "loading")
    sums = {one.path: hash_file(one.path, lambda share: report.progress(0.01 + 0.07 * share, "loading")) for one in [file, *filter(None, [vae]), *(lora.file for lora in loras)]}
    pipeline = load_pipeline(file, vae, family, configs)
    fuse_loras(pipeline, loras)
    report.progress(0.15, "comparing")
    trial = try_with_torch(pipeline, family)
    report.progress(0.3, "converting")
    findings = _write_graphs(pipeline, family, order, trial, report)
    _move_configs(configs, order.output)
    record = {
        "schemaVersion": 1,
        "family": family.name,
        "dtype": order.dtype,
        "prediction": pipeline.scheduler.config.prediction_type,
        "source": _describe(file, sums),
        "vae": None if vae is None else _describe(vae, sums),
        "loras": [{**_describe(lora.file, sums), "weight": lora.weight} for lora in loras],
        "licence": file.metadata.get("modelspec.license") or None,
        "title": file.metadata.get("modelspec.title") or None,
        "findings": [asdict(finding) for finding in findings],
        "packages": {name: version(name) for name in PACKAGES},
    }
    (order.output / RECORD_FILE).write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return record


def _write_graphs(pipeline: DiffusionPipeline, family: Family, order: Order, trial: Trial, report: Report) -> list[Finding]:
    """Writes each graph and compares it; a network is let go of as soon as its graph is written, so that one is in memory at a time."""
    kind, bound = (torch.float16, HALF) if order.dtype == "fp16" else (torch.float32, SINGLE)
    findings: list[Finding] = []
    scheduler = pipeline.scheduler
    parts = [*(encoder.folder for encoder in family.text_encoders), "unet", "vae"]
    for index, part in enumerate(parts):
        network = getattr(pipeline, part)
        keeps_whole = part == "vae" and family.keeps_vae_whole
        network.to(torch.float32 if keeps_whole else kind)
        graphs = _graphs_of(part, network, family)
        for graph in graphs:
            report.progress(0.3 + 0.65 * index / len(parts), "converting", graph.folder)
            write_graph(graph, order.output)
        setattr(pipeline, part, None)
        names = [graph.folder for graph in graphs]
        del network, graphs, graph
        gc.collect()
        for name in names:
            report.progress(0.3 + 0.65 * (index + 0.6) / len(parts), "comparing", name)
            own: Bound = SINGLE if keeps_whole else bound
            findings.append(try_graph(trial, order.output, name, scheduler, own))
    return findings


def _graphs_of(part: str, network: torch.nn.Module, family: Family) -> tuple[Graph, ...]:
    if part == "vae":
        return vae_graphs(network)
    return (unet_graph(network),) if part == "unet" else (text_graph(network, part, len(family.text_encoders) > 1),)


def _move_configs(configs: Path, output: Path) -> None:
    """Puts configs beside their graphs: the autoencoder's beside both of its halves."""
    for path in sorted(configs.rglob("*")):
        if not path.is_file():
            continue
        inside = path.relative_to(configs)
        for folder in ("vae_encoder", "vae_decoder") if inside.parts[0] == "vae" else (inside.parts[0],):
            target = output.joinpath(folder, *inside.parts[1:])
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    shutil.rmtree(configs)


def _describe(file: SafeFile, sums: dict[Path, str]) -> dict:
    return {"file": file.path.name, "bytes": file.path.stat().st_size, "sha256": sums[file.path]}


def require_room(order: Order) -> None:
    """Raises Refusal where the disk of the output has less room than the graphs will take."""
    file = open_safe_file(order.checkpoint)
    numbers = 0
    for shape in file.shapes.values():
        count = 1
        for side in shape:
            count *= side
        numbers += count
    needed = numbers * (2 if order.dtype == "fp16" else 4)
    order.output.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(order.output).free
    # Large graphs lie there twice for a moment, while their weights are gathered into one file.
    if free < 2 * needed:
        raise Refusal("disk-full", f"The graphs need {2 * needed / 1e9:.1f} GB while they are made, and {free / 1e9:.1f} GB are free.", "Free some space.")
