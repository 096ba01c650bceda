"""Half precision and the cheaper Muon step change the speed of training and nothing else."""

import pytest
import torch
from torch.nn import functional

from training.half_training import HalfCopy, fast_kernels, work_dtype
from training.muon import COEFFICIENTS, make_muon, orthogonalise
from training.presets import CPU, GPU
from training.training_run import constant_then_down


def newton_schulz(x: torch.Tensor, iterations: int = 4) -> torch.Tensor:
    """The iteration as published, on the whole matrix."""
    a, b, c = COEFFICIENTS
    x = x / x.norm()
    for _ in range(iterations):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x


@pytest.mark.parametrize("shape", ((12, 40), (40, 12), (16, 16)))
def test_gram_form_equals_the_published_iteration(shape: tuple[int, int]) -> None:
    update = torch.randn(shape)
    wanted = newton_schulz(update if shape[0] <= shape[1] else update.T)
    found = orthogonalise(update)
    found = found if shape[0] <= shape[1] else found.T
    assert functional.cosine_similarity(found.flatten(), wanted.flatten(), dim=0) > 0.99


def test_fast_kernels_give_what_the_plain_ones_give_and_go_again() -> None:
    attention, normalise = functional.scaled_dot_product_attention, functional.group_norm
    query = torch.randn(2, 2, 5, 8)
    picture = torch.randn(2, 8, 4, 4)
    norm = torch.nn.GroupNorm(2, 8)
    with fast_kernels():
        attended = functional.scaled_dot_product_attention(query.bfloat16(), query.bfloat16(), query.bfloat16())
        normed = norm.bfloat16()(picture.bfloat16())
    assert attended.dtype == normed.dtype == torch.bfloat16
    assert torch.allclose(attended.float(), attention(query, query, query), atol=0.03)
    assert torch.allclose(normed.float(), normalise(picture, 2), atol=0.03)
    assert functional.scaled_dot_product_attention is attention
    assert functional.group_norm is normalise


def test_steps_move_the_master_and_the_copy_follows() -> None:
    master = torch.nn.Sequential(torch.nn.Linear(6, 6), torch.nn.Linear(6, 1))
    half = HalfCopy(master)
    optimizer = make_muon(master, 1e-2)
    x, losses = torch.randn(64, 6), []
    for _ in range(60):
        loss = (half.work(x.bfloat16()).float()[:, 0] - x[:, 0]).square().mean()
        loss.backward()
        half.step(optimizer, 1.0)
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.2 * losses[0]
    assert all(torch.equal(work, weight.bfloat16()) for work, weight in zip(half.work.parameters(), master.parameters()))


def test_a_gradient_that_is_not_finite_moves_nothing() -> None:
    master = torch.nn.Linear(3, 3)
    half, before = HalfCopy(master), master.weight.clone()
    (half.work(torch.full((2, 3), float("inf")).bfloat16()).float().sum()).backward()
    half.step(make_muon(master, 1e-2), 1.0)
    assert torch.equal(master.weight, before)


def test_rate_stays_until_the_last_part_of_the_budget() -> None:
    rates = [constant_then_down(step, 1000, 10, 1.0) for step in (0, 9, 10, 699, 850, 999)]
    assert rates == pytest.approx([0.1, 1.0, 1.0, 1.0, 0.5, 0.02], abs=5e-3)


@pytest.mark.parametrize("has_bfloat16", (True, False))
def test_a_cpu_works_in_bfloat16_only_where_it_has_the_instructions(monkeypatch: pytest.MonkeyPatch, has_bfloat16: bool) -> None:
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: has_bfloat16)
    assert work_dtype(CPU) == (torch.bfloat16 if has_bfloat16 else torch.float32)
    assert work_dtype(GPU) == torch.bfloat16
