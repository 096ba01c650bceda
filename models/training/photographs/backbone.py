"""Frozen eyes: CLIP, SigLIP, DINOv2 (transformers) and whatever timm knows, as patches row by row."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import torch
from convert.refusal import Refusal
from torch import nn
from transformers import (
    AutoConfig,
    CLIPVisionModel,
    Dinov2Model,
    Dinov2WithRegistersModel,
    SiglipVisionModel,
)
from transformers.image_processing_base import ImageProcessingMixin

TIMM = "timm:"
# No file has weights that this seed makes.
BY_CHANCE = 231_100_618
CLASSES = {
    "clip": CLIPVisionModel,
    "clip_vision_model": CLIPVisionModel,
    "siglip": SiglipVisionModel,
    "siglip_vision_model": SiglipVisionModel,
    "dinov2": Dinov2Model,
    "dinov2_with_registers": Dinov2WithRegistersModel,
}
RESAMPLES = {0: "bilinear", 1: "lanczos", 2: "bilinear", 3: "bicubic"}


@dataclass(frozen=True)
class PictureInput:
    """How a square picture becomes the backbone's values, as a pack's manifest says it."""

    side: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    resample: str

    def of_manifest(self) -> dict:
        return {"width": self.side, "height": self.side, "mean": list(self.mean), "std": list(self.std), "resample": self.resample, "fit": "crop"}


class Backbone(nn.Module):
    """pixel_values [batch, 3, side, side] to features [batch, grid × grid, width]; class tokens and registers are left out."""

    def __init__(self, network: nn.Module, picture: PictureInput):
        super().__init__()
        self.network, self.picture = network.eval().requires_grad_(False), picture
        parameter = next(network.parameters())
        with torch.no_grad():
            found = self._run(torch.zeros(1, 3, picture.side, picture.side, dtype=parameter.dtype, device=parameter.device))
        if found.dim() == 4:
            self.grid, self.width = found.shape[-1], found.shape[1]
        else:
            # What comes before the patches is fewer than a row and a column more of them would be.
            self.grid, self.width = int(found.shape[1] ** 0.5), found.shape[2]

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        found = self._run(pixel_values)
        if found.dim() == 4:
            return found.flatten(2).transpose(1, 2)
        return found[:, found.shape[1] - self.grid**2 :]

    def _run(self, pixel_values: torch.Tensor) -> torch.Tensor:
        if hasattr(self.network, "forward_features"):
            return self.network.forward_features(pixel_values)
        return self.network(pixel_values=pixel_values).last_hidden_state


def load_backbone(name: str) -> Backbone:
    """A backbone by its folder or hub id, or `timm:` and the name of a model there; `timm:NAME@FILE` takes its weights from a file.

    Raises Refusal for a kind that is not known.
    """
    return _load_timm(name.removeprefix(TIMM)) if name.startswith(TIMM) else _load_transformers(name)


def _load_transformers(name: str) -> Backbone:
    config = AutoConfig.from_pretrained(name)
    kind = CLASSES.get(config.model_type)
    if kind is None:
        hint = "CLIP, SigLIP and DINOv2 are; of others name the model in timm, as timm:NAME."
        raise Refusal("request-invalid", f"{name} is a {config.model_type}, which is not known here.", hint)
    network = kind.from_pretrained(name, attn_implementation="sdpa", dtype=torch.float32)
    return Backbone(network, picture_input(name, network.config.image_size))


def picture_input(name: str, side: int) -> PictureInput:
    """How the model in a folder or of a hub id wants its pictures; `side` is its own where its preprocessor names none."""
    given, _ = ImageProcessingMixin.get_image_processor_dict(name)
    size = given.get("crop_size") or given.get("size") or {}
    side = size if isinstance(size, int) else size.get("height") or size.get("shortest_edge") or side
    return PictureInput(side, tuple(given["image_mean"]), tuple(given["image_std"]), RESAMPLES.get(given.get("resample", 3), "bicubic"))


def _load_timm(name: str) -> Backbone:
    if find_spec("timm") is None:
        raise Refusal("request-invalid", "This backbone needs the package timm, which is not installed.", "pip install timm torchvision")
    import timm

    model, _, file = name.partition("@")
    # By `file` and not by `checkpoint_path`: published checkpoints name the classes of ImageNet as well, and this way timm leaves them out.
    place = {} if file == "" else {"pretrained_cfg_overlay": {"file": str(Path(file))}}
    with torch.random.fork_rng():
        torch.manual_seed(BY_CHANCE)
        network = timm.create_model(model, pretrained=True, num_classes=0, **place)
        torch.manual_seed(BY_CHANCE)
        by_chance = timm.create_model(model, num_classes=0)
    # timm warns of weights that a file lacks, and leaves them as chance made them.
    missing = [name for (name, own), other in zip(network.named_parameters(), by_chance.parameters()) if own.dim() > 1 and torch.equal(own, other)]
    if missing:
        message = f"{file or model} lacks weights of {model}: {missing[0]} and {len(missing) - 1} more."
        raise Refusal("request-invalid", message, "Name a file whose weights have timm's own names.")
    data = timm.data.resolve_model_data_config(network)
    resample = data["interpolation"] if data["interpolation"] in RESAMPLES.values() else "bicubic"
    return Backbone(network, PictureInput(data["input_size"][-1], tuple(data["mean"]), tuple(data["std"]), resample))
