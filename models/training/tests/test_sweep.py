"""Texts are judged at shared looks, a sweep takes what the judge sees twice, and the pooler learns what was gained."""

import torch

from training.distil import anchored_loss, targets
from training.found_words import FoundWords
from training.from_nothing import SearchSettings, chances, gains_loss, propose, rivals_at
from training.networks import Pooler
from training.patch_words import PatchWords
from training.place_words import PlaceWords
from training.presets import TINY
from training.sweep import SweepSettings, Swept, likely_rivals, sweep
from training.text_judge import TextJudge

LEVELS = (0.5, 0.8)


def pooler_of(length: int) -> Pooler:
    return Pooler(length, TINY.backbone_width, TINY.pooler_layers)


def test_texts_of_one_picture_are_judged_at_the_same_looks(decoder, lessons) -> None:
    judge = TextJudge(decoder, pooler_of(5).allowed)
    first, other = torch.arange(5), torch.arange(5, 10)
    rows = torch.stack([first, first, other, first])
    losses = judge.losses(lessons.latents, torch.tensor([1, 1, 1, 2]), rows, LEVELS)
    assert losses.shape == (4, 2) and judge.evaluations == 8
    assert torch.equal(losses[0], losses[1])
    assert not torch.equal(losses[0], losses[2]) and not torch.equal(losses[0], losses[3])


def test_an_empty_place_is_a_shorter_text(decoder, lessons) -> None:
    judge = TextJudge(decoder, pooler_of(5).allowed)
    rows = torch.tensor([[7, -1, 9], [7, 9, -1]])
    losses = judge.losses(lessons.latents, torch.tensor([0, 0]), rows, LEVELS)
    assert torch.equal(losses[0], losses[1])


def test_a_sweep_lowers_the_loss_at_looks_it_never_saw(decoder, lessons) -> None:
    pooler = pooler_of(5)
    judge = TextJudge(decoder, pooler.allowed)
    logits = pooler(lessons.features)[0].detach()
    settings = SweepSettings(rivals=8, least_odds=0.0, price=0.0, last_levels=(0.4, 0.5, 0.6, 0.7, 0.8, 0.9))
    words = likely_rivals(logits, logits.argmax(-1), settings)
    swept = sweep(judge, lessons.latents, logits, words, settings)
    before, after = words[..., 0], swept.rows
    assert not torch.equal(before, after)
    pictures = torch.arange(4).repeat(2)
    losses = judge.losses(lessons.latents, pictures, torch.cat([before, after]), (0.45, 0.55, 0.65, 0.75, 0.85) * 4)
    assert losses[4:].mean() < losses[:4].mean()


def test_words_that_cost_too_much_and_places_without_rivals_stay(decoder, lessons) -> None:
    pooler = pooler_of(5)
    judge = TextJudge(decoder, pooler.allowed)
    logits = pooler(lessons.features)[0].detach()
    dear = SweepSettings(rivals=3, least_odds=0.0, price=1e3)
    words = likely_rivals(logits, logits.argmax(-1), dear)
    assert torch.equal(sweep(judge, lessons.latents, logits, words, dear).rows, words[..., 0])
    judge.evaluations = 0
    sure = SweepSettings(least_odds=2.0)
    words = likely_rivals(logits, logits.argmax(-1), sure)
    swept = sweep(judge, lessons.latents, logits, words, sure)
    assert torch.equal(swept.rows, words[..., 0]) and judge.evaluations == 0 and not swept.gains.any()


def test_a_gain_of_the_price_makes_a_word_e_times_likelier() -> None:
    anchor = torch.randn(1, 2, 6)
    words, gains = torch.tensor([[[3, 1, -1], [0, -1, -1]]]), torch.tensor([[[0.0, 0.002, 0.9], [0.0, 0.0, 0.0]]])
    wanted = targets(words, gains, anchor, 0.002)
    odds = anchor.softmax(-1)
    ratio = (wanted[0, 0, 1] / wanted[0, 0, 3]) / (odds[0, 0, 1] / odds[0, 0, 3])
    assert torch.isclose(ratio, torch.tensor(1.0).exp())
    assert torch.allclose(wanted[0, 1], odds[0, 1])
    assert anchored_loss(anchor, words, torch.zeros_like(gains), anchor, 0.002).abs() < 1e-6


