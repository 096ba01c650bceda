"""What decides the numbers of a run. A run that is resumed must be asked for the same."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from convert.refusal import Refusal

from ..export_pack import write_json

Form = Literal["straight-through", "relaxed"]
Method = Literal["relaxation", "search"]
# The paper's way was never seen to learn from less than a hundredth of its thousand million pictures; below that a search is the default.
SMALL_BUDGET = 10_000_000
# So many pictures are searched together, by one process, and kept in one file; a kill loses no more.
TOGETHER = 32


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
    method: Method = "relaxation"
    """The paper's relaxation, or search and distil (`search_teacher.py`); the decoder's loss is the only teacher of both."""
    words: str = "all"
    """What may be said, as `allowed_ids` takes it."""
    searched: int = 50_000
    """Pictures whose words are searched, over all rounds."""
    rounds: int = 10
    """How often what was learned searches again; the steps are shared among them."""
    guide: str = ""
    """Folder or hub id of a CLIP or SigLIP whose likeliest words a search tries first; it proposes and teaches nothing."""

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


def small(settings: Settings) -> Settings:
    """The same with what a search on one GPU begins with in place of the paper's sizes."""
    return replace(settings, method="search", steps=5_000, batch=256, warm_up=200, average=0.999, words="4096")


def round_sizes(settings: Settings) -> tuple[int, int]:
    """Files and steps of a search's round: pictures are searched in whole files, and the last round has the steps that are left."""
    return max(1, round(settings.searched / settings.rounds / TOGETHER)), max(1, -(-settings.steps // settings.rounds))


def pictures_taught(settings: Settings) -> int:
    """Pictures about which the decoder's loss is asked."""
    return round_sizes(settings)[0] * TOGETHER * settings.rounds if settings.method == "search" else settings.steps * settings.batch


def temperature_at(settings: Settings, step: int) -> float:
    """From `hot` to `cold`, exponentially over the whole run (section 3.1 of the paper)."""
    return settings.hot * (settings.cold / settings.hot) ** (step / max(1, settings.steps - 1))
