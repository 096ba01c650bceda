"""What decides the numbers of a run. A run that is resumed must be asked for the same."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from convert.refusal import Refusal

from ..export_pack import write_json

Form = Literal["straight-through", "relaxed"]


@dataclass(frozen=True)
class Settings:
    """Defaults are the paper's (arXiv:2311.00618), but for the optimiser: AdamW at its rate instead of Adafactor."""

    decoder: str
    """Folder or hub id of a diffusers pipeline: Stable Diffusion 1.x, 2.x, Turbo or XL."""
    images: str
    backbone: str
    tokens: tuple[int, ...] = (75,)
    """Lengths of the texts; each is a pooler of its own and costs a run of the decoder in every step."""
    side: int | None = None
    """Pixels of the square the decoder's loss is asked about; None: what the decoder was trained on."""
    width: int = 1024
    blocks: int = 5
    steps: int = 500_000
    batch: int = 2048
    """Pictures a step, over all devices."""
    rate: float = 3e-4
    warm_up: int = 10_000
    hot: float = 2.0
    cold: float = 0.3
    form: Form = "straight-through"
    noise_low: float = 0.0
    """Noise levels are drawn evenly between these shares of the decoder's timesteps; the paper takes all of them."""
    noise_high: float = 1.0
    average: float = 0.9999
    held_out: int = 512
    seed: int = 0
    half: bool = False
    """Whether the frozen parts run in bfloat16, and the pooler under autocast to it."""

    def keep(self, run: Path) -> None:
        """Writes `settings.json` into a new run; one process does it for all.

        Raises Refusal where the run was begun with others: its numbers would be neither the old run's nor a new one's.
        """
        path = Path(run) / "settings.json"
        wanted = json.loads(json.dumps(asdict(self)))
        if path.exists():
            known = json.loads(path.read_text(encoding="utf-8"))
            other = [f"{name} was {known.get(name)} and is {value}" for name, value in wanted.items() if known.get(name) != value]
            if other:
                hint = "Ask for the same to go on with that run, or name another folder with --run."
                raise Refusal("request-invalid", f"The run in {run} was begun with other settings: {'; '.join(other)}.", hint)
        else:
            partial = path.with_suffix(".partial")
            write_json(partial, wanted)
            partial.replace(path)


def temperature_at(settings: Settings, step: int) -> float:
    """From `hot` to `cold`, exponentially over the whole run (section 3.1 of the paper)."""
    return settings.hot * (settings.cold / settings.hot) ** (step / max(1, settings.steps - 1))
