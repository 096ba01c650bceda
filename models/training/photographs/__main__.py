"""Trains an encoder for photographs: `python -m training.photographs --decoder ID --images FOLDER --backbone ID --out PACK`.

Run it again to go on after a kill. `torchrun --nproc-per-node 8 -m training.photographs …` (or accelerate launch) takes many devices.
`--plan` trains nothing: it says what the run would take.
"""

import argparse
import sys
from dataclasses import fields, replace
from pathlib import Path

from convert.refusal import Refusal

from .held_out import Redrawing
from .plan import count_demand, plan_run
from .run import Order, carry_out
from .settings import SMALL_BUDGET, Settings, small
from .training_loop import Pace


def main() -> int:
    arguments = _parser().parse_args()
    settings = _settings(arguments)
    try:
        if arguments.plan:
            demand = count_demand(settings, arguments.gradient_checkpointing)
            print(plan_run(settings, demand, arguments.gpus, arguments.price, arguments.micro_batch, arguments.run))
            return 0
        pace = Pace(arguments.micro_batch, arguments.workers, arguments.save_minutes * 60, arguments.log_steps, arguments.look_steps)
        redrawing = Redrawing(arguments.redraws, arguments.draw_steps, arguments.guidance)
        run = arguments.run or arguments.out.with_name(f"{arguments.out.name}.run")
        carry_out(Order(settings, pace, redrawing, run, arguments.out, arguments.judge, arguments.gradient_checkpointing))
        return 0
    except Refusal as refusal:
        print(f"{refusal.message}\n{refusal.hint}", file=sys.stderr)
        return 1


def _settings(arguments: argparse.Namespace) -> Settings:
    """What was asked for; the paper's sizes or a search's, as the method is, for what was not."""
    given = {field.name: getattr(arguments, field.name) for field in fields(Settings) if getattr(arguments, field.name, None) is not None}
    given |= {"tokens": tuple(sorted({int(length) for length in arguments.tokens.split(",")})), "half": arguments.dtype == "bf16"}
    paper = replace(Settings("", "", ""), **given)
    method = arguments.method or ("search" if paper.steps * paper.batch < SMALL_BUDGET else "relaxation")
    return replace(small(paper), **given) if method == "search" else replace(paper, method=method)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.photographs", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--decoder", required=True, help="folder or hub id of a diffusers pipeline")
    parser.add_argument("--images", default="", help="folder of pictures, tar shards or parquet")
    parser.add_argument("--backbone", required=True, help="folder or hub id of CLIP, SigLIP or DINOv2; timm:NAME or timm:NAME@FILE")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pack")
    parser.add_argument("--run", type=Path, help="folder for checkpoints and figures; default: PACK.run; all processes must see it")
    parser.add_argument("--tokens", default="75", help="lengths of the texts, as 15,75")
    parser.add_argument("--method", choices=("search", "relaxation"), help="default: search for fewer than ten million pictures (steps x batch), else the paper's relaxation")
    parser.add_argument("--words", help="what may be said: all, a number of the commonest whole words, or a file of words; default: 4096 for a search, else all")
    parser.add_argument("--guide", help="folder or hub id of a CLIP or SigLIP whose likeliest words a search tries first")
    parser.add_argument("--side", type=int, help="pixels of the training pictures; default: the decoder's own")
    for name in ("width", "blocks", "steps", "batch", "warm_up", "held_out", "searched", "rounds", "seed"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int)
    for name in ("rate", "hot", "cold", "noise_low", "noise_high", "average"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=float)
    parser.add_argument("--form", choices=("straight-through", "relaxed"), help="of the relaxation")
    parser.add_argument("--dtype", choices=("bf16", "fp32"), default="bf16")
    parser.add_argument("--micro-batch", type=int, default=8, help="pictures a device has in memory at once")
    parser.add_argument("--gradient-checkpointing", action="store_true", help="less memory, about a fifth more operations")
    parser.add_argument("--workers", type=int, default=4, help="processes that read pictures, for each device")
    parser.add_argument("--save-minutes", type=float, default=10.0)
    parser.add_argument("--log-steps", type=int, default=20)
    parser.add_argument("--look-steps", type=int, default=1000, help="steps between looks at held-out pictures")
    parser.add_argument("--judge", help="another backbone that says how near redraws are; default: the reader's own, which flatters")
    parser.add_argument("--redraws", type=int, default=32)
    parser.add_argument("--draw-steps", type=int, default=30)
    parser.add_argument("--guidance", type=float, default=3.0)
    parser.add_argument("--plan", action="store_true", help="say what it takes, and train nothing")
    parser.add_argument("--gpus", default="1x4090", help="for --plan: how many of which, as 8xh100")
    parser.add_argument("--price", type=float, help="for --plan: what an hour of one GPU costs")
    return parser


if __name__ == "__main__":
    sys.exit(main())
