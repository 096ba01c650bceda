"""Every known kind of backbone gives its patches row by row, without class tokens and registers."""

from pathlib import Path

import pytest
import torch
from convert.refusal import Refusal
from transformers import (
    BertConfig,
    CLIPConfig,
    CLIPModel,
    Dinov2Config,
    Dinov2Model,
    Dinov2WithRegistersConfig,
    Dinov2WithRegistersModel,
    SiglipVisionConfig,
    SiglipVisionModel,
)

from training.export_pack import write_json
from training.photographs.backbone import Backbone, PictureInput, load_backbone

SIZES = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "image_size": 16, "patch_size": 4}
MLP = {"intermediate_size": 32}


def whole_clip() -> CLIPModel:
    return CLIPModel(CLIPConfig(vision_config=SIZES | MLP, text_config={"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "vocab_size": 100} | MLP))


MAKERS = {
    "clip": whole_clip,
    "siglip": lambda: SiglipVisionModel(SiglipVisionConfig(**SIZES, **MLP)),
    "dinov2": lambda: Dinov2Model(Dinov2Config(**SIZES)),
    "dinov2 with registers": lambda: Dinov2WithRegistersModel(Dinov2WithRegistersConfig(**SIZES)),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_patches_are_the_last_of_what_the_network_gives(kind: str, tmp_path: Path) -> None:
    network = MAKERS[kind]().eval()
    network.save_pretrained(tmp_path)
    write_json(tmp_path / "preprocessor_config.json", {"size": {"shortest_edge": 20}, "crop_size": 16, "image_mean": [0.4] * 3, "image_std": [0.3] * 3, "resample": 2})
    backbone = load_backbone(str(tmp_path))
    assert (backbone.grid, backbone.width, backbone.picture.side, backbone.picture.resample) == (4, 16, 16, "bilinear")
    pixels = torch.randn(2, 3, 16, 16)
    with torch.no_grad():
        vision = network.vision_model if kind == "clip" else network
        wanted = vision(pixel_values=pixels).last_hidden_state[:, -16:]
        assert torch.allclose(backbone(pixels), wanted, atol=1e-5)
    assert not any(parameter.requires_grad for parameter in backbone.parameters())


class Convolutions(torch.nn.Module):
    """The shape of timm's convolutional networks."""

    def __init__(self):
        super().__init__()
        self.stem = torch.nn.Conv2d(3, 6, 4, stride=4)

    def forward_features(self, pixels: torch.Tensor) -> torch.Tensor:
        return self.stem(pixels)


def test_maps_of_convolutions_become_patches_row_by_row() -> None:
    network = Convolutions()
    backbone = Backbone(network, PictureInput(12, (0.5,) * 3, (0.5,) * 3, "bicubic"))
    pixels = torch.randn(1, 3, 12, 12)
    assert (backbone.grid, backbone.width) == (3, 6)
    assert torch.equal(backbone(pixels)[0, 5], network.stem(pixels)[0, :, 1, 2])


@pytest.mark.parametrize("classes", [1000, 0])
def test_a_checkpoint_of_timm_is_taken_from_its_file_with_and_without_its_classes(classes: int, tmp_path: Path) -> None:
    timm = pytest.importorskip("timm")
    network = timm.create_model("test_efficientnet", num_classes=classes).eval()
    torch.save(network.state_dict(), tmp_path / "weights.pth")
    backbone = load_backbone(f"timm:test_efficientnet@{tmp_path / 'weights.pth'}")
    pixels = torch.randn(1, 3, backbone.picture.side, backbone.picture.side)
    with torch.no_grad():
        assert torch.equal(backbone(pixels), network.forward_features(pixels).flatten(2).transpose(1, 2))


def test_a_language_model_is_refused(tmp_path: Path) -> None:
    BertConfig().save_pretrained(tmp_path)
    with pytest.raises(Refusal, match="is a bert"):
        load_backbone(str(tmp_path))


def test_a_checkpoint_of_other_names_is_refused_instead_of_read_as_chance(tmp_path: Path) -> None:
    timm = pytest.importorskip("timm")
    state = timm.create_model("test_efficientnet", num_classes=0).state_dict()
    torch.save({f"_{name}": value for name, value in state.items()}, tmp_path / "weights.pth")
    with pytest.raises(Refusal, match="lacks weights of test_efficientnet: conv_stem.weight and"):
        load_backbone(f"timm:test_efficientnet@{tmp_path / 'weights.pth'}")
