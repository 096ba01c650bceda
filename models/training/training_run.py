"""What every stage shares: deterministic steps, checkpoints that survive a crash, a CSV of losses, sample grids."""

import csv
import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image


class TrainingRun:
    """One stage's folder: `checkpoint.pt`, `losses.csv`, `grids/`.

    A step depends on nothing but the checkpoint and its own number (`seed + step` seeds torch), so a resumed run
    repeats the losses of one that was never interrupted. Where several processes train together, one of them `writes`.
    """

    def __init__(self, folder: Path, stage: str, seed: int, save_seconds: float = 60.0, writes: bool = True):
        self.folder = Path(folder) / stage
        self.stage = stage
        self.seed = seed
        self.save_seconds = save_seconds
        self.writes = writes
        self.parts: dict[str, torch.nn.Module | torch.optim.Optimizer] = {}
        self.seconds = 0.0
        self.adopted = 0
        if writes:
            (self.folder / "grids").mkdir(parents=True, exist_ok=True)

    @property
    def checkpoint_path(self) -> Path:
        return self.folder / "checkpoint.pt"

    @property
    def log_path(self) -> Path:
        return self.folder / "losses.csv"

    def resume(self, **parts) -> int:
        """Loads the checkpoint into `parts` when there is one; returns the first step to run.

        A checkpoint made from a published pack (`adopt.py`) has weights and no optimiser; `adopted` is then the step
        that it stands for, from which the rate warms up again.
        """
        self.parts = parts
        if not self.checkpoint_path.exists():
            return 0
        state = torch.load(self.checkpoint_path, map_location=torch.get_default_device(), weights_only=False)
        for name, part in parts.items():
            if name in state:
                part.load_state_dict(state[name])
        self.seconds = state["seconds"]
        self.adopted = state.get("adopted", 0)
        self._truncate_log(state["step"])
        return state["step"]

    def save(self, step: int) -> None:
        """Writes the checkpoint beside its place and renames it, so that a crash leaves the old one."""
        if not self.writes:
            return
        state = {name: part.state_dict() for name, part in self.parts.items()}
        partial = self.checkpoint_path.with_suffix(".partial")
        torch.save({**state, "step": step, "seconds": self.seconds, "adopted": self.adopted}, partial)
        os.replace(partial, self.checkpoint_path)

    def steps(self, first: int, end: int) -> Iterator[int]:
        """Yields step numbers, seeding torch for each, and saves now and then and at the end."""
        saved = previous = time.monotonic()
        for step in range(first, end):
            torch.manual_seed(self.seed * 1_000_003 + step)
            yield step
            now = time.monotonic()
            self.seconds += now - previous
            previous = now
            if now - saved > self.save_seconds:
                self.save(step + 1)
                saved = now
        if first < end:
            self.save(end)

    def log(self, step: int, **values: float) -> None:
        """Appends one row; the first row's names are the header."""
        if not self.writes:
            return
        new = not self.log_path.exists()
        with open(self.log_path, "a", newline="") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(["step", "seconds", *values])
            writer.writerow([step, round(self.seconds, 1), *(round(float(value), 6) for value in values.values())])
        print(f"{self.stage} {step} {self.seconds:.0f}s " + " ".join(f"{k}={float(v):.4f}" for k, v in values.items()), flush=True)

    def grid(self, name: str, images: np.ndarray, columns: int) -> None:
        """Saves uint8 images [n, h, w, 3] as one PNG, twice enlarged."""
        save_grid(self.folder / "grids" / f"{name}.png", images, columns)

    def _truncate_log(self, step: int) -> None:
        """Drops rows that the resumed run will write again."""
        if not self.writes or not self.log_path.exists():
            return
        header, *rows = self.log_path.read_text().splitlines()
        kept = [row for row in rows if int(row.split(",")[0]) < step]
        self.log_path.write_text("\n".join([header, *kept]) + "\n")


def save_grid(path: Path, images: np.ndarray, columns: int, enlarge: int = 2) -> None:
    """Lays uint8 images [n, h, w, 3] out in rows of `columns` and saves them as a PNG."""
    count, height, width, _ = images.shape
    rows = -(-count // columns)
    sheet = np.full((rows * height, columns * width, 3), 255, np.uint8)
    for index, image in enumerate(images):
        row, column = divmod(index, columns)
        sheet[row * height : (row + 1) * height, column * width : (column + 1) * width] = image
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    picture = Image.fromarray(sheet)
    picture.resize((picture.width * enlarge, picture.height * enlarge), Image.Resampling.NEAREST).save(path, optimize=True)


def cosine(step: int, total: int, warm_up: int, peak: float, floor: float = 0.02) -> float:
    """Learning rate: linear warm-up, then a cosine from `peak` to `floor * peak`."""
    if step < warm_up:
        return peak * (step + 1) / warm_up
    progress = min(1.0, (step - warm_up) / max(1, total - warm_up))
    return peak * (floor + (1 - floor) * 0.5 * (1 + np.cos(np.pi * progress)))


def constant_then_down(step: int, total: int, warm_up: int, peak: float, down: float = 0.3, floor: float = 0.02) -> float:
    """Learning rate: linear warm-up, `peak`, and a straight way down to `floor * peak` over the last `down` of the steps."""
    left = (total - step) / max(1.0, total * down)
    return peak * min(1.0, (step + 1) / warm_up, max(floor, left))


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Gives every parameter group this learning rate."""
    for group in optimizer.param_groups:
        group["lr"] = rate
