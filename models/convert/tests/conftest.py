"""Checkpoints that every test can afford, made once."""

from pathlib import Path
from typing import Callable

import pytest
import torch

from .. import trial
from ..conversion import Order, convert
from ..report import Report
from .tiny_checkpoints import PARTS, save, save_lora


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    # Networks this small are told apart by small pictures as well.
    trial.MOST_SIDE = 64


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The checkpoint of a family, by its name."""
    folder = tmp_path_factory.mktemp("checkpoints")

    def find(family: str) -> Path:
        path = folder / f"tiny-{family}.safetensors"
        return path if path.exists() else save(PARTS[family](), path, **{"modelspec.license": "cc0-1.0", "modelspec.title": "Tiny"})

    return find


@pytest.fixture(scope="session")
def lora(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("loras")
    return lambda family: save_lora(folder / f"{family}.safetensors", family)


class Heard:
    """Lines a report wrote."""

    def __init__(self):
        self.lines: list[str] = []

    def write(self, text: str) -> None:
        self.lines += text.splitlines()

    def flush(self) -> None:
        """Nothing waits."""


@pytest.fixture(scope="session")
def converted(tmp_path_factory: pytest.TempPathFactory, checkpoint: Callable[[str], Path]) -> Callable[[str, str], tuple[Path, dict]]:
    """The folder and the record of a family's checkpoint in a precision, converted once."""
    done: dict[tuple[str, str], tuple[Path, dict]] = {}

    def find(family: str, dtype: str) -> tuple[Path, dict]:
        if (family, dtype) not in done:
            folder = tmp_path_factory.mktemp(f"{family}-{dtype}")
            done[family, dtype] = folder, convert(Order(checkpoint(family), (), None, dtype, None, folder), Report(Heard()))
        return done[family, dtype]

    return find


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., dict]:
    """Converts into `<tmp_path>/pack`, or the folder that is named, and gives the record."""

    def run_order(checkpoint: Path, *, loras=(), vae=None, dtype="fp32", prediction=None, folder: str = "pack") -> dict:
        return convert(Order(checkpoint, tuple(loras), vae, dtype, prediction, tmp_path / folder), Report(Heard()))

    return run_order
