"""Teaches a finished pack to say when a picture is not of its world: `python -m training.inside --pack packs/tiny-scenes --foreign runs/foreign`.

The encoder always answers, with the nearest words it has. Whether they mean anything shows in two things that it
computes anyway: the mean and spread of its patch features, and how sure it is of each of fifteen words. One linear layer
over both tells scenes from pictures of other kinds; neither of the two does alone.
"""

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from .export_pack import write_json
from .foreign_pictures import SOURCES, pictures_of
from .graphs import write_graph
from .half_weights import round_to_half
from .make_pack import INSIDE_GRAPH, INSIDE_HEAD, file_entry
from .pack_runtime import PackRuntime, to_values
from .world.render import render
from .world.split import scene_of
from .world.vary import varied_picture

SCENES, VARIED, EACH_SOURCE, HELD_OUT = 4_000, 3_000, 800, 1_000
# Share of validation scenes that may fall below the threshold.
STRICTNESS = 0.015
FARTHEST = 20.0


class Inside(nn.Module):
    """Patch features [batch, patches, width] and candidates' probabilities [batch, length, k] to the probability 0..1 of being inside."""

    def __init__(self, width: int, length: int):
        super().__init__()
        size = 2 * width + length
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("deviation", torch.ones(size))
        self.linear = nn.Linear(size, 1)

    def describe(self, image_features: torch.Tensor, token_probs: torch.Tensor) -> torch.Tensor:
        """What the layer reads, [batch, 2 × width + length]."""
        centre = image_features.mean(1)
        spread = (image_features - centre[:, None]).square().mean(1).sqrt()
        return torch.cat([centre, spread, token_probs[:, :, 0].clamp(1e-6, 1).log()], 1)

    def forward(self, image_features: torch.Tensor, token_probs: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.logit(self.describe(image_features, token_probs)))

    def logit(self, described: torch.Tensor) -> torch.Tensor:
        """A very strange picture must not be stranger than numbers that training saw."""
        return self.linear(((described - self.mean) / self.deviation).clamp(-FARTHEST, FARTHEST))[:, 0]


def described(inside: Inside, pack: PackRuntime, pictures: np.ndarray, batch: int = 64) -> torch.Tensor:
    """`describe` of uint8 pictures [n, 64, 64, 3] by the pack's own graphs."""
    rows = []
    for first in range(0, len(pictures), batch):
        (features,) = pack.run("encoder/backbone.onnx", pixel_values=to_values(pictures[first : first + batch]))
        _, probabilities, _ = pack.run(f"encoder/pooler_{INSIDE_HEAD}.onnx", image_features=features)
        rows.append(inside.describe(torch.from_numpy(features), torch.from_numpy(probabilities)))
    return torch.cat(rows) if rows else torch.zeros(0, len(inside.mean))


def fit(inside: Inside, scenes: torch.Tensor, foreign: torch.Tensor, steps: int = 500) -> None:
    """Logistic regression, full batch, both kinds counting the same, in units of how much scenes differ among themselves."""
    inside.mean, inside.deviation = scenes.mean(0), scenes.std(0) + 1e-6
    both = torch.cat([scenes, foreign])
    right = torch.cat([torch.ones(len(scenes)), torch.zeros(len(foreign))])
    weight = torch.cat([torch.full((len(scenes),), 0.5 / len(scenes)), torch.full((len(foreign),), 0.5 / len(foreign))])
    optimizer = torch.optim.AdamW(inside.linear.parameters(), lr=1e-2, weight_decay=1e-2)
    for _ in range(steps):
        loss = (functional.binary_cross_entropy_with_logits(inside.logit(both), right, reduction="none") * weight).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def scene_pictures(split: str, first: int, count: int) -> np.ndarray:
    """Scenes as they are, uint8 [count, 64, 64, 3]."""
    return np.stack([render(scene_of(split, seed, 1 / 3)) for seed in range(first, first + count)])


