"""A search finds words that a judge was made to like, and a pupil that learns from it comes to say them; each step of it by itself."""

import pytest
import torch
from convert.refusal import Refusal
from torch import nn

from training.photographs.allowed_words import allowed_ids
from training.photographs.backbone import load_backbone
from training.photographs.frozen_decoder import Frozen, load_decoder
from training.photographs.word_search import PictureJudge, SearchSettings, Tried, gains_loss, propose, search_words
from training.sweep import SweepSettings

from .toys import SIDE

WORDS, PLACES, KINDS = 60, 4, 6
SEARCH = SearchSettings(depth=2, sweep=SweepSettings(rivals=12, first_levels=(0.6,), finalists=3, last_levels=(0.5, 0.85), price=0.0, doubt_looks=0.0))


class KnownJudge:
    """A decoder whose loss is known: each kind of picture has three words, of which each lowers the loss once, and every other word raises it."""

    def __init__(self):
        self.right = torch.stack([torch.randperm(WORDS)[:3] for _ in range(KINDS)])
        self.worth = torch.tensor([0.05, 0.03, 0.02])

    def losses(self, latents: torch.Tensor, pictures: torch.Tensor, rows: torch.Tensor, levels: tuple[float, ...]) -> torch.Tensor:
        right = self.right[latents[pictures, 0].long()]
        said = (rows[:, :, None] == right[:, None]).any(1)
        wrong = ((rows[:, :, None] != right[:, None]).all(-1) & (rows >= 0)).sum(1)
        shared = torch.randn(len(latents), len(levels))[pictures]
        return 1 + shared + (0.01 * wrong - (said * self.worth).sum(1))[:, None] + 0.002 * torch.randn(len(rows), len(levels))


def test_a_pupil_learns_from_what_was_found_and_says_the_dearest_word_first() -> None:
    torch.manual_seed(3)
    judge, pupil = KnownJudge(), nn.Linear(KINDS, PLACES * WORDS)
    nn.init.zeros_(pupil.weight), nn.init.zeros_(pupil.bias)
    optimizer = torch.optim.Adam(pupil.parameters(), 0.1)
    found = []
    for _ in range(20):
        kinds = torch.randint(KINDS, (48,))
        features = nn.functional.one_hot(kinds, KINDS).float()
        with torch.no_grad():
            logits = pupil(features).view(-1, PLACES, WORDS)
        found.append((features, search_words(judge, kinds[:, None].float(), logits, None, SEARCH)))
        for _ in range(40):
            seen, tried = found[int(torch.randint(len(found), ()))]
            loss = gains_loss(pupil(seen).view(-1, PLACES, WORDS), tried, 0.006, 2)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    said = pupil(torch.eye(KINDS)).view(KINDS, PLACES, WORDS)
    assert torch.equal(said[:, 0].argmax(-1), judge.right[:, 0])
    assert (said[:, :3].argmax(-1).sort(-1).values == judge.right.sort(-1).values).float().mean() > 0.9
    # Where nothing is left to say, silence is likelier than any word.
    assert (said[:, 3].amax(-1) < said[:, 0].amax(-1)).all() and said[:, 3].amax(-1).median() < 0.5


def test_texts_grow_from_what_the_pupil_is_sure_of() -> None:
    torch.manual_seed(4)
    logits = torch.full((200, PLACES, WORDS), -1.0)
    logits[:, 0, 7] = 5.0
    guided = torch.tensor([7, *range(20, 40)]).expand(200, -1)
    first, asked, words = propose(logits, guided, SEARCH)
    # Where the pupil is sure, and after it; now and then anywhere.
    begun = first.bincount(minlength=3)
    assert begun.sum() == 200 and begun[0] > 60 and begun[1] > 60 and 10 < begun[2] < 50
    for text, begun in zip(words, first.tolist()):
        assert text[:, 0].tolist() == [7, -1, -1, -1][:begun] + [-1] * (PLACES - begun)
        assert (text[:, 1:] >= 0).any(-1).nonzero()[:, 0].tolist() == [begun, begun + 1]
        for place in (begun, begun + 1):
            tried = text[place, 1:].tolist()
            assert len(set(tried)) == 12 and all(20 <= word < 40 or (word, begun) == (7, 0) for word in tried[6:])
    assert torch.equal(asked, (words[..., 1:] >= 0).any(-1))


