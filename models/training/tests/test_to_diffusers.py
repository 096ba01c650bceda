"""The decoder folder becomes a stock diffusers pipeline with the same weights."""

from pathlib import Path

import onnxruntime
import torch

from training.export_pack import Networks, write_graphs
from training.networks import LATENT_CHANNELS, LATENT_SIDE, PatchEncoder, Scorer, make_text_encoder, make_unet
from training.presets import TINY
from training.to_diffusers import load_pipeline
from training.train_vae import make_vae


def shaken(module: torch.nn.Module) -> torch.nn.Module:
    """The module with no two equal tensors, as after training; the exporter would store equal ones only once."""
    for parameter in module.parameters():
        parameter.data += torch.randn_like(parameter) * 0.01
    return module


@torch.no_grad()
def test_pipeline_runs_and_equals_the_graphs(tmp_path: Path) -> None:
    torch.manual_seed(6)
    backbone = PatchEncoder(TINY.backbone_width, TINY.backbone_layers)
    decoder = [shaken(module) for module in (make_vae(TINY.vae_channels), make_text_encoder(TINY), make_unet(TINY))]
    write_graphs(Networks(*decoder, backbone, {}, Scorer(TINY)), tmp_path)
    pipeline = load_pipeline(tmp_path)
    sample, states = torch.randn(2, LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE), torch.randn(2, 77, TINY.text_width)
    session = onnxruntime.InferenceSession(str(tmp_path / "decoder/unet/model.onnx"), providers=["CPUExecutionProvider"])
    inputs = {"sample": sample.numpy(), "timestep": torch.tensor(7.0).numpy(), "encoder_hidden_states": states.numpy()}
    (found,) = session.run(None, inputs)
    wanted = pipeline.unet(sample, torch.tensor(7.0), states).sample
    assert float((torch.from_numpy(found) - wanted).abs().max()) < 1e-4
    pipeline.set_progress_bar_config(disable=True)
    picture = pipeline("large apple", num_inference_steps=2, guidance_scale=2.0, height=64, width=64).images[0]
    assert picture.size == (64, 64)
