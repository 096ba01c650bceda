"""Where training pictures lie: a folder of files, tar shards (as webdataset writes them) or parquet (as the hub's data sets are).

Each is a list of shards with a number of pictures in each, and any picture can be read by its place; what order they come in is
`picture_order.py`'s. Nothing is open before the first picture is read, so that each loading process opens files of its own.
"""

import tarfile
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
from convert.refusal import Refusal

ENDINGS = (".jpg", ".jpeg", ".png", ".webp")
FOLDER_SHARD = 1024
OPEN_GROUPS = 8


class PictureFiles(Protocol):
    """Encoded pictures by shard and place in it."""

    counts: list[int]

    def read(self, shard: int, entry: int) -> bytes: ...


class FolderFiles:
    """Every picture below a folder, in the order of their paths, in shards of 1,024."""

    def __init__(self, files: list[Path]):
        self.files = files
        self.counts = [min(FOLDER_SHARD, len(files) - start) for start in range(0, len(files), FOLDER_SHARD)]

    def read(self, shard: int, entry: int) -> bytes:
        return self.files[shard * FOLDER_SHARD + entry].read_bytes()


class TarFiles:
    """Pictures in tar files; where each begins is read from the headers once and kept in `index`."""

    def __init__(self, shards: list[Path], index: Path):
        self.shards = shards
        names = np.array([f"{path.name} {path.stat().st_size}" for path in shards])
        if index.exists():
            known = np.load(index)
            if np.array_equal(known["names"], names):
                self.counts, self.places = known["counts"].tolist(), known["places"]
                self.starts = np.concatenate([[0], np.cumsum(self.counts)])
                return
        found = [self._scan(path) for path in shards]
        self.counts, self.places = [len(places) for places in found], np.concatenate(found)
        self.starts = np.concatenate([[0], np.cumsum(self.counts)])
        index.parent.mkdir(parents=True, exist_ok=True)
        partial = index.with_suffix(".partial.npz")
        np.savez(partial, names=names, counts=np.array(self.counts), places=self.places)
        partial.replace(index)

    def read(self, shard: int, entry: int) -> bytes:
        offset, length = self.places[self.starts[shard] + entry]
        with self.shards[shard].open("rb") as file:
            file.seek(offset)
            return file.read(length)

    @staticmethod
    def _scan(path: Path) -> np.ndarray:
        """int64 [pictures, 2]: where each begins, and how long it is."""
        with tarfile.open(path, "r:") as archive:
            members = [member for member in archive if member.isfile() and member.name.lower().endswith(ENDINGS)]
        return np.array([(member.offset_data, member.size) for member in members], np.int64).reshape(-1, 2)


class ParquetFiles:
    """Pictures in the rows of parquet files, a shard for each group of rows; a few groups stay in memory."""

    def __init__(self, files: list[Path]):
        if find_spec("pyarrow") is None:
            raise Refusal("request-invalid", "Parquet files need the package pyarrow, which is not installed.", "pip install -r training/requirements.txt")
        self.groups: list[tuple[Path, int]] = []
        self.counts: list[int] = []
        for path in files:
            metadata = _open_parquet(path).metadata
            for group in range(metadata.num_row_groups):
                self.groups.append((path, group))
                self.counts.append(metadata.row_group(group).num_rows)
        self.column = _picture_column(files[0])

    def read(self, shard: int, entry: int) -> bytes:
        path, group = self.groups[shard]
        value = _read_group(path, group, self.column)[entry].as_py()
        return value["bytes"] if isinstance(value, dict) else value


@lru_cache(OPEN_GROUPS)
def _read_group(path: Path, group: int, column: str):
    return _open_parquet(path).read_row_group(group, columns=[column]).column(0)


def _open_parquet(path: Path):
    from pyarrow.parquet import ParquetFile

    return ParquetFile(path)


def _picture_column(path: Path) -> str:
    """The first column of bytes, or of the hub's pairs of bytes and path."""
    import pyarrow.types as types

    for field in _open_parquet(path).schema_arrow:
        inner = [part.name for part in field.type] if types.is_struct(field.type) else []
        if types.is_binary(field.type) or types.is_large_binary(field.type) or "bytes" in inner:
            return field.name
    raise Refusal("file-unreadable", f"{path.name} has no column of pictures.", "A column of bytes, or of bytes and path, is looked for.")


def open_pictures(place: Path, index: Path) -> PictureFiles:
    """The pictures at a folder or a single file. Tar files in it win over parquet, and parquet over loose pictures.

    Raises Refusal where there are none.
    """
    place = Path(place)
    files = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())
    tars = [path for path in files if path.suffix == ".tar"]
    parquets = [path for path in files if path.suffix == ".parquet"]
    loose = [path for path in files if path.suffix.lower() in ENDINGS]
    found = TarFiles(tars, index) if tars else ParquetFiles(parquets) if parquets else FolderFiles(loose)
    if sum(found.counts) == 0:
        raise Refusal("file-unreadable", f"There are no pictures in {place}.", f"Tar shards, parquet files, or files ending in {', '.join(ENDINGS)} are looked for.")
    return found
