"""One run from its settings to a pack, on however many devices."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from convert.refusal import Refusal
from torch import nn

from ..export_pack import write_json
from .allowed_words import allowed_ids
from .backbone import load_backbone
from .frozen_decoder import Frozen, load_decoder
from .guide import Guide
from .held_out import Redrawing, compare_texts, redraw, save_redraws
from .picture_files import open_pictures
from .picture_order import PictureOrder
from .picture_views import PictureViews
from .pooler import trainable_numbers
from .processes import Processes
from .relaxation import Relaxation
from .relaxed_text import LONGEST
from .search_teacher import Search
from .settings import Settings, pictures_taught
from .training_loop import Pace, Teacher, make_poolers, train
from .write_pack import write_pack

# So many held-out pictures are looked at while training goes on; all of them at its end.
LOOKED_AT = 64


@dataclass(frozen=True)
class Order:
    """What a person asked for."""

    settings: Settings
    pace: Pace
    redrawing: Redrawing
    run: Path
    out: Path
    judge: str | None
    saves_memory: bool


def carry_out(order: Order) -> None:
    """Trains, measures and writes the pack; goes on where an earlier try of the same run ended. Raises Refusal for what cannot be done."""
    _require(order)
    processes = Processes.join()
    decoder, backbone = load_decoder(order.settings.decoder), load_backbone(order.settings.backbone)
    settings = replace(order.settings, side=order.settings.side or decoder.side)
    share = order.pace.micro_batch * processes.world
    if settings.side % decoder.pixels_a_step:
        raise Refusal("request-invalid", f"This decoder cannot take pictures of {settings.side} pixels.", f"Name a multiple of {decoder.pixels_a_step} with --side.")
    if settings.batch % share:
        message = f"A batch of {settings.batch} cannot be shared among {processes.world} devices {order.pace.micro_batch} at a time."
        raise Refusal("request-invalid", message, f"Name a multiple of {share} with --batch, or another --micro-batch.")
    if processes.is_first:
        settings.keep(order.run)
    if settings.half:
        decoder.bfloat16(), backbone.bfloat16()
    decoder.to(processes.device), backbone.to(processes.device)
    frozen = Frozen(backbone, decoder, settings.side)
    files = _open_once(order, processes)
    pictures = PictureViews(files, PictureOrder(files.counts, settings.seed, settings.held_out), backbone.picture, settings.side)
    poolers = make_poolers(settings, frozen, allowed_ids(decoder.vocabulary, settings.words)).to(processes.device)
    if order.saves_memory:
        decoder.save_memory()
        for pooler in poolers.values():
            pooler.saves_memory = True
    if processes.is_first:
        print(f"{sum(files.counts):,} pictures, {trainable_numbers(poolers):,} numbers to train, {processes.world} x {processes.device.type}", flush=True)
    few = pictures.held_out(min(LOOKED_AT, settings.held_out)) if processes.is_first else None

    def look(smoothed: nn.Module, step: int) -> dict[str, float]:
        found = compare_texts(frozen, smoothed, few)
        with (order.run / "held-out.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"step": step + 1, **found}) + "\n")
        return found

    teacher = _teacher(order, settings, frozen, poolers, pictures, processes)
    smoothed = train(settings, order.pace, teacher, poolers, pictures, order.run, processes, look)
    processes.leave()
    if processes.is_first:
        _finish(order, settings, frozen, smoothed, pictures, processes)


def _teacher(order: Order, settings: Settings, frozen: Frozen, poolers: nn.ModuleDict, pictures: PictureViews, processes: Processes) -> Teacher:
    if settings.method == "relaxation":
        return Relaxation(settings, frozen)
    names = {index: token.removesuffix("</w>") for token, index in frozen.decoder.vocabulary.items()}
    words = [names[index] for index in next(iter(poolers.values())).allowed.tolist()]
    guide = Guide(settings.guide, words, processes.device) if settings.guide else None
    return Search(settings, order.pace, frozen, pictures, order.run, processes, guide)


def _finish(order: Order, settings: Settings, frozen: Frozen, poolers: nn.ModuleDict, pictures: PictureViews, processes: Processes) -> None:
    """Measures on all held-out pictures, redraws some of them, and writes the pack."""
    judge = frozen.backbone if order.judge is None else load_backbone(order.judge).to(processes.device)
    views = pictures.held_out(settings.held_out)
    figures: dict = {"heldOut": len(views.seen), "pictures": pictures_taught(settings), **compare_texts(frozen, poolers, views)}
    figures["judge"] = order.judge or f"{settings.backbone} (the reader's own backbone, which flatters)"
    for name, pooler in poolers.items():
        redraws, measured = redraw(frozen, pooler, views, judge, order.redrawing)
        figures |= {f"{label}{name}": value for label, value in measured.items()}
        save_redraws(order.run / f"redraws-{name}.png", views.drawn, redraws)
    write_json(order.run / "evaluation.json", figures)
    print(json.dumps(figures, indent=1), flush=True)
    drawing = {"steps": order.redrawing.steps, "guidance": order.redrawing.guidance, "scheduler": "ddim", "negative": ""}
    write_pack(order.out, settings, frozen.backbone, poolers, frozen.decoder, drawing, figures, views.seen[:1])
    print(f"The pack is in {order.out}.", flush=True)


def _require(order: Order) -> None:
    """Raises Refusal for what can be told before anything is loaded."""
    if any(not 0 < length <= LONGEST - 2 for length in order.settings.tokens):
        raise Refusal("request-invalid", f"Texts of {order.settings.tokens} tokens were asked for.", f"CLIP reads 1 to {LONGEST - 2} of them.")
    if not 0 <= order.settings.noise_low < order.settings.noise_high <= 1:
        raise Refusal("request-invalid", "The noise levels are no range.", "Name --noise-low and --noise-high between 0 and 1.")
    if order.settings.method == "search" and not 0 < order.settings.rounds <= order.settings.steps:
        raise Refusal("request-invalid", f"{order.settings.rounds} rounds cannot share {order.settings.steps} steps.", "Name fewer with --rounds.")
    if not order.settings.images:
        raise Refusal("request-invalid", "There are no pictures to train on.", "Name them with --images.")
    if (order.out / "pack.json").exists():
        raise Refusal("request-invalid", f"{order.out} is a pack already.", "Name another folder with --out, or remove that one.")


def _open_once(order: Order, processes: Processes):
    """The first process reads the headers of tar shards; the others find them read."""
    index = order.run / "pictures.npz"
    if processes.is_first:
        order.run.mkdir(parents=True, exist_ok=True)
        open_pictures(Path(order.settings.images), index)
    processes.wait()
    return open_pictures(Path(order.settings.images), index)
