"""Levels are measured with the pack that ships, and the pack says them."""

import json
from pathlib import Path

import numpy as np
import torch

from training.card import level_lines
from training.noise_levels import _latents, _losses, measure_levels
from training.noise_schedule import add_noise
from training.pack_runtime import PackRuntime
from training.world.facts import facts_of
from training.world.render import render
from training.world.slots import slot_words
from training.world.split import scene_of

PACK = Path(__file__).parents[2] / "packs/tiny-scenes"


def test_losses_are_those_of_the_denoiser_at_the_same_noise() -> None:
    runtime = PackRuntime(PACK)
    scene = scene_of("train", 80_000_000)
    latents = torch.from_numpy(_latents(runtime, render(scene, 64)))
    true, other = (slot_words(facts_of(one), 15) for one in (scene, scene_of("train", 80_000_001)))
    noise = torch.randn(2, *latents.shape, generator=torch.Generator().manual_seed(4))
    losses = _losses(runtime, latents, noise, [true, other], (0.5, 0.8), 1)
    assert losses.shape == (2, 2) and (losses[0] < losses[1]).all()
    noised, velocity = add_noise(latents[None], noise[1][None], torch.tensor([800]))
    (states, *_) = runtime.run("decoder/text_encoder/model.onnx", input_ids=runtime.ids([other])[:, :17])
    (out,) = runtime.run("decoder/unet/model.onnx", sample=noised.numpy(), timestep=np.array(800.0, np.float32), encoder_hidden_states=states)
    assert np.isclose(losses[1, 1], np.square(out - velocity.numpy()).mean(), atol=1e-5)


def test_each_kind_has_a_share_at_each_level_and_the_card_tells_them() -> None:
    measured = measure_levels(PackRuntime(PACK), 1, (0.6, 0.9), 1)
    kinds = measured["kinds"]
    assert {"style", "size", "colour", "backdrop"} <= set(kinds) and "object" not in kinds
    assert all(len(told["shares"]) == 2 and 0 <= min(told["shares"]) and max(told["shares"]) <= 1 for told in kinds.values())
    # A text of 15 words has two places of colours, and each is asked once a level.
    assert kinds["style"]["noises"] == 1 and kinds["colour"]["noises"] == 2 and kinds["colour"]["rivals"] > 5
    lines = level_lines(measured)
    assert any(line.startswith("| kind |") and line.endswith("| 0.6 | 0.9 |") for line in lines)
    assert sum(line.startswith("| ") for line in lines) == 1 + len(kinds)


def test_the_pack_that_ships_says_which_noise_tells_which_fact() -> None:
    kept = json.loads((PACK / "evaluation.json").read_text(encoding="utf-8"))["noiseLevels"]
    assert kept["scenes"] >= 15 and all(told["noises"] >= 30 for told in kept["kinds"].values())
    card = (PACK / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert all(line in card for line in level_lines(kept))
