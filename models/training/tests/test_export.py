"""Exported graphs compute what the networks compute, with weights rounded to half precision."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from training.export_pack import Networks, write_graphs
from training.half_weights import round_to_half
from training.networks import LATENT_CHANNELS, PatchEncoder, Pooler, Scorer, make_text_encoder, make_unet
from training.presets import TINY
from training.tokenizer import encode_batch
from training.train_vae import make_vae
from training.train_vae_decoder import make_vae_decoder

TOLERANCE = 1e-4


@pytest.fixture(scope="module")
def networks() -> Networks:
    torch.manual_seed(4)
    made = Networks(
        make_vae(TINY.vae_channels).eval(),
        make_vae_decoder(TINY.vae_decoder_channels).eval(),
        make_text_encoder(TINY).eval(),
        make_unet(TINY).eval(),
        PatchEncoder(TINY.backbone_width, TINY.backbone_layers).eval(),
        {length: Pooler(length, TINY.backbone_width, TINY.pooler_layers).eval() for length in (5, 15, 75)},
        Scorer(TINY).eval(),
    )
    for module in (made.vae, made.vae_decoder, made.text_encoder, made.unet, made.backbone, *made.poolers.values(), made.scorer):
        round_to_half(module)
    return made


@pytest.fixture(scope="module")
def folder(networks: Networks, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pack")
    write_graphs(networks, path)
    return path


def run(path: Path, **inputs: torch.Tensor) -> list[torch.Tensor]:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return [torch.from_numpy(output) for output in session.run(None, {name: value.numpy() for name, value in inputs.items()})]


def close(found: torch.Tensor, wanted: torch.Tensor) -> bool:
    return found.shape == wanted.shape and float((found - wanted).abs().max()) < TOLERANCE


@torch.no_grad()
@pytest.mark.parametrize(("batch", "length"), ((1, 77), (3, 26)))
def test_decoder_graphs_equal_the_networks(networks: Networks, folder: Path, batch: int, length: int) -> None:
    ids = encode_batch([["large", "apple"]] * batch, length)
    hidden, pooled = run(folder / "decoder/text_encoder/model.onnx", input_ids=ids)
    wanted = networks.text_encoder(ids)
    assert close(hidden, wanted.last_hidden_state) and close(pooled, wanted.pooler_output)
    sample = torch.randn(batch, LATENT_CHANNELS, 8, 16)
    (out,) = run(folder / "decoder/unet/model.onnx", sample=sample, timestep=torch.tensor(321.0), encoder_hidden_states=hidden)
    assert close(out, networks.unet(sample, torch.tensor(321.0), hidden).sample)
    pixels = torch.rand(batch, 3, 64, 128) * 2 - 1
    (parameters,) = run(folder / "decoder/vae_encoder/model.onnx", sample=pixels)
    assert close(parameters, networks.vae.encode(pixels).latent_dist.parameters)
    (picture,) = run(folder / "decoder/vae_decoder/model.onnx", latent_sample=sample)
    assert picture.shape == (batch, 3, 64, 128)
    assert close(picture, networks.vae_decoder.decode(sample).sample)


@torch.no_grad()
def test_encoder_graphs_equal_the_networks(networks: Networks, folder: Path) -> None:
    pixels = torch.rand(3, 3, 64, 64) * 2 - 1
    (features,) = run(folder / "encoder/backbone.onnx", pixel_values=pixels)
    assert close(features, networks.backbone(pixels))
    for length, pooler in networks.poolers.items():
        ids, probabilities, attention = run(folder / f"encoder/pooler_{length}.onnx", image_features=features)
        logits, weights = pooler(features)
        wanted, places = logits.softmax(-1).topk(10, -1)
        assert ids.dtype == torch.int64 and torch.equal(ids, pooler.allowed[places])
        assert close(probabilities, wanted) and close(attention, weights)
        assert torch.allclose(attention.sum(-1), torch.ones(3, length), atol=1e-5)
        assert bool((probabilities.diff(dim=-1) <= 0).all())


@torch.no_grad()
def test_scorer_graphs_equal_the_networks(networks: Networks, folder: Path) -> None:
    pixels, ids = torch.rand(2, 3, 64, 64) * 2 - 1, encode_batch([["apple"], ["blue", "car"]])
    (seen,) = run(folder / "scorer/onnx/vision_model.onnx", pixel_values=pixels)
    (read,) = run(folder / "scorer/onnx/text_model.onnx", input_ids=ids)
    assert close(seen, networks.scorer.image_embeds(pixels)) and close(read, networks.scorer.text_embeds(ids))
    assert np.allclose(np.linalg.norm(seen, axis=1), 1, atol=1e-5)


def test_decoder_folder_is_a_diffusers_pipeline(folder: Path) -> None:
    index = json.loads((folder / "decoder/model_index.json").read_text())
    assert index["_class_name"] == "StableDiffusionPipeline"
    for part in ("scheduler/scheduler_config.json", "unet/config.json", "vae_decoder/config.json", "text_encoder/config.json", "tokenizer/vocab.json"):
        assert (folder / "decoder" / part).exists()
