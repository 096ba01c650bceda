"""The decoder folder becomes a stock diffusers pipeline with the same weights."""

from pathlib import Path

import onnxruntime
import pytest
import torch

from training.export_pack import Networks, write_graphs
from training.networks import LATENT_CHANNELS, LATENT_SIDE, PatchEncoder, Scorer, make_text_encoder, make_unet
from training.presets import TINY
from training.to_diffusers import load_pipeline
from training.train_vae import make_vae
from training.train_vae_decoder import make_vae_decoder


def shaken(module: torch.nn.Module) -> torch.nn.Module:
    """The module with no two equal tensors, as after training; the exporter would store equal ones only once."""
    for parameter in module.parameters():
        parameter.data += torch.randn_like(parameter) * 0.01
    return module


@torch.no_grad()
@pytest.mark.parametrize(("wide", "side"), ((None, 64), (TINY.vae_decoder_channels, 128)))
def test_pipeline_runs_and_equals_the_graphs(tmp_path: Path, wide: tuple[int, ...] | None, side: int) -> None:
    torch.manual_seed(6)
    backbone = PatchEncoder(TINY.backbone_width, TINY.backbone_layers)
    vae = make_vae(TINY.vae_channels)
    drawing = vae if wide is None else make_vae_decoder(wide)
    decoder = [shaken(module) for module in dict.fromkeys((vae, drawing, make_text_encoder(TINY), make_unet(TINY)))]
    write_graphs(Networks(vae, drawing, *decoder[-2:], backbone, {}, Scorer(TINY)), tmp_path)
    pipeline = load_pipeline(tmp_path)
    sample, states = torch.randn(2, LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE), torch.randn(2, 77, TINY.text_width)
    session = onnxruntime.InferenceSession(str(tmp_path / "decoder/unet/model.onnx"), providers=["CPUExecutionProvider"])
    inputs = {"sample": sample.numpy(), "timestep": torch.tensor(7.0).numpy(), "encoder_hidden_states": states.numpy()}
    (found,) = session.run(None, inputs)
    wanted = pipeline.unet(sample, torch.tensor(7.0), states).sample
    assert float((torch.from_numpy(found) - wanted).abs().max()) < 1e-4
    pipeline.set_progress_bar_config(disable=True)
    picture = pipeline("large apple", num_inference_steps=2, guidance_scale=2.0).images[0]
    assert picture.size == (side, side)
