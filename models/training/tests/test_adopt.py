"""A published pack is a checkpoint: its weights come back as the graphs hold them, and training goes on from them."""

from pathlib import Path

import pytest
import torch

from training.adopt import adopt_denoiser, adopt_reader, adopt_vae
from training.export_pack import Networks, write_graphs
from training.networks import PatchEncoder, Scorer, make_text_encoder, make_unet
from training.presets import CPU, TINY
from training.to_diffusers import graph_weights
from training.training_run import TrainingRun
from training.train_denoiser import TextToLatents
from training.train_supervised import Reader, object_recall, varied_batch
from training.train_vae import make_vae
from training.train_vae_decoder import make_vae_decoder

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


def test_a_pack_with_a_wider_decoder_half_becomes_two_stages(tmp_path: Path) -> None:
    networks = [make_vae(TINY.vae_channels), make_vae_decoder(TINY.vae_decoder_channels), make_text_encoder(TINY), make_unet(TINY)]
    networks += [PatchEncoder(TINY.backbone_width, TINY.backbone_layers), {}, Scorer(TINY)]
    # The exporter stores equal tensors once; after training no two are equal.
    for parameter in (*networks[0].parameters(), *networks[1].parameters()):
        parameter.data += torch.randn_like(parameter) * 0.01
    write_graphs(Networks(*networks), tmp_path / "pack")
    adopt_vae(TINY, tmp_path / "pack", tmp_path / "run", 3)
    written = torch.load(tmp_path / "run/vae_decoder/checkpoint.pt", weights_only=False)
    for name, value in networks[1].state_dict().items():
        assert torch.allclose(written["model"][name], value, atol=1e-3), name
    assert not any(name.startswith("encoder.") for name in written["model"])
    seen = torch.load(tmp_path / "run/vae/checkpoint.pt", weights_only=False)["model"]
    assert torch.allclose(seen["encoder.conv_in.weight"], networks[0].encoder.conv_in.weight, atol=1e-3)


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
