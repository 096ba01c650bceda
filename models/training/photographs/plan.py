"""What a run would take, told before it is begun: operations and memory counted on networks without numbers, time and cost from them."""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from convert.refusal import Refusal
from diffusers import AutoencoderKL, DDPMScheduler, DiffusionPipeline, UNet2DConditionModel
from torch.utils.flop_counter import FlopCounterMode
from transformers import AutoConfig, CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from .allowed_words import allowed_ids
from .backbone import CLASSES, TIMM, Backbone, PictureInput, load_backbone
from .frozen_decoder import Frozen, FrozenDecoder
from .pooler import PhotographPooler, trainable_numbers
from .relaxation import text_loss
from .settings import Settings, pictures_taught
from .word_search import SearchSettings

# Dense bfloat16 tensor operations a second (×10¹²) and memory (GB) by the makers' data sheets.
GPUS = {
    "3090": (71, 24),
    "4090": (165, 24),
    "5090": (209, 32),
    "a10": (125, 24),
    "l4": (121, 24),
    "l40s": (362, 48),
    "a100": (312, 80),
    "h100": (989, 80),
    "h200": (989, 141),
}
# The share of that which training of diffusion models usually reaches; a pilot's own seconds are better.
REACHED = 0.35
# Weight, gradient, its copy for the exchange, two moments of Adam and the average, in single precision.
BYTES_A_TRAINED = 24
# Assumed for allocators, the autoencoder's own pass and whatever else was not counted.
REST_GB = 2.0
PAPER_PICTURES = 2048 * 500_000
PAPER_FID = {5: 9.19, 15: 7.42, 45: 6.95, 75: 6.43}


@dataclass(frozen=True)
class Demand:
    """What one picture takes: operations, and bytes kept between the way there and the way back; and the bytes of all weights."""

    operations: float
    kept: float
    weights: float
    trained: int
    asking: float = 0.0
    """Operations of one loss that a search asks for, of which a picture takes `evaluations_a_picture`; 0 where nothing is searched."""


def plan_run(settings: Settings, demand: Demand, gpus: str, price: float | None, micro_batch: int, run: Path | None) -> str:
    """Sentences for a person. `gpus` is a number and a name of `GPUS`, as 8xh100; `run` a pilot's folder, whose losses and seconds are then used."""
    count, name = _parse(gpus)
    speed, memory = GPUS[name]
    if settings.batch % (count * micro_batch):
        raise Refusal("request-invalid", f"A batch of {settings.batch} cannot be shared among {count} devices {micro_batch} at a time.", "Name another --batch or --micro-batch.")
    searching = demand.asking * evaluations_a_picture() * settings.searched
    seconds = (demand.operations * settings.batch * settings.steps + searching) / (count * speed * 1e12 * REACHED)
    needed = (demand.weights + micro_batch * demand.kept) / 1e9 + REST_GB
    most = math.floor((memory - REST_GB - demand.weights / 1e9) * 1e9 / demand.kept)
    lines = [
        f"{settings.steps:,} steps of {settings.batch:,} pictures ({settings.steps * settings.batch / 1e6:,.1f} million) on {count} x {name}.",
        *_told_of_search(settings, demand, searching * 1e-12 / (count * speed * REACHED)),
        f"To train: {demand.trained / 1e6:,.1f} million numbers. A picture takes {demand.operations / 1e12:.2f} x 10^12 operations.",
        f"Memory: about {needed:.1f} of {memory} GB with {micro_batch} pictures at once{'' if needed <= memory else ', which does not fit'}; "
        + (f"{max(0, most)} would fit." if demand.asking == 0 else "on top comes what the decoder needs to judge texts, which is kept for no way back."),
        f"Gradient accumulation: {settings.batch // (count * micro_batch)} parts a step.",
        f"Time: {_span(seconds)} at {REACHED:.0%} of the makers' figures; no less than {_span(seconds * REACHED)}.",
        f"Cost: {seconds / 3600 * count:,.0f} GPU hours{'' if price is None else f', {seconds / 3600 * count * price:,.0f} at {price:g} an hour'}."
        + ("" if price is not None else " Name the price of an hour with --price."),
        *_expected(settings, run),
    ]
    return "\n".join(lines)


def _told_of_search(settings: Settings, demand: Demand, seconds: float) -> list[str]:
    if demand.asking == 0:
        return []
    asked = f"{settings.searched:,} pictures x {evaluations_a_picture()} losses of {demand.asking / 1e12:.2f} x 10^12 operations"
    return [f"Search and distil in {settings.rounds} rounds: {asked}, {_span(seconds)} of the time below; what is found is learned {settings.steps * settings.batch / settings.searched:.0f} times."]


