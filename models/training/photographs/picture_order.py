"""In what order pictures come: shuffled by a seed, the same however many devices share them, and known at any place without the ones before."""

from functools import lru_cache

import numpy as np
from convert.refusal import Refusal

# So many shards are shuffled together: pictures of one shard are often alike, and those of all shards would be read all over the disk.
MIXED_SHARDS = 16


class PictureOrder:
    """Gives (shard, entry) for the n-th picture of a run, and the pictures that training never sees.

    Each pass over the pictures has an order of its own. The order depends on the counts and the seed alone.
    """

    def __init__(self, counts: list[int], seed: int, held_out: int):
        total = sum(counts)
        if not 0 < held_out < total:
            message = f"There are {total} pictures, and {held_out} of them were to be held out."
            raise Refusal("request-invalid", message, "Name more pictures, or hold out fewer with --held-out.")
        self.counts, self.seed = np.array(counts), seed
        self.size = total - held_out
        starts = np.concatenate([[0], np.cumsum(self.counts)])
        chosen = np.sort(np.random.default_rng([seed, 0]).choice(total, held_out, replace=False))
        shards = np.searchsorted(starts, chosen, "right") - 1
        self.held_out = [(int(shard), int(place - starts[shard])) for shard, place in zip(shards, chosen)]
        self._left_out: dict[int, list[int]] = {}
        for shard, entry in self.held_out:
            self._left_out.setdefault(shard, []).append(entry)
        self._kept = self.counts - np.array([len(self._left_out.get(shard, ())) for shard in range(len(counts))])

    def at(self, number: int) -> tuple[int, int]:
        """Shard and entry of the run's picture `number`, from 0."""
        epoch, place = divmod(number, self.size)
        shards, ends = self._epoch(epoch)
        group = int(np.searchsorted(ends, place, "right"))
        pictures = self._group(epoch, group)
        shard, entry = pictures[place - (ends[group - 1] if group else 0)]
        return int(shard), int(entry)

    @lru_cache(4)
    def _epoch(self, epoch: int) -> tuple[np.ndarray, np.ndarray]:
        """The order of shards, and where each group of them ends."""
        shards = np.random.default_rng([self.seed, 1, epoch]).permutation(len(self.counts))
        sizes = [self._kept[shards[start : start + MIXED_SHARDS]].sum() for start in range(0, len(shards), MIXED_SHARDS)]
        return shards, np.cumsum(sizes)

    @lru_cache(4)
    def _group(self, epoch: int, group: int) -> np.ndarray:
        """int64 [pictures, 2]: shard and entry of a group's pictures, shuffled."""
        shards, _ = self._epoch(epoch)
        parts = []
        for shard in shards[group * MIXED_SHARDS : (group + 1) * MIXED_SHARDS]:
            entries = np.delete(np.arange(self.counts[shard]), self._left_out.get(int(shard), []))
            parts.append(np.stack([np.full_like(entries, shard), entries], 1))
        return np.random.default_rng([self.seed, 2, epoch, group]).permutation(np.concatenate(parts))