def varied_pictures(split: str, first: int, count: int) -> np.ndarray:
    """Scenes enlarged, compressed and relit, on their own backdrops; fewer than `count`."""
    made = (varied_picture(scene_of(split, seed, 1 / 3), np.random.default_rng((7, seed))) for seed in range(first, first + count))
    return np.stack([picture for picture, _, shown in made if shown == "all"])


@dataclass(frozen=True)
class Measured:
    """Shares called foreign at the threshold, none of whose pictures anything was fitted on."""

    threshold: float
    scenes: float
    varied: float
    foreign: float
    sources: dict[str, tuple[float, int]]


def teach(pack: PackRuntime, foreign: Path, seed: int = 0) -> tuple[Inside, Measured]:
    """Fits on training scenes and `fit` sources, sets the threshold on validation scenes, measures on what is left."""
    torch.manual_seed(seed)
    width = pack.run("encoder/backbone.onnx", pixel_values=np.zeros((1, 3, 64, 64), np.float32))[0].shape[2]
    inside = Inside(width, INSIDE_HEAD)
    scenes = np.concatenate([scene_pictures("train", 70_000_000, SCENES), varied_pictures("train", 71_000_000, VARIED)])
    seen = np.concatenate([pictures_of(source, foreign, EACH_SOURCE, seed) for source in SOURCES if source.role == "fit"])
    fit(inside, described(inside, pack, scenes), described(inside, pack, seen))
    # As the graph will hold them: the threshold is of the numbers that ship.
    round_to_half(inside)

    def score(pictures: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return torch.sigmoid(inside.logit(described(inside, pack, pictures))).numpy()

    threshold = float(np.quantile(score(scene_pictures("validation", 0, HELD_OUT)), STRICTNESS))
    tested = {source.name: score(pictures_of(source, foreign, EACH_SOURCE, seed)) for source in SOURCES if source.role == "test"}
    measured = Measured(
        round(threshold, 6),
        float((score(scene_pictures("heldout", 0, HELD_OUT)) < threshold).mean()),
        float((score(varied_pictures("heldout", 0, HELD_OUT)) < threshold).mean()),
        float((np.concatenate(list(tested.values())) < threshold).mean()),
        {name: (float((scores < threshold).mean()), len(scores)) for name, scores in tested.items() if len(scores)},
    )
    return inside, measured


def write_into_pack(inside: Inside, measured: Measured, folder: Path) -> None:
    """The graph, what was measured, and pack.json with both; everything else stays as it is."""
    width = (len(inside.mean) - INSIDE_HEAD) // 2
    write_graph(
        inside,
        folder / INSIDE_GRAPH,
        {"image_features": torch.randn(2, 64, width), "token_probs": torch.rand(2, INSIDE_HEAD, 10)},
        {"image_features": ("batch_size", None, None), "token_probs": ("batch_size", None, None), "score": ("batch_size",)},
    )
    path = folder / "evaluation.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    write_json(path, known | {"inside": asdict(measured)})
    manifest = json.loads((folder / "pack.json").read_text(encoding="utf-8"))
    manifest["roles"]["encoder"]["inside"] = {"file": INSIDE_GRAPH, "head": INSIDE_HEAD, "threshold": measured.threshold}
    changed = [INSIDE_GRAPH, path.name]
    others = [entry for entry in manifest["files"] if entry["path"] not in changed]
    manifest["files"] = sorted([*others, *(file_entry(folder, folder / name) for name in changed)], key=lambda entry: entry["path"])
    write_json(folder / "pack.json", manifest)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.inside", description=__doc__)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--foreign", type=Path, required=True, help="folder that training.foreign_pictures has filled")
    arguments = parser.parse_args()
    inside, measured = teach(PackRuntime(arguments.pack), arguments.foreign)
    print(f"threshold {measured.threshold:.4f}; called foreign: {measured.scenes:.1%} of held-out scenes, {measured.varied:.1%} of varied ones,")
    print(f"{measured.foreign:.1%} of pictures of sources that were never fitted:")
    for name, (share, count) in measured.sources.items():
        print(f"  {name:20} {share:6.1%} of {count}")
    write_into_pack(inside, measured, arguments.pack)


if __name__ == "__main__":
    main()
