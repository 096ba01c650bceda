"""Runs the recipe: `python -m training --preset cpu --run FOLDER [--only stage]`; every stage resumes."""

import argparse
from pathlib import Path

import torch

from .presets import PRESETS
from .stages import STAGES


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--preset", choices=sorted(PRESETS), default="cpu")
    parser.add_argument("--run", type=Path, required=True, help="folder for checkpoints, logs and grids")
    parser.add_argument("--only", choices=list(STAGES), help="one stage; earlier ones must have run")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    preset = PRESETS[arguments.preset]
    torch.set_default_device(preset.device)
    dtype = getattr(torch, preset.dtype)
    with torch.autocast(preset.device, dtype, enabled=dtype != torch.float32):
        for name, stage in STAGES.items():
            if arguments.only in (None, name):
                stage(preset, arguments.run)


if __name__ == "__main__":
    main()
