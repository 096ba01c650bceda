"""What the judge has said so far: for pictures and places, the words that were tried and their gains; kept in the checkpoint."""

import torch

from .sweep import Swept


class FoundWords(torch.nn.Module):
    """Room for `capacity` swept texts of `places` places with `tried` words each; the oldest give way."""

    def __init__(self, capacity: int, places: int, tried: int):
        super().__init__()
        self.register_buffer("pictures", torch.zeros(capacity, dtype=torch.int32))
        self.register_buffer("words", torch.full((capacity, places, tried), -1, dtype=torch.int16))
        self.register_buffer("gains", torch.zeros(capacity, places, tried, dtype=torch.float16))
        self.register_buffer("count", torch.zeros((), dtype=torch.long))

    def load_state_dict(self, state_dict: dict[str, torch.Tensor], *given, **more):
        """A longer budget goes on from a shorter one: what that one kept stands at the beginning of the room."""
        rows = len(state_dict["pictures"])
        if rows < len(self.pictures):
            larger = {name: value.clone() for name, value in self.state_dict().items()}
            for name in ("pictures", "words", "gains"):
                larger[name][:rows] = state_dict[name]
            larger["count"] = state_dict["count"].clamp(max=rows)
            state_dict = larger
        return super().load_state_dict(state_dict, *given, **more)

    def __len__(self) -> int:
        return min(int(self.count), len(self.pictures))

    def add(self, pictures: torch.Tensor, swept: Swept) -> None:
        """Keeps the sweep of `pictures` [n], which are numbers of lessons."""
        at = (int(self.count) + torch.arange(len(pictures))) % len(self.pictures)
        self.pictures[at] = pictures.int()
        self.words[at] = swept.words.short()
        self.gains[at] = swept.gains.half()
        self.count += len(pictures)

    def worth(self) -> torch.Tensor:
        """Mean gain of the best word at each place where words were tried, [places]; 0 where none was."""
        words, gains = self.words[: len(self)], self.gains[: len(self)].float()
        tried = (words[..., 1:] >= 0).any(-1)
        best = gains.max(-1).values * tried
        return best.sum(0) / tried.sum(0).clamp(min=1)

    def draw(self, number: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Pictures [number], words and gains [number, places, tried] of texts at random."""
        at = torch.randint(len(self), (number,))
        return self.pictures[at].long(), self.words[at].long(), self.gains[at].float()