def evaluations_a_picture() -> int:
    """Losses that a search asks for a picture at the most."""
    search = SearchSettings()
    looks = (1 + search.sweep.rivals) * len(search.sweep.first_levels) + (1 + search.sweep.finalists) * len(search.sweep.last_levels)
    return search.depth * looks


def count_demand(settings: Settings, saves_memory: bool) -> Demand:
    """Counts one picture's step on networks that have shapes and no numbers; nothing but configs and the vocabulary is read."""
    kind = torch.bfloat16 if settings.half else torch.float32
    decoder, backbone = _empty_decoder(settings.decoder).to(kind), _empty_backbone(settings.backbone).to(kind)
    side = settings.side or decoder.side
    frozen, allowed = Frozen(backbone, decoder, side), allowed_ids(decoder.vocabulary, settings.words)
    with torch.device("meta"):
        poolers = [PhotographPooler(length, backbone.width, settings.width, settings.blocks, allowed) for length in settings.tokens]
    kept_whole = [_run_once(settings, frozen, pooler)[1] for pooler in poolers]
    if saves_memory:
        decoder.save_memory()
        for pooler in poolers:
            pooler.saves_memory = True
    found = [_run_once(settings, frozen, pooler) for pooler in poolers]
    # A block that is computed again keeps its inner values for a moment: about a quarter of what is saved, for the largest of them.
    kept = max(part[1] + (whole - part[1]) / 4 for part, whole in zip(found, kept_whole))
    trained = sum(trainable_numbers(pooler) for pooler in poolers)
    frozen_bytes = sum(parameter.numel() for part in (decoder, backbone) for parameter in part.parameters()) * (2 if settings.half else 4)
    is_search = settings.method == "search"
    asking = _asked_once(frozen, poolers[-1]) if is_search else 0.0
    return Demand(_seen_once(frozen, is_search) + sum(part[0] for part in found), kept, frozen_bytes + trained * BYTES_A_TRAINED, trained, asking)


def _run_once(settings: Settings, frozen: Frozen, pooler: PhotographPooler) -> tuple[float, float]:
    """Operations there and back, and bytes kept in between, for one picture and one length."""
    kept: dict[int, int] = {}
    networks = (frozen.decoder, pooler)
    weights = {parameter.untyped_storage()._cdata for network in networks for parameter in network.parameters()}
    # Held until all are counted, so that none takes the name of one that is gone.
    held = []

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage._cdata not in weights:
            held.append(storage)
            kept[storage._cdata] = storage.nbytes()
        return tensor

    side = frozen.side // frozen.decoder.pixels_a_latent
    latents = torch.empty(1, frozen.decoder.unet.config.in_channels, side, side, device="meta")
    features = torch.empty(1, frozen.backbone.grid**2, frozen.backbone.width, device="meta")
    gumbel = torch.empty(1, pooler.length, len(pooler.allowed), device="meta")
    timesteps = torch.zeros(1, dtype=torch.long, device="meta")
    with FlopCounterMode(display=False) as counter:
        with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
            if settings.method == "search":
                loss = pooler(features)[0].log_softmax(-1).sum()
            else:
                loss = text_loss(settings, frozen, pooler, features, latents, gumbel, torch.empty_like(latents), timesteps, 1.0)
        loss.backward()
    return float(counter.get_total_flops()), float(sum(kept.values()))


def _asked_once(frozen: Frozen, pooler: PhotographPooler) -> float:
    """Operations of one loss of one text, without a way back."""
    side = frozen.side // frozen.decoder.pixels_a_latent
    latents = torch.empty(1, frozen.decoder.unet.config.in_channels, side, side, device="meta")
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        conditions = frozen.decoder.conditions_of_ids(torch.zeros(1, pooler.length, dtype=torch.long, device="meta"), frozen.side)
        frozen.decoder.errors(latents, torch.empty_like(latents), torch.zeros(1, dtype=torch.long, device="meta"), conditions)
    return float(counter.get_total_flops())


def _seen_once(frozen: Frozen, is_search: bool) -> float:
    """Operations of what a step passes once for every picture: the backbone and, where its loss is asked in the step, the autoencoder's encoder."""
    kind, view = frozen.decoder.unet.dtype, frozen.backbone.picture
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        frozen.backbone(torch.empty(1, 3, view.side, view.side, dtype=kind, device="meta"))
        if not is_search:
            frozen.decoder.latents(torch.empty(1, 3, frozen.side, frozen.side, device="meta"))
    return float(counter.get_total_flops())


