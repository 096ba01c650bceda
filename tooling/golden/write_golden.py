"""The one form of a golden file: what made it, with which versions, how close a port has to come, and the cases."""

import gzip
import json
import platform
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "test" / "golden"


def write_golden(name: str, generator: str, packages: list[str], tolerance: float, cases, compressed: bool = False) -> None:
    document = {
        "generator": f"tooling/golden/{generator}",
        "versions": {"python": platform.python_version(), **{package: version(package) for package in packages}},
        "tolerance": tolerance,
        "cases": cases,
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, ensure_ascii=True, separators=(",", ":")) + "\n"
    if compressed:
        (FOLDER / f"{name}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    else:
        (FOLDER / f"{name}.json").write_text(text)


def rounded(values, digits: int = 7) -> list[float]:
    """Significant digits of a float32 are about seven; more only make the file longer."""
    return [float(f"{float(value):.{digits}g}") for value in values]
