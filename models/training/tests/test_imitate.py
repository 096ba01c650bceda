import csv
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from training import imitate as stage
from training.networks import PatchEncoder
from training.patch_words import PatchWords
from training.presets import TINY
from training.sampling import Decoder


def test_the_pooler_with_the_least_loss_on_validation_pictures_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backbone: PatchEncoder, decoder: Decoder
) -> None:
    """The losses are dictated: least in the middle."""
    told = iter((0.5, 0.3, 0.4))
    seen: list[torch.Tensor] = []

    def dictate(_judge, _lessons, rows: torch.Tensor) -> float:
        seen.append(rows)
        return next(told)

    monkeypatch.setattr(stage, "text_loss", dictate)
    pooler = stage.imitate(replace(TINY, imitate_steps=22), tmp_path, backbone, decoder, PatchWords(5, TINY.backbone_width), "imitate")
    kept = torch.load(tmp_path / "imitate" / "checkpoint.pt", weights_only=False)
    assert all(torch.equal(kept["average"][f"module.{name}"], value) for name, value in pooler.state_dict().items())
    assert int(kept["average"]["updates"]) == 21 and int(kept["running"]["updates"]) == 22
    rows = list(csv.DictReader((tmp_path / "imitate" / "losses.csv").open()))
    assert [float(row["validation"]) for row in rows] == [0.5, 0.3, 0.4]
    assert len(seen) == 3