def _empty_decoder(name: str) -> FrozenDecoder:
    two = DiffusionPipeline.load_config(name).get("text_encoder_2", [None, None])[1] is not None
    kinds = [("text_encoder", CLIPTextModel), ("text_encoder_2", CLIPTextModelWithProjection)][: 2 if two else 1]
    tokenizers = [CLIPTokenizer.from_pretrained(name, subfolder=folder.replace("text_encoder", "tokenizer")) for folder, _ in kinds]
    with torch.device("meta"):
        encoders = [kind(CLIPTextConfig.from_pretrained(name, subfolder=folder)) for folder, kind in kinds]
        unet = UNet2DConditionModel.from_config(UNet2DConditionModel.load_config(name, subfolder="unet"))
        vae = AutoencoderKL.from_config(AutoencoderKL.load_config(name, subfolder="vae"))
    return FrozenDecoder(unet, vae, encoders, tokenizers, DDPMScheduler.load_config(name, subfolder="scheduler"))


def _empty_backbone(name: str) -> Backbone:
    """timm gives no config without its weights, so that kind is loaded and then emptied."""
    if name.startswith(TIMM):
        return load_backbone(name).to("meta")
    config = AutoConfig.from_pretrained(name)
    if config.model_type not in CLASSES:
        raise Refusal("request-invalid", f"{name} is a {config.model_type}, which is not known here.", "CLIP, SigLIP and DINOv2 are.")
    config = getattr(config, "vision_config", config)
    with torch.device("meta"):
        network = CLASSES[config.model_type](config)
    return Backbone(network, PictureInput(config.image_size, (0.5,) * 3, (0.5,) * 3, "bicubic"))


def _expected(settings: Settings, run: Path | None) -> list[str]:
    """What may come of it: by the pilot's own losses, and what the paper's whole run reached."""
    lines = []
    log = None if run is None else Path(run) / "pooler/losses.csv"
    if log is not None and log.exists():
        with log.open() as file:
            rows = [(int(row["step"]) + 1, float(row["loss"]), float(row["seconds"])) for row in csv.DictReader(file)]
        steps, losses, seconds = (np.array(column) for column in zip(*rows))
        lines.append(f"The pilot took {seconds[-1] / max(1, steps[-1]):.2f} s a step on its own devices; {_span(seconds[-1] / steps[-1] * settings.steps)} for all steps there.")
        # A search's own loss tells how well the last round's words are learned, and rises when better ones are found.
        fit = fit_losses(steps, losses) if settings.method == "relaxation" else None
        if fit is not None:
            exponent, error, level = fit
            wanted = level * settings.steps**exponent
            lines.append(f"By the pilot's losses (step to the power of {exponent:.3f} +- {error:.3f}) the loss would be {wanted:.4f} at the end; it is {losses[-1]:.4f} now.")
    if not lines:
        lines.append("No figures are expected yet: train a pilot of some hundred steps, and plan again with its --run.")
    known = ", ".join(f"{fid} at {length}" for length, fid in PAPER_FID.items())
    lines.append(f"The paper's encoder saw {PAPER_PICTURES / pictures_taught(settings):,.1f} times as many pictures. Its FID by tokens: {known}; people's captions 8.08.")
    return lines


def fit_losses(steps: np.ndarray, losses: np.ndarray) -> tuple[float, float, float] | None:
    """A power law through a log: exponent, its standard error, and the level at step 1; None for fewer than six points.

    Losses of single steps are noisy, so means of windows that each double their end are fitted; the first windows, where the rate still warms up, are left out.
    """
    ends = [int(2 ** (power / 2)) for power in range(4, 2 * int(math.log2(max(2, steps[-1]))) + 1)]
    points = [(math.sqrt(start * end), losses[(steps > start) & (steps <= end)]) for start, end in zip(ends, ends[1:])]
    points = [(at, part.mean()) for at, part in points if len(part)]
    if len(points) < 6:
        return None
    x, y = (np.log([point[index] for point in points[2:]]) for index in (0, 1))
    (slope, level), covariance = np.polyfit(x, y, 1, cov="unscaled")
    spread = np.square(y - slope * x - level).sum() / max(1, len(x) - 2)
    return float(slope), float(np.sqrt(covariance[0, 0] * spread)), float(np.exp(level))


def _parse(gpus: str) -> tuple[int, str]:
    count, _, name = gpus.lower().partition("x")
    if not count.isdigit() or int(count) < 1 or name not in GPUS:
        raise Refusal("request-invalid", f"{gpus} is no number of known GPUs.", f"Name one as 8xh100; known are {', '.join(GPUS)}.")
    return int(count), name


def _span(seconds: float) -> str:
    for size, name in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.1f} {name}"
    return f"{seconds:.1f} seconds"
