"""Tiny networks and data that every test can afford."""

import pytest
import torch

from training.networks import PatchEncoder, make_text_encoder, make_unet
from training.presets import TINY
from training.sampling import Decoder
from training.teacher import Lessons, make_lessons
from training.train_vae import make_vae


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)


@pytest.fixture
def decoder() -> Decoder:
    torch.manual_seed(1)
    return Decoder(make_text_encoder(TINY), make_unet(TINY), make_vae(TINY.vae_channels), 1.0)


@pytest.fixture
def backbone() -> PatchEncoder:
    torch.manual_seed(2)
    return PatchEncoder(TINY.backbone_width, TINY.backbone_layers).eval().requires_grad_(False)


@pytest.fixture
def lessons(decoder: Decoder, backbone: PatchEncoder) -> Lessons:
    return make_lessons(backbone, decoder, "train", 0, 4)
