"""Soft words enter the frozen text encoders as transformers and diffusers would read them, and the loss is each decoder's own."""

from pathlib import Path

import pytest
import torch
from convert.clip_vocabulary import save_clip_tokenizer
from diffusers import DDPMScheduler, UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from training.photographs.allowed_words import allowed_ids
from training.photographs.frozen_decoder import load_decoder

from .toys import SIDE, save_decoder


@pytest.fixture(scope="module", params=(False, True), ids=("one text encoder", "two text encoders"))
def folder(request, tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(6)
    place = tmp_path_factory.mktemp("decoder")
    save_decoder(place, "v_prediction", two=request.param)
    return place


def rows(decoder, ids: torch.Tensor) -> torch.Tensor:
    """int64 [batch, 77] as a pipeline of diffusers pads them."""
    tokenizer = decoder.tokenizers[0]
    start, end = (torch.full((len(ids), n), token) for n, token in ((1, tokenizer.bos_token_id), (76 - ids.shape[1], tokenizer.eos_token_id)))
    return torch.cat([start, ids, end], 1)


def test_states_are_those_of_transformers(folder: Path) -> None:
    decoder = load_decoder(str(folder))
    ids = torch.tensor(allowed_ids(decoder.vocabulary))[torch.randint(100, (2, 5))]
    found = decoder.conditions_of_ids(ids, SIDE)
    with torch.no_grad():
        first = CLIPTextModel.from_pretrained(folder / "text_encoder")(rows(decoder, ids), output_hidden_states=True)
        if len(decoder.text_encoders) == 1:
            assert torch.allclose(found["encoder_hidden_states"], first.last_hidden_state, atol=1e-5)
            return
        second = CLIPTextModelWithProjection.from_pretrained(folder / "text_encoder_2")(rows(decoder, ids), output_hidden_states=True)
    wanted = torch.cat([first.hidden_states[-2], second.hidden_states[-2]], -1)
    assert torch.allclose(found["encoder_hidden_states"], wanted, atol=1e-5)
    assert torch.allclose(found["added_cond_kwargs"]["text_embeds"], second.text_embeds, atol=1e-5)
    assert found["added_cond_kwargs"]["time_ids"].tolist() == [[SIDE, SIDE, 0, 0, SIDE, SIDE]] * 2


def test_texts_of_several_lengths_are_read_as_each_by_itself(folder: Path) -> None:
    decoder = load_decoder(str(folder))
    allowed = torch.tensor(allowed_ids(decoder.vocabulary))
    texts = [[7, 3, 4], [], [9], [2, 5, 8], []]
    ids = torch.full((len(texts), 4), -1)
    for row, words in zip(ids, texts):
        # Empty places lie anywhere.
        row[torch.randperm(4)[: len(words)].sort().values] = allowed[words]
    found = decoder.conditions_of_texts(ids, SIDE)
    for at, words in enumerate(texts):
        wanted = decoder.conditions_of_ids(allowed[torch.tensor([words], dtype=torch.long)], SIDE)
        assert torch.allclose(found["encoder_hidden_states"][at], wanted["encoder_hidden_states"][0], atol=1e-5)
        for name, value in wanted.get("added_cond_kwargs", {}).items():
            assert torch.allclose(found["added_cond_kwargs"][name][at], value[0], atol=1e-5), name


def test_one_hots_are_exact_words_and_pass_gradients(folder: Path) -> None:
    decoder = load_decoder(str(folder))
    allowed = torch.tensor(allowed_ids(decoder.vocabulary))
    places = torch.randint(len(allowed), (2, 5))
    choice = torch.nn.functional.one_hot(places, len(allowed)).float().requires_grad_()
    soft = decoder.conditions(choice, allowed, SIDE)["encoder_hidden_states"]
    exact = decoder.conditions_of_ids(allowed[places], SIDE)["encoder_hidden_states"]
    assert torch.allclose(soft, exact, atol=1e-5)
    decoder.save_memory()
    again = decoder.conditions(choice, allowed, SIDE)
    latents, noise, timesteps = torch.randn(2, 4, 8, 8), torch.randn(2, 4, 8, 8), torch.tensor([300, 800])
    decoder.errors(latents, noise, timesteps, again).mean().backward()
    assert torch.isfinite(choice.grad).all() and choice.grad.abs().sum() > 0
    assert all(parameter.grad is None for parameter in decoder.parameters())


@pytest.mark.parametrize("prediction", ("epsilon", "v_prediction", "sample"))
def test_the_loss_is_what_the_scheduler_says(prediction: str, tmp_path: Path) -> None:
    torch.manual_seed(7)
    save_decoder(tmp_path, prediction)
    decoder = load_decoder(str(tmp_path))
    latents, noise, timesteps = torch.randn(2, 4, 8, 8), torch.randn(2, 4, 8, 8), torch.tensor([100, 700])
    conditions = decoder.conditions_of_ids(torch.full((2, 3), 40), SIDE)
    schedule = DDPMScheduler.from_pretrained(tmp_path / "scheduler")
    wanted = {"epsilon": noise, "sample": latents, "v_prediction": schedule.get_velocity(latents, noise, timesteps)}[prediction]
    unet = UNet2DConditionModel.from_pretrained(tmp_path / "unet")
    with torch.no_grad():
        found = unet(schedule.add_noise(latents, noise, timesteps), timesteps, conditions["encoder_hidden_states"]).sample
        errors = decoder.errors(latents, noise, timesteps, conditions)
    assert torch.allclose(errors, (found - wanted).square().mean((1, 2, 3)), atol=1e-5)


def test_punctuation_is_not_said(tmp_path: Path) -> None:
    save_clip_tokenizer(tmp_path, "<|endoftext|>")
    words = CLIPTokenizer.from_pretrained(tmp_path).get_vocab()
    allowed = allowed_ids(words)
    assert len(words) == 49_408 and len(allowed) == 46_530
    assert words["cat</w>"] in allowed and not {words["!</w>"], words["<|endoftext|>"]} & set(allowed)
