"""Toys that every test of this folder may read, and none may change."""

import pytest
import torch

from .toys import Toys, save_backbone, save_decoder, save_pictures


@pytest.fixture(scope="session")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Toys:
    root = tmp_path_factory.mktemp("toys")
    torch.manual_seed(5)
    save_decoder(root / "decoder", "epsilon")
    save_backbone(root / "backbone")
    save_pictures(root / "images", 40)
    return Toys(root / "decoder", root / "backbone", root / "images")
