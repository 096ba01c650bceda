"""One picture as both networks see it: the backbone's square, and the decoder's."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from convert.refusal import Refusal
from PIL import Image, ImageCms, ImageOps
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset

from .backbone import PictureInput
from .picture_files import PictureFiles
from .picture_order import PictureOrder

FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC, "lanczos": Image.Resampling.LANCZOS}
# Data sets have broken files; so many in a row mean that the data set is.
BROKEN_IN_A_ROW = 16


@dataclass(frozen=True)
class Views:
    """Pictures: `seen` [batch, 3, side, side] normalised for the backbone, `drawn` [batch, 3, side, side] in -1..1 for the decoder."""

    seen: torch.Tensor
    drawn: torch.Tensor
    broken: int

    def to(self, device: torch.device) -> "Views":
        return Views(self.seen.to(device, non_blocking=True), self.drawn.to(device, non_blocking=True), self.broken)


def open_square(content: bytes) -> Image.Image:
    """The middle square as the studio reads pictures: upright, in sRGB, on white where it is transparent. Raises OSError for no picture."""
    picture = Image.open(io.BytesIO(content))
    profile = picture.info.get("icc_profile")
    picture = ImageOps.exif_transpose(picture)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    elif profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            picture = ImageCms.profileToProfile(picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB")
        except ImageCms.PyCMSError as error:
            raise OSError("a profile that cannot be read") from error
    picture = picture.convert("RGB")
    side = min(picture.size)
    left, top = ((length - side) // 2 for length in picture.size)
    return picture.crop((left, top, left + side, top + side))


def to_values(square: Image.Image, view: PictureInput) -> torch.Tensor:
    """float32 [3, side, side], normalised."""
    small = square.resize((view.side, view.side), FILTERS[view.resample])
    values = torch.from_numpy(np.asarray(small, np.float32) / 255).permute(2, 0, 1)
    mean, std = (torch.tensor(numbers)[:, None, None] for numbers in (view.mean, view.std))
    return (values - mean) / std


def as_seen(pixels: torch.Tensor, view: PictureInput) -> torch.Tensor:
    """Pixels [batch, 3, side, side] in -1..1 as another network wants them."""
    small = functional.interpolate(pixels, (view.side, view.side), mode="bicubic", antialias=True).clamp(-1, 1)
    mean, std = (torch.tensor(numbers, device=pixels.device)[:, None, None] for numbers in (view.mean, view.std))
    return (small / 2 + 0.5 - mean) / std


def decoder_view(side: int) -> PictureInput:
    """How the autoencoder wants its pictures."""
    return PictureInput(side, (0.5,) * 3, (0.5,) * 3, "bicubic")


class PictureViews(Dataset):
    """The run's n-th picture as (seen, drawn, broken): a picture that cannot be read gives its place to the next, which is counted."""

    def __init__(self, files: PictureFiles, order: PictureOrder, seen: PictureInput, side: int):
        self.files, self.order, self.seen, self.drawn = files, order, seen, decoder_view(side)

    def __getitem__(self, number: int) -> tuple[torch.Tensor, torch.Tensor, int]:
        for broken in range(BROKEN_IN_A_ROW):
            shard, entry = self.order.at(number + broken)
            try:
                square = open_square(self.files.read(shard, entry))
            except (OSError, ValueError, Image.DecompressionBombError):
                continue
            return to_values(square, self.seen), to_values(square, self.drawn), broken
        message = f"{BROKEN_IN_A_ROW} pictures in a row cannot be read, the last of them number {entry} of shard {shard}."
        raise Refusal("file-unreadable", message, "Look at the files named with --images.")

    def held_out(self, count: int) -> Views:
        """The first `count` held-out pictures that can be read."""
        squares = []
        for shard, entry in self.order.held_out:
            if len(squares) == count:
                break
            try:
                squares.append(open_square(self.files.read(shard, entry)))
            except (OSError, ValueError, Image.DecompressionBombError):
                continue
        if len(squares) < 2:
            raise Refusal("file-unreadable", "Fewer than two of the held-out pictures can be read.", "Look at the files named with --images.")
        seen, drawn = (torch.stack([to_values(square, view) for square in squares]) for view in (self.seen, self.drawn))
        return Views(seen, drawn, 0)


def stream(pictures: PictureViews, batches: Iterable[range], workers: int) -> Iterator[Views]:
    """The batches whose numbers are given, in that order, read ahead by `workers` processes (0: by this one)."""
    yield from DataLoader(pictures, batch_sampler=batches, num_workers=workers, collate_fn=_collate)


def _collate(rows: list[tuple[torch.Tensor, torch.Tensor, int]]) -> Views:
    seen, drawn, broken = zip(*rows)
    return Views(torch.stack(seen), torch.stack(drawn), sum(broken))
