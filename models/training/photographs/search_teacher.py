"""Search and distil: in each round the poolers' texts of some pictures are searched by the decoder's loss, and what was found is learned many times over.

A word that is tried costs one run of the decoder and no way back through it, and what it gained is kept: that is why far
fewer pictures teach more than under the relaxation, whose gradient is used once.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from .frozen_decoder import Frozen
from .guide import Guide
from .picture_views import PictureViews, Views, stream
from .processes import Processes
from .settings import TOGETHER, Settings, round_sizes
from .training_loop import Pace
from .word_search import PictureJudge, SearchSettings, Tried, gains_loss, search_words

SEED = 500_000_000
# How much gain makes a word e times likelier, as a share of the first round's root mean square: losses of decoders have scales of their own.
SOFTNESS = 0.3
# Texts judged at once for each picture of the micro-batch: nothing is kept for a way back.
TEXTS_A_PICTURE = 8


class Search:
    """A teacher (`training_loop.py`). The longest pooler's texts are searched; shorter ones learn their first places from them."""

    def __init__(self, settings: Settings, pace: Pace, frozen: Frozen, pictures: PictureViews, run: Path, processes: Processes, guide: Guide | None):
        self.settings, self.pace, self.frozen, self.pictures = settings, pace, frozen, pictures
        self.folder, self.processes, self.guide = Path(run) / "found", processes, guide
        self.search = SearchSettings()
        self.files_a_round, self.steps_a_round = round_sizes(settings)
        self.found: Tried | None = None
        self.evaluations, self.softness = 0, 1.0

    def prepare(self, step: int, poolers: nn.ModuleDict) -> None:
        """Searches what the step's round lacks, and reads what all processes have found."""
        files = (self._round(step) + 1) * self.files_a_round
        if self.found is not None and len(self.found.first) == files * TOGETHER:
            return
        self._search(files - self.files_a_round, files, poolers)
        self.processes.wait()
        self._read(files)

    def numbers(self, step: int) -> Sequence[int]:
        size = (self._round(step) + 1) * self.files_a_round * TOGETHER
        return torch.randint(size, (self.settings.batch,), generator=torch.Generator().manual_seed(self.settings.seed * 1_000_003 + step)).tolist()

    def losses(self, poolers: nn.ModuleDict, views: Views, numbers: Sequence[int], step: int) -> Iterator[torch.Tensor]:
        features, rows = self.frozen.features(views.seen), torch.tensor(numbers)
        device = features.device
        tried = Tried(*(part[rows].to(device) for part in (self.found.first, self.found.words, self.found.gains)))
        half = self.frozen.decoder.unet.dtype == torch.bfloat16
        for pooler in poolers.values():
            with torch.autocast(device.type, torch.bfloat16, enabled=half):
                logits, _ = pooler(features)
            yield gains_loss(logits, tried, self.softness, tried.words.shape[1])

    def told(self, step: int) -> dict[str, float]:
        """Losses asked of the decoder so far, and what the best word of a place gained in the last round."""
        last = self.found.gains[-self.files_a_round * TOGETHER :]
        return {"evaluations": self.evaluations, "gained": float(last.amax(-1).clamp(min=0).mean())}

    def _round(self, step: int) -> int:
        return min(step // self.steps_a_round, self.settings.rounds - 1)

    def _search(self, begin: int, end: int, poolers: nn.ModuleDict) -> None:
        """Files `begin` to `end - 1`, as far as they are this process's and not there yet."""
        mine = [at for at in range(begin, end) if at % self.processes.world == self.processes.rank and not self._file(at).exists()]
        pooler = max(poolers.values(), key=lambda one: one.length)
        judge = PictureJudge(self.frozen, pooler.allowed.cpu(), self.pace.micro_batch * TEXTS_A_PICTURE)
        batches = [range(at * TOGETHER, (at + 1) * TOGETHER) for at in mine]
        self.folder.mkdir(parents=True, exist_ok=True)
        for done, (at, views) in enumerate(zip(mine, stream(self.pictures, batches, self.pace.workers)), 1):
            views = views.to(self.processes.device)
            with torch.no_grad(), torch.random.fork_rng(devices=[]):
                torch.manual_seed(self.settings.seed * 1_000_003 + SEED + at)
                features = self.frozen.features(views.seen)
                logits = torch.cat([pooler(part)[0].cpu() for part in features.split(self.pace.micro_batch)])
                guided = None if self.guide is None else self.guide.likeliest(views.drawn, self.search.guided)
                latents = torch.cat([self.frozen.decoder.latents(part) for part in views.drawn.split(self.pace.micro_batch)])
                asked = judge.evaluations
                self._keep(at, search_words(judge, latents, logits, guided, self.search), judge.evaluations - asked)
            if self.processes.is_first:
                print(f"searched {done * TOGETHER} of {len(mine) * TOGETHER} pictures of round {begin // self.files_a_round + 1}", flush=True)

    def _keep(self, at: int, tried: Tried, evaluations: int) -> None:
        partial = self._file(at).with_suffix(f".{os.getpid()}.partial.npz")
        arrays = {"first": tried.first.short(), "words": tried.words.int(), "gains": tried.gains.float()}
        np.savez_compressed(partial, evaluations=evaluations, **{name: array.numpy() for name, array in arrays.items()})
        partial.replace(self._file(at))

    def _read(self, files: int) -> None:
        loaded = [self._load(at) for at in range(files)]
        first, words, gains = (torch.from_numpy(np.concatenate([part[name] for part in loaded])) for name in ("first", "words", "gains"))
        self.found = Tried(first.long(), words.long(), gains)
        self.evaluations = sum(int(part["evaluations"]) for part in loaded)
        begun = slice(self.files_a_round * TOGETHER)
        self.softness = SOFTNESS * float(gains[begun][words[begun] >= 0].square().mean().sqrt())

    def _load(self, at: int) -> dict[str, np.ndarray]:
        """Closes the file: a long search has more of them than a process may hold open."""
        with np.load(self._file(at)) as file:
            return dict(file)

    def _file(self, at: int) -> Path:
        return self.folder / f"{at:06}.npz"
