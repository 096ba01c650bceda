"""What the poolers' texts are worth on pictures that training never saw: by the decoder's loss, and by redraws."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from ..training_run import save_grid
from .backbone import Backbone
from .frozen_decoder import Frozen
from .picture_views import Views, as_seen

# Shares of the decoder's timesteps at which a text's loss is asked; each picture has the same noise for every text.
LEVELS = (0.2, 0.4, 0.6, 0.8)
NOISE_SEED = 5
GRID_COLUMNS = 8
GRID_PICTURES = 32


@dataclass(frozen=True)
class Redrawing:
    """How held-out pictures are drawn again from their texts."""

    count: int = 32
    steps: int = 30
    guidance: float = 3.0
    """The paper's best FID was at 3."""
    batch: int = 8


@torch.no_grad()
def read_ids(frozen: Frozen, pooler: nn.Module, seen: torch.Tensor, batch: int = 16) -> torch.Tensor:
    """The likeliest token ids [pictures, length]."""
    weights = next(frozen.backbone.parameters())
    parts = [pooler(frozen.backbone(part.to(weights)).float())[0].argmax(-1) for part in seen.split(batch)]
    return pooler.allowed[torch.cat(parts)]


@torch.no_grad()
def compare_texts(frozen: Frozen, poolers: nn.ModuleDict, views: Views, batch: int = 8) -> dict[str, float]:
    """Mean losses of each picture's own text, of another picture's, and of none, for each length; and what the own text saves.

    `saves` and `savesAgainstOther` are paired differences, `…Error` their standard errors. A text that says nothing of its picture saves nothing against
    another's.
    """
    found: dict[str, float] = {}
    none = torch.empty(len(views.drawn), 0, dtype=torch.long, device=next(frozen.decoder.parameters()).device)
    empty = _losses(frozen, none, views.drawn, batch)
    found["empty"] = float(empty.mean())
    for name, pooler in poolers.items():
        ids = read_ids(frozen, pooler, views.seen)
        own, other = (_losses(frozen, texts, views.drawn, batch) for texts in (ids, ids.roll(1, 0)))
        found |= {f"own{name}": float(own.mean()), f"other{name}": float(other.mean())}
        for label, saved in ((f"saves{name}", empty - own), (f"savesAgainstOther{name}", other - own)):
            found |= {label: float(saved.mean()), f"{label}Error": float(saved.std() / len(saved) ** 0.5)}
    return found


def _losses(frozen: Frozen, ids: torch.Tensor, drawn: torch.Tensor, batch: int) -> torch.Tensor:
    """Each picture's loss given exact ids, mean over the levels, [pictures]."""
    parts = []
    timesteps = frozen.decoder.schedule.config.num_train_timesteps
    for start in range(0, len(drawn), batch):
        latents = frozen.decoder.latents(drawn[start : start + batch].to(ids.device))
        conditions = frozen.decoder.conditions_of_ids(ids[start : start + batch], frozen.side)
        sums = torch.zeros(len(latents), device=latents.device)
        for index, level in enumerate(LEVELS):
            noise = _noise(latents.shape, (start * len(LEVELS)) + index).to(latents.device)
            steps = torch.full((len(latents),), int(level * timesteps), device=latents.device)
            sums += frozen.decoder.errors(latents, noise, steps, conditions)
        parts.append(sums / len(LEVELS))
    return torch.cat(parts)


def _noise(shape: torch.Size, number: int) -> torch.Tensor:
    """Made on the processor, so that every device has the same."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(NOISE_SEED * 1_000_003 + number))


@torch.no_grad()
def redraw(frozen: Frozen, pooler: nn.Module, views: Views, judge: Backbone, plan: Redrawing) -> tuple[np.ndarray, dict[str, float]]:
    """Redraws as uint8 [count, h, w, 3], and how near they are to their originals by the judge.

    The judge sees originals and redraws at the same side. `similarity` is the cosine of mean features of a redraw and its original, `similarityToOther` that of a
    redraw and another original, which is what no text at all would reach. `distance` is Fréchet's between both sets of features (not the FID, which is of
    Inception's); it is there when there are at least twice as many pictures as features.
    """
    ids = read_ids(frozen, pooler, views.seen)[: plan.count]
    side = frozen.side // frozen.decoder.pixels_a_latent
    pictures, embeds = [], []
    for start in range(0, len(ids), plan.batch):
        part = ids[start : start + plan.batch]
        noise = _noise((len(part), frozen.decoder.unet.config.in_channels, side, side), 7_000_000 + start).to(ids.device)
        drawn = frozen.decoder.draw(part, noise, plan.steps, plan.guidance)
        pictures.append(_to_bytes(drawn))
        embeds.append(_embed(judge, as_seen(drawn, judge.picture)))
    found = torch.cat(embeds)
    originals = torch.cat([_embed(judge, as_seen(part.to(ids.device), judge.picture)) for part in views.drawn[: len(ids)].split(plan.batch)])
    figures = {
        "redrawn": len(ids),
        "similarity": float((found * originals).sum(-1).mean()),
        "similarityToOther": float((found * originals.roll(1, 0)).sum(-1).mean()),
    }
    if len(ids) >= 2 * found.shape[1]:
        figures["distance"] = frechet(found.double().cpu().numpy(), originals.double().cpu().numpy())
    return np.concatenate(pictures), figures


def frechet(first: np.ndarray, second: np.ndarray) -> float:
    """Fréchet distance of two sets of vectors [n, d], each taken as a normal distribution (Heusel et al. 2017)."""
    gap = first.mean(0) - second.mean(0)
    one, two = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
    # The root of a product of two covariances has the roots of the product's eigenvalues.
    values = np.linalg.eigvals(one @ two).real.clip(0)
    return float(gap @ gap + np.trace(one) + np.trace(two) - 2 * np.sqrt(values).sum())


def save_redraws(path: Path, originals: torch.Tensor, redraws: np.ndarray) -> None:
    """A PNG with a row of originals (pixels in -1..1) over each row of redraws."""
    shown = _to_bytes(originals[: len(redraws)])[:GRID_PICTURES]
    columns = min(GRID_COLUMNS, len(shown))
    rows = [part[start : start + columns] for start in range(0, len(shown) - len(shown) % columns, columns) for part in (shown, redraws)]
    save_grid(path, np.concatenate(rows), columns, enlarge=1)


def _embed(judge: Backbone, seen: torch.Tensor) -> torch.Tensor:
    return functional.normalize(judge(seen.to(next(judge.parameters()))).float().mean(1), dim=-1)


def _to_bytes(pixels: torch.Tensor) -> np.ndarray:
    return ((pixels / 2 + 0.5) * 255).round().clamp(0, 255).byte().permute(0, 2, 3, 1).cpu().numpy()