def test_words_that_were_not_tried_are_not_judged() -> None:
    logits = torch.zeros(1, 1, 6, requires_grad=True)
    choice = torch.tensor([[True, True, True, True, False, False]])
    words, gains = torch.tensor([[[-1, 0, 1]]]), torch.tensor([[[0.0, 0.01, 0.0]]])
    gains_loss(logits, words, gains, choice, 0.005).backward()
    gradient = logits.grad[0, 0]
    assert gradient[0] < 0 < gradient[1]
    # Words of the place that this trial left out are neither raised nor lowered; words of other places are lowered.
    assert gradient[2] == gradient[3] == 0 and gradient[4] > 0


def test_free_proposals_keep_to_the_words_of_their_place() -> None:
    choice = PlaceWords(5)
    asked = torch.rand(40, 5) < 0.3
    words = propose(torch.randn(40, 5, choice.mask.shape[1]), choice, asked, 16, SearchSettings())
    assert words.shape == (40, 5, 1 + SearchSettings().sweep.rivals)
    pictures, places, columns = (words >= 0).nonzero(as_tuple=True)
    assert choice.mask[places, words[pictures, places, columns]].all()
    assert torch.equal((words[..., 1:] >= 0).any(-1), asked) and (words[..., 0][asked] == -1).all()
    for row in words[asked]:
        tried = row[row >= 0].tolist()
        assert len(tried) == len(set(tried))


def test_places_are_tried_where_most_is_gained() -> None:
    found = FoundWords(4, 3, 2)
    assert torch.allclose(chances(found.worth(), 0.6), torch.full((3,), 0.2))
    words = torch.tensor([[[0, 1], [0, 1], [0, -1]]]).expand(2, 3, 2)
    found.add(torch.arange(2), Swept(words[..., 0], words, torch.tensor([[[0.0, 0.04], [0.0, 0.02], [0.0, 0.0]]]).expand(2, 3, 2)))
    assert torch.allclose(found.worth(), torch.tensor([0.04, 0.02, 0.0]), atol=1e-4)
    assert torch.allclose(chances(found.worth(), 0.5), torch.tensor([0.4, 0.1, 0.03]), atol=1e-3)


def test_a_pupil_answers_as_a_pooler_does(lessons) -> None:
    pupil, pooler = PatchWords(5, TINY.backbone_width), pooler_of(5)
    for found, wanted in zip(pupil(lessons.features), pooler(lessons.features)):
        assert found.shape == wanted.shape
    assert torch.allclose(pupil(lessons.features)[1].sum(-1), torch.ones(4, 5))


def test_the_oldest_findings_give_way() -> None:
    found = FoundWords(4, 2, 3)
    for first in (0, 3):
        rows = torch.full((3, 2), first)
        found.add(torch.arange(first, first + 3), Swept(rows, rows[..., None].expand(3, 2, 3), torch.full((3, 2, 3), 0.5)))
    assert len(found) == 4
    assert sorted(found.pictures.tolist()) == [2, 3, 4, 5]
    pictures, words, gains = found.draw(16)
    assert set(pictures.tolist()) <= {2, 3, 4, 5} and gains.dtype == torch.float32
    assert torch.equal(words[:, 0, 0] == 3, pictures >= 3)


def test_a_longer_budget_goes_on_with_the_findings_of_a_shorter_one() -> None:
    shorter, longer = FoundWords(2, 2, 3), FoundWords(4, 2, 3)
    rows = torch.full((3, 2), 7)
    shorter.add(torch.arange(3), Swept(rows, rows[..., None].expand(3, 2, 3), torch.full((3, 2, 3), 0.5)))
    longer.load_state_dict(shorter.state_dict())
    assert len(longer) == 2 and sorted(longer.pictures[:2].tolist()) == [1, 2]
    assert torch.equal(longer.words[:2], shorter.words)
    longer.add(torch.tensor([9]), Swept(rows[:1], rows[:1, :, None].expand(1, 2, 3), torch.full((1, 2, 3), 0.5)))
    assert len(longer) == 3 and int(longer.pictures[2]) == 9


def test_fewer_words_are_tried_the_longer_the_pupil_has_learned() -> None:
    settings = SearchSettings(wide_steps=2, narrow=16, narrow_steps=4, narrowest=8)
    assert [rivals_at(step, settings) for step in range(6)] == [settings.sweep.rivals] * 2 + [16] * 2 + [8] * 2
