"""What a plan says is counted, and what it expects comes from a pilot's own log."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from convert.refusal import Refusal

from training.photographs.plan import Demand, count_demand, fit_losses, plan_run
from training.photographs.settings import Settings, small


ASKED = Settings("decoder", "images", "backbone", tokens=(5,), steps=1000, batch=64)
DEMAND = Demand(operations=3e12, kept=3e9, weights=6e9, trained=130_000_000)


def test_recomputing_takes_less_memory_and_more_operations(toys) -> None:
    asked = replace(ASKED, decoder=str(toys.decoder), backbone=str(toys.backbone), width=32, blocks=1)
    kept, again = (count_demand(asked, saves_memory) for saves_memory in (False, True))
    assert again.kept < kept.kept and again.operations > 1.1 * kept.operations
    assert kept.trained == again.trained > 0


def test_twice_the_devices_take_half_the_time_at_the_same_cost() -> None:
    one, two = (plan_run(ASKED, DEMAND, gpus, 2.0, 4, None).splitlines() for gpus in ("1xl4", "2xl4"))
    assert one[2] == "Memory: about 20.0 of 24 GB with 4 pictures at once; 5 would fit."
    assert one[3].endswith("16 parts a step.") and two[3].endswith("8 parts a step.")
    # 64,000 pictures of 3 x 10^12 operations at 35 % of 121 x 10^12 a second.
    assert one[4].startswith("Time: 75.6 minutes") and two[4].startswith("Time: 37.8 minutes")
    assert one[5] == two[5] == "Cost: 1 GPU hours, 3 at 2 an hour."
    assert "train a pilot" in one[6] and "6.43 at 75" in one[7]


def test_a_search_takes_the_losses_it_asks_and_what_is_learned_of_them(toys) -> None:
    asked = replace(small(ASKED), decoder=str(toys.decoder), backbone=str(toys.backbone), width=32, blocks=1, words="31")
    demand = count_demand(asked, saves_memory=False)
    # A loss is a run of the text encoder and the U-Net, without the way back that a picture of the relaxation takes.
    relaxed = count_demand(replace(asked, method="relaxation", words="all"), saves_memory=False)
    assert 0 < demand.asking < relaxed.operations / 2 and 0 < demand.operations < relaxed.operations
    told = plan_run(replace(asked, searched=640_000), replace(demand, asking=1e12, operations=1e9), "1xl4", None, 8, None).splitlines()
    # 640,000 pictures x 81 losses x 10^12 operations at 35 % of 121 x 10^12 a second, and 1.28 million times 10^9 of learning.
    assert "81 losses of 1.00 x 10^12 operations, 14.2 days" in told[1] and told[5].startswith("Time: 14.2 days")
    assert "for no way back" in told[3]


def test_unknown_gpus_and_batches_that_cannot_be_shared_are_refused() -> None:
    with pytest.raises(Refusal, match="no number of known GPUs"):
        plan_run(ASKED, DEMAND, "8xabacus", None, 8, None)
    with pytest.raises(Refusal, match="cannot be shared"):
        plan_run(ASKED, DEMAND, "3xh100", None, 8, None)


def test_a_power_law_is_found_again(tmp_path: Path) -> None:
    steps = np.arange(1, 2001)
    exponent, error, level = fit_losses(steps, 0.8 * steps**-0.1)
    assert abs(exponent + 0.1) < 0.005 and error < 0.005 and abs(level - 0.8) < 0.03
    assert fit_losses(steps[:8], np.ones(8)) is None
    (tmp_path / "pooler").mkdir()
    rows = "\n".join(f"{step - 1},{step * 2.0},{0.8 * step**-0.1}" for step in steps)
    (tmp_path / "pooler/losses.csv").write_text(f"step,seconds,loss\n{rows}\n")
    plan = plan_run(ASKED, DEMAND, "1x4090", None, 8, tmp_path)
    assert "The pilot took 2.00 s a step" in plan and "to the power of -0.099" in plan