def test_no_more_is_tried_than_there_are_words() -> None:
    first, _, words = propose(torch.zeros(3, 2, 5), torch.tensor([[1, 2]] * 3), SearchSettings())
    assert first.tolist() == [0, 0, 0] and words.max() < 5
    for tried in words[:, :, 1:].flatten(0, 1).tolist():
        said = [word for word in tried if word >= 0]
        assert len(said) == len(set(said)) >= 2


def test_silence_is_one_of_the_words_tried() -> None:
    tried = Tried(torch.tensor([1]), torch.tensor([[[2, 0, -1]]]), torch.tensor([[[0.01, -0.02, 0.0]]]))
    logits = torch.zeros(1, 3, 4, requires_grad=True)
    loss = gains_loss(logits, tried, 0.01, 1)
    taught = torch.tensor([0.0, 1.0, -2.0]).softmax(0)
    assert torch.isclose(loss, -(taught * torch.zeros(3).log_softmax(0)).sum())
    loss.backward()
    # Word 2 rises and word 0 falls, at their place alone; a word that was not tried stays.
    assert logits.grad[0, 1, 2] < 0 < logits.grad[0, 1, 0] and logits.grad[0, 1, [1, 3]].abs().sum() == 0
    assert logits.grad[0, [0, 2]].abs().sum() == 0
    # A pooler that ends before the place learns nothing of it.
    assert gains_loss(logits[:, :1], tried, 0.01, 1) == 0


def test_the_judge_asks_the_decoders_own_loss(toys) -> None:
    decoder = load_decoder(str(toys.decoder))
    allowed = torch.tensor(allowed_ids(decoder.vocabulary))
    latents, rows = torch.randn(2, 4, 8, 8), torch.tensor([[3, -1, 5], [-1, -1, -1], [3, 5, -1], [1, 2, 4]])
    pictures, levels = torch.tensor([0, 1, 0, 1]), (0.5, 0.8)
    found = []
    for at_once in (1, 3, 8):
        torch.manual_seed(9)
        judge = PictureJudge(Frozen(load_backbone(str(toys.backbone)), decoder, SIDE), allowed, at_once)
        found.append(judge.losses(latents, pictures, rows, levels))
        assert judge.evaluations == 8
    assert torch.allclose(found[0], found[1], atol=1e-5) and torch.allclose(found[0], found[2], atol=1e-5)
    # An empty place says nothing, and what is left moves together.
    assert torch.allclose(found[0][0], found[0][2], atol=1e-5) and not torch.allclose(found[0][1], found[0][3], atol=1e-4)
    torch.manual_seed(9)
    noise = torch.randn(2, *latents.shape)
    told = decoder.conditions_of_ids(allowed[rows[3:]], SIDE)
    assert torch.isclose(decoder.errors(latents[1:], noise[1, 1:], torch.tensor([800]), told)[0], found[0][3, 1], atol=1e-5)


def test_what_may_be_said_is_all_or_the_commonest_or_a_persons_list(tmp_path) -> None:
    vocabulary = {token: index for index, token in enumerate(("!", "a</w>", "the</w>", "ca", "cat</w>", "café</w>", "red</w>", "stop.</w>", "dog</w>"))}
    assert allowed_ids(vocabulary) == [1, 2, 3, 4, 6, 8]
    assert allowed_ids(vocabulary, "3") == [2, 4, 6]
    listed = tmp_path / "words.txt"
    listed.write_text("Dog\ncat\ncat\n")
    assert allowed_ids(vocabulary, str(listed)) == [4, 8]
    listed.write_text("dog\ndoghouse\n")
    with pytest.raises(Refusal, match="1 words of .* no single token of the decoder: doghouse"):
        allowed_ids(vocabulary, str(listed))
    with pytest.raises(Refusal, match="neither all"):
        allowed_ids(vocabulary, "nowhere.txt")
    with pytest.raises(Refusal, match="leaves 1 words"):
        allowed_ids(vocabulary, "1")
