"""A pack that says what it does not know: fitted on its own graphs, written into it, and the graph says what the network says."""

import json
import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image

from training.foreign_pictures import SOURCES, Source, pictures_of
from training.inside import Inside, Measured, described, fit, scene_pictures, write_into_pack
from training.make_pack import INSIDE_HEAD
from training.pack_runtime import PackRuntime

PACK = Path(__file__).parents[2] / "packs/tiny-scenes"


def noise_pictures(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 64, 64, 3), dtype=np.uint8)


def test_sources_for_testing_are_none_of_the_fitted(tmp_path: Path) -> None:
    assert {source.role for source in SOURCES} == {"fit", "test"}
    assert len({source.name for source in SOURCES}) == len({source.package for source in SOURCES}) == len(SOURCES)


def test_only_files_that_are_pictures_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "some"
    folder.mkdir()
    Image.fromarray(noise_pictures(1, 0)[0]).resize((90, 60)).save(folder / "a.png")
    Image.new("RGB", (90, 60), "white").save(folder / "empty.png")
    Image.new("RGB", (16, 16), "red").save(folder / "small.png")
    (folder / "broken.png").write_bytes(b"no picture")
    assert pictures_of(Source("some", "apt", "some", "*.png", "fit"), tmp_path, 9, 0).shape == (1, 64, 64, 3)


def test_the_written_graph_tells_scenes_from_noise(tmp_path: Path) -> None:
    pack = PackRuntime(PACK)
    torch.manual_seed(0)
    inside = Inside(160, INSIDE_HEAD)
    fit(inside, described(inside, pack, scene_pictures("train", 0, 192)), described(inside, pack, noise_pictures(192, 1)), steps=300)
    folder = tmp_path / "pack"
    shutil.copytree(PACK, folder)
    write_into_pack(inside, Measured(0.5, 0.0, 0.0, 1.0, {}), folder)
    manifest = json.loads((folder / "pack.json").read_text())
    role = manifest["roles"]["encoder"]["inside"]
    assert role == {"file": "encoder/inside.onnx", "head": INSIDE_HEAD, "threshold": 0.5}
    assert role["file"] in [entry["path"] for entry in manifest["files"]]
    graph = onnxruntime.InferenceSession(folder / role["file"])
    for pictures, is_inside in ((scene_pictures("heldout", 0, 40), True), (noise_pictures(40, 2), False)):
        values = np.ascontiguousarray((pictures.astype(np.float32) / 127.5 - 1).transpose(0, 3, 1, 2))
        (features,) = pack.run("encoder/backbone.onnx", pixel_values=values)
        _, probabilities, _ = pack.run(f"encoder/pooler_{INSIDE_HEAD}.onnx", image_features=features)
        (score,) = graph.run(None, {"image_features": features, "token_probs": probabilities})
        with torch.no_grad():
            assert score == pytest.approx(inside(torch.from_numpy(features), torch.from_numpy(probabilities)).numpy(), abs=2e-3)
        assert ((score >= 0.5) == is_inside).mean() > 0.9
