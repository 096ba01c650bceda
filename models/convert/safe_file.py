"""Files of tensors: what is in them is told by their header, and nothing but numbers is ever read from one."""

import hashlib
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from .refusal import Refusal

MOST_HEADER_BYTES = 100_000_000
PIECE_BYTES = 1 << 22
SAFE_ONLY = "Use the .safetensors file of the same model; most models have one."


@dataclass(frozen=True)
class SafeFile:
    """The header of a .safetensors file: the shape of every tensor by its name, and what the file says of itself."""

    path: Path
    shapes: dict[str, tuple[int, ...]]
    metadata: dict[str, str]


def open_safe_file(path: Path) -> SafeFile:
    """Reads the header of a .safetensors file.

    Raises Refusal for a file of another form: a .ckpt, .pt or .bin is a pickle, a program that runs when it is loaded.
    """
    path = Path(path)
    if path.suffix != ".safetensors":
        raise Refusal(
            "file-unreadable",
            f"{path.name} is no .safetensors file. Files of other forms can hold programs, so none of them is opened.",
            SAFE_ONLY,
            path=str(path),
        )
    try:
        return _read_header(path)
    except OSError as error:
        raise Refusal("file-unreadable", f"{path.name} cannot be read.", "Check the path.", path=str(path), reason=str(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        hint = "Get it again; it may be half a download, or a file of another form under a new name."
        raise Refusal("file-unreadable", f"{path.name} is damaged, or is no .safetensors file.", hint, path=str(path)) from error


def _read_header(path: Path) -> SafeFile:
    size = path.stat().st_size
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        if length > min(MOST_HEADER_BYTES, size - 8):
            raise ValueError("a header longer than the file")
        header = json.loads(file.read(length))
    metadata = header.pop("__metadata__", {})
    if max((entry["data_offsets"][1] for entry in header.values()), default=0) != size - 8 - length:
        raise ValueError("another length than the header says")
    shapes = {name: tuple(int(side) for side in entry["shape"]) for name, entry in header.items()}
    return SafeFile(path, shapes, {str(key): str(value) for key, value in metadata.items()})


def hash_file(path: Path, on_share: Callable[[float], None] = lambda share: None) -> str:
    """sha256 of a file as hexadecimal; `on_share` hears 0..1 as it goes on."""
    total, done, sha256 = max(1, path.stat().st_size), 0, hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            sha256.update(piece)
            done += len(piece)
            on_share(done / total)
    return sha256.hexdigest()
