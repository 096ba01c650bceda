"""Gradients reach the pooler through the frozen decoder, and the frozen parts stay as they are."""

import copy

import pytest
import torch

from training.discrete import choice_states, gumbel_choice, row_states
from training.networks import Pooler
from training.presets import TINY
from training.train_encoder import encoder_loss

FORMS = ("relaxed", "straight-through")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("length", (5, 75))
def test_gradients_reach_every_part_of_the_pooler(decoder, lessons, form: str, length: int) -> None:
    pooler = Pooler(length, TINY.backbone_width, TINY.pooler_layers)
    encoder_loss(pooler, decoder, lessons, 1.0, form).backward()
    for name, parameter in pooler.named_parameters():
        assert parameter.grad is not None and torch.isfinite(parameter.grad).all(), name
        # A key's bias shifts all scores alike, so softmax gives it no gradient.
        if not name.endswith("key.bias"):
            assert parameter.grad.abs().sum() > 0, name


@pytest.mark.parametrize("form", FORMS)
def test_frozen_parts_do_not_change(decoder, backbone, lessons, form: str) -> None:
    before = copy.deepcopy(decoder.state_dict()), copy.deepcopy(backbone.state_dict())
    pooler = Pooler(5, TINY.backbone_width, TINY.pooler_layers)
    start = copy.deepcopy(pooler.state_dict())
    optimizer = torch.optim.AdamW(pooler.parameters(), lr=1e-3)
    for _ in range(3):
        optimizer.zero_grad()
        encoder_loss(pooler, decoder, lessons, 1.0, form).backward()
        optimizer.step()
    for module, kept in zip((decoder, backbone), before):
        assert all(torch.equal(value, kept[name]) for name, value in module.state_dict().items())
        assert all(parameter.grad is None for parameter in module.parameters())
    assert any(not torch.equal(value, start[name]) for name, value in pooler.state_dict().items())


def test_relaxed_form_is_soft_and_straight_through_is_exact() -> None:
    logits = torch.randn(2, 5, 9, requires_grad=True)
    torch.manual_seed(3)
    soft = gumbel_choice(logits, 0.7, 1.0, "relaxed")
    torch.manual_seed(3)
    hard = gumbel_choice(logits, 0.7, 1.0, "straight-through")
    assert torch.allclose(soft.sum(-1), torch.ones(2, 5), atol=1e-5)
    assert soft.max() < 1
    assert torch.allclose(hard.sort(-1).values[..., -1], torch.ones(2, 5), atol=1e-6)
    assert torch.equal(hard.argmax(-1), soft.argmax(-1))
    weight = torch.randn(2, 5, 9)
    (gradient_soft,) = torch.autograd.grad((soft * weight).sum(), logits)
    (gradient_hard,) = torch.autograd.grad((hard * weight).sum(), logits)
    assert torch.allclose(gradient_soft, gradient_hard, atol=1e-6)


def test_unknown_form_is_refused() -> None:
    with pytest.raises(ValueError, match="relaxed, straight-through"):
        gumbel_choice(torch.zeros(1, 1, 3), 1.0, 1.0, "reinforce")


def test_one_hot_states_equal_token_states(decoder) -> None:
    pooler = Pooler(5, TINY.backbone_width, TINY.pooler_layers)
    rows = torch.randint(len(pooler.allowed), (3, 5))
    choice = torch.nn.functional.one_hot(rows, len(pooler.allowed)).float()
    assert torch.allclose(choice_states(decoder, choice, pooler.allowed), row_states(decoder, rows, pooler.allowed), atol=1e-5)
