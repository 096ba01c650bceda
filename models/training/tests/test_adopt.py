"""A published pack is a checkpoint: its weights come back as the graphs hold them, and training goes on from them."""

from pathlib import Path

import pytest
import torch

from training.adopt import adopt_denoiser, adopt_reader, adopt_vae
from training.presets import CPU
from training.to_diffusers import graph_weights
from training.training_run import TrainingRun
from training.train_denoiser import TextToLatents
from training.train_supervised import Reader, object_recall, varied_batch

PACK = Path(__file__).parents[2] / "packs/tiny-scenes"


def test_the_packs_weights_become_a_run(tmp_path: Path) -> None:
    adopt_vae(CPU, PACK, tmp_path, 3_000)
    adopt_denoiser(CPU, PACK, tmp_path, 2_625)
    vae = torch.load(tmp_path / "vae/checkpoint.pt", weights_only=False)
    for name, value in graph_weights(PACK / "decoder/vae_encoder/model.onnx", "vae").items():
        assert torch.equal(vae["model"][name], value), name
    model = TextToLatents(CPU)
    run = TrainingRun(tmp_path, "denoiser", 1)
    assert run.resume(model=model) == run.adopted == 2_625
    for name, value in graph_weights(PACK / "decoder/unet/model.onnx", "unet").items():
        assert torch.equal(model.unet.state_dict()[name], value), name


def test_a_run_that_has_begun_is_never_replaced(tmp_path: Path) -> None:
    adopt_vae(CPU, PACK, tmp_path, 1)
    with pytest.raises(FileExistsError, match="goes on from it"):
        adopt_vae(CPU, PACK, tmp_path, 1)


def test_an_adopted_reader_reads_as_the_pack_does(tmp_path: Path) -> None:
    adopt_reader(CPU, PACK, tmp_path, 420)
    reader = Reader(CPU)
    assert TrainingRun(tmp_path, "supervised", 1).resume(model=reader) == 420
    pictures, scenes, _ = varied_batch("validation", 0, 48, 1)
    with torch.no_grad():
        words = reader.poolers["15"](reader.backbone(pictures))[0].argmax(-1)
    assert object_recall(words, scenes) > 0.9
