"""The wider decoder half: its side, its share of an autoencoder, and what it is measured by."""

from pathlib import Path

import pytest
import torch

from training.latent_cache import fill_latents
from training.presets import CPU, TINY
from training.stages import load_vae_decoder
from training.train_vae import make_vae
from training.train_vae_decoder import check_decoder, make_vae_decoder, picture_side, shrink, spoil_latents, train_vae_decoder


def test_every_level_doubles_the_picture() -> None:
    assert picture_side(CPU.vae_channels) == 64
    assert picture_side(CPU.vae_decoder_channels) == 128
    half = make_vae_decoder(TINY.vae_decoder_channels)
    assert half.decode(torch.zeros(1, 4, 16, 16)).sample.shape == (1, 3, 128, 128)
    assert all(name.startswith(("decoder.", "post_quant_conv.")) for name in half.state_dict())


def test_block_means_are_measured_at_the_encoders_side() -> None:
    large = torch.arange(16.0).reshape(1, 1, 4, 4)
    assert shrink(large, 2).tolist() == [[[[2.5, 4.5], [10.5, 12.5]]]]
    assert shrink(large, 4) is large


def test_half_of_the_latents_stay_as_they_are() -> None:
    latents = torch.zeros(400, 4, 2, 2)
    deviations = spoil_latents(latents).flatten(1).std(1)
    assert 120 < int((deviations == 0).sum()) < 280
    assert float(deviations.max()) < 0.25


def test_the_encoder_half_stays_and_the_stage_is_loaded_again(tmp_path: Path) -> None:
    vae = make_vae(TINY.vae_channels).requires_grad_(False)
    before = {name: value.clone() for name, value in vae.state_dict().items()}
    fill_latents(TINY, tmp_path, vae)
    assert load_vae_decoder(TINY, tmp_path) is None
    trained = train_vae_decoder(TINY, tmp_path, vae)
    assert all(torch.equal(value, before[name]) for name, value in vae.state_dict().items())
    again = load_vae_decoder(TINY, tmp_path)
    assert again is not None
    assert all(torch.equal(value, trained.state_dict()[name]) for name, value in again.state_dict().items())
    found = check_decoder(again, vae, 8)
    assert found["psnr"] == pytest.approx(found["psnr64"], abs=3)
