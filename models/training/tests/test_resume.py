"""A run that was interrupted and resumed repeats the losses of one that was not."""

import copy
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from training.distil import DistilSettings, distil, sweep_texts
from training.found_words import FoundWords
from training.from_nothing import SearchSettings, learn_from_nothing
from training.imitate import imitate
from training.latent_cache import fill_latents
from training.networks import PatchEncoder, Pooler, make_text_encoder, make_unet
from training.patch_words import PatchWords
from training.presets import TINY
from training.sampling import Decoder
from training.sweep import Swept
from training.train_denoiser import train_denoiser
from training.train_supervised import train_supervised
from training.train_vae import make_vae, train_vae
from training.train_vae_decoder import train_vae_decoder
from training.training_run import TrainingRun


class Interrupted(Exception):
    pass


def interrupt_after(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """Makes the next run save and stop after some steps, as a crash right after a checkpoint would."""
    original = TrainingRun.steps

    def stopping(self, first, end):
        for step in original(self, first, end):
            yield step
            if step + 1 == steps:
                self.save(step + 1)
                raise Interrupted

    monkeypatch.setattr(TrainingRun, "steps", stopping)


def weights_of(folder: Path, stage: str) -> dict:
    return torch.load(folder / stage / "checkpoint.pt", weights_only=False)


def train(stage: str, folder: Path) -> None:
    """Runs a stage to its end, from its checkpoint if there is one."""
    vae = make_vae(TINY.vae_channels).requires_grad_(False)
    if stage == "vae":
        train_vae(TINY, folder, None)
    elif stage == "supervised":
        train_supervised(TINY, folder)
    elif stage == "imitate":
        torch.manual_seed(9)
        backbone = PatchEncoder(TINY.backbone_width, TINY.backbone_layers).eval().requires_grad_(False)
        decoder = Decoder(make_text_encoder(TINY), make_unet(TINY), make_vae(TINY.vae_channels), 1.0)
        imitate(replace(TINY, imitate_steps=4), folder, backbone, decoder, PatchWords(5, TINY.backbone_width), stage)
    elif stage in ("from_nothing", "sweep", "distil"):
        teach(stage, folder)
    else:
        torch.manual_seed(9)
        vae = make_vae(TINY.vae_channels).requires_grad_(False)
        fill_latents(TINY, folder, vae)
        if stage == "vae_decoder":
            train_vae_decoder(TINY, folder, vae)
            return
        train_denoiser(replace(TINY, denoiser_images=TINY.denoiser_batch * 4), folder, vae)


def teach(name: str, folder: Path) -> None:
    """Lets a tiny decoder teach a pooler, from nothing or from its own first weights."""
    torch.manual_seed(9)
    decoder = Decoder(make_text_encoder(TINY), make_unet(TINY), make_vae(TINY.vae_channels), 1.0)
    backbone = PatchEncoder(TINY.backbone_width, TINY.backbone_layers).eval().requires_grad_(False)
    before = copy.deepcopy(decoder.state_dict())
    if name == "from_nothing":
        learn_from_nothing(TINY, folder, backbone, decoder, PatchWords(5, TINY.backbone_width), name, SearchSettings(pictures=2, batch=3))
    else:
        anchor = Pooler(5, TINY.backbone_width, TINY.pooler_layers).requires_grad_(False)
        if name == "sweep":
            sweep_texts(TINY, folder, backbone, decoder, anchor, name, 4)
        else:
            found, words = FoundWords(8, 5, 3), torch.randint(50, (8, 5, 3))
            found.add(torch.arange(8), Swept(words[..., 0], words, torch.randn(8, 5, 3) / 100))
            settings = DistilSettings(swept=8, rehearsed=2)
            distil(replace(TINY, distil_rounds=4), folder, backbone, decoder, anchor, found, torch.randn(3, 64, TINY.backbone_width), name, settings)
    assert all(torch.equal(value, before[key]) for key, value in decoder.state_dict().items())


@pytest.mark.parametrize("stage", ("vae", "vae_decoder", "denoiser", "supervised", "from_nothing", "imitate", "sweep", "distil"))
def test_resumed_run_equals_uninterrupted(tmp_path: Path, stage: str) -> None:
    train(stage, tmp_path / "whole")
    with pytest.MonkeyPatch.context() as patch:
        interrupt_after(patch, 2)
        with pytest.raises(Interrupted):
            train(stage, tmp_path / "broken")
    train(stage, tmp_path / "broken")
    whole, broken = weights_of(tmp_path / "whole", stage), weights_of(tmp_path / "broken", stage)
    assert whole["step"] == broken["step"] == 4
    for part in whole.keys() - {"step", "seconds", "adopted", "optimizer"}:
        for name, value in whole[part].items():
            assert torch.equal(value, broken[part][name]), (part, name)


def test_log_rows_after_the_checkpoint_are_written_again(tmp_path: Path) -> None:
    model = torch.nn.Linear(1, 1)
    run = TrainingRun(tmp_path, "stage", 0)
    run.resume(model=model)
    for step in (0, 1, 2):
        run.log(step, loss=step)
    run.save(2)
    again = TrainingRun(tmp_path, "stage", 0)
    assert again.resume(model=model) == 2
    again.log(2, loss=7)
    assert [row.split(",")[0] for row in again.log_path.read_text().splitlines()] == ["step", "0", "1", "2"]
