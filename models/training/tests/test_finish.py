"""A pack is written anew in parts: poolers that the decoder taught take the place of the supervised ones, and what was measured before is gone."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from training.average import Average
from training.card import taught_line
from training.finish import write_parts
from training.half_weights import round_to_half
from training.make_pack import _taught, said
from training.networks import PATCHES, Pooler
from training.presets import TINY
from training.train_supervised import Reader
from training.training_run import TrainingRun


def finish_stage(folder: Path, stage: str, module: torch.nn.Module) -> None:
    """Leaves `module` behind as a stage does that has run."""
    run = TrainingRun(folder, stage, 1)
    run.resume(average=Average(module, 0.9))
    run.save(1)


def words_of(pack: Path, length: int, features: torch.Tensor) -> np.ndarray:
    session = onnxruntime.InferenceSession(str(pack / f"encoder/pooler_{length}.onnx"), providers=["CPUExecutionProvider"])
    return session.run(None, {"image_features": features.numpy()})[0][..., 0]


@torch.no_grad()
def expected(pooler: Pooler, features: torch.Tensor) -> np.ndarray:
    round_to_half(pooler)
    return pooler.allowed[pooler(features)[0].argmax(-1)].numpy()


def test_what_the_decoder_taught_ships_and_the_rest_stays(tmp_path: Path) -> None:
    reader, taught = Reader(TINY), Pooler(15, TINY.backbone_width, TINY.pooler_layers)
    run, pack = tmp_path / "run", tmp_path / "pack"
    finish_stage(run, "supervised", reader)
    finish_stage(run, "distilled_15", taught)
    for name in ("evaluation.json", "encoder/inside.onnx", "grids/heldout-dense.png", "decoder/unet/model.onnx", "logs/distilled_5.csv"):
        (pack / name).parent.mkdir(parents=True, exist_ok=True)
        (pack / name).write_text("old")
    write_parts(TINY, run, "distilled", pack, ("encoder",))
    features = torch.randn(3, PATCHES, TINY.backbone_width)
    assert np.array_equal(words_of(pack, 15, features), expected(taught, features))
    assert np.array_equal(words_of(pack, 5, features), expected(reader.poolers["5"], features))
    assert (pack / "decoder/unet/model.onnx").read_text() == "old"
    assert not (pack / "encoder/inside.onnx").exists() and not (pack / "grids/heldout-dense.png").exists()
    assert json.loads((pack / "evaluation.json").read_text()) == {"heads": "distilled", "taughtLengths": [15]}
    assert _taught(pack) == "taught by captions and, at 15 tokens, by its own decoder"
    assert taught_line({"heads": "distilled", "taughtLengths": [15]}) != taught_line({"heads": "supervised", "taughtLengths": []})
    assert not (pack / "logs/distilled_5.csv").exists()


def test_lengths_are_said_as_people_do() -> None:
    assert (said([15]), said([15, 75]), said([5, 15, 75])) == ("15", "15 and 75", "5, 15 and 75")
