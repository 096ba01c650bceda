"""Pictures come from files, tar shards and parquet alike, in an order that is known at any place of a run."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
from convert.refusal import Refusal
from PIL import Image

from training.photographs.backbone import PictureInput
from training.photographs.picture_files import open_pictures
from training.photographs.picture_order import PictureOrder
from training.photographs.picture_views import PictureViews, open_square

VIEW = PictureInput(8, (0.5,) * 3, (0.5,) * 3, "bicubic")


def encoded(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


CONTENTS = [encoded(Image.new("RGB", (12, 10), (number * 5, 0, 0))) for number in range(30)]


def write_tars(folder: Path) -> None:
    for start in (0, 10, 20):
        with tarfile.open(folder / f"{start:03}.tar", "w") as archive:
            for number, content in enumerate(CONTENTS[start : start + 10], start):
                for name, data in ((f"{number}.png", content), (f"{number}.txt", b"a caption that nobody reads")):
                    entry = tarfile.TarInfo(name)
                    entry.size = len(data)
                    archive.addfile(entry, io.BytesIO(data))


def write_parquet(folder: Path) -> None:
    column = [{"bytes": content, "path": f"{number}.png"} for number, content in enumerate(CONTENTS)]
    pyarrow.parquet.write_table(pyarrow.table({"label": list(range(30)), "image": column}), folder / "train.parquet", row_group_size=10)


def write_files(folder: Path) -> None:
    for number, content in enumerate(CONTENTS):
        (folder / f"{number:03}.png").write_bytes(content)


@pytest.mark.parametrize("write", (write_files, write_tars, write_parquet))
def test_every_kind_gives_the_same_pictures(write, tmp_path: Path) -> None:
    write(tmp_path)
    for _ in range(2):
        files = open_pictures(tmp_path, tmp_path / "index.npz")
        found = [files.read(shard, entry) for shard, count in enumerate(files.counts) for entry in range(count)]
        assert found == CONTENTS


def test_a_place_without_pictures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("none here")
    with pytest.raises(Refusal, match="no pictures"):
        open_pictures(tmp_path, tmp_path / "index.npz")


def test_an_epoch_has_every_picture_once_and_none_that_is_held_out() -> None:
    order = PictureOrder([7, 30, 1, 12] * 10, seed=4, held_out=20)
    everything = {(shard, entry) for shard, count in enumerate(order.counts) for entry in range(count)}
    epochs = [[order.at(epoch * order.size + place) for place in range(order.size)] for epoch in range(2)]
    for pictures in epochs:
        assert len(set(pictures)) == len(pictures) == 480
        assert set(pictures) | set(order.held_out) == everything and not set(pictures) & set(order.held_out)
    assert epochs[0] != epochs[1]


def test_any_place_is_known_without_the_ones_before_it() -> None:
    counts = [40] * 50
    order = PictureOrder(counts, seed=4, held_out=20)
    straight = [order.at(number) for number in range(5000)]
    for number in (4999, 3, 2100, 0):
        assert PictureOrder(counts, seed=4, held_out=20).at(number) == straight[number]
    assert PictureOrder(counts, seed=5, held_out=20).at(0) != straight[0] or PictureOrder(counts, seed=5, held_out=20).at(1) != straight[1]


def test_a_broken_picture_gives_its_place_to_the_next_and_is_counted(tmp_path: Path) -> None:
    write_files(tmp_path)
    order = PictureOrder([30], seed=1, held_out=2)
    shard, entry = order.at(5)
    (tmp_path / f"{entry:03}.png").write_bytes(CONTENTS[entry][:40])
    views = PictureViews(open_pictures(tmp_path, tmp_path / "index.npz"), order, VIEW, 8)
    seen, _, broken = views[5]
    after, _, none = views[6]
    assert (broken, none) == (1, 0) and np.array_equal(seen, after)


def test_pictures_are_upright_on_white_and_square() -> None:
    clear = Image.new("RGBA", (6, 4), (0, 0, 0, 0))
    assert open_square(encoded(clear)).getpixel((0, 0)) == (255, 255, 255)
    turned = Image.new("RGB", (4, 8), "red")
    turned.paste("blue", (0, 0, 4, 4))
    exif = turned.getexif()
    exif[0x0112] = 3
    file = io.BytesIO()
    turned.save(file, "PNG", exif=exif)
    square = open_square(file.getvalue())
    assert square.size == (4, 4) and square.getpixel((0, 0)) == (255, 0, 0) and square.getpixel((0, 3)) == (0, 0, 255)
