"""Converts a checkpoint: `python -m convert --checkpoint model.safetensors --output FOLDER [--lora FILE WEIGHT] [--vae FILE] [--dtype fp16]`.

Standard output has one JSON object a line; standard error whatever libraries say. With `--ends-with-input` the end of standard input ends it,
so that it never outlives the program that started it.
"""

import argparse
import os
import sys
import threading
import traceback
from pathlib import Path

from .report import Report


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m convert", description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True, help="folder for graphs, configs and conversion.json")
    parser.add_argument("--lora", nargs=2, action="append", default=[], metavar=("FILE", "WEIGHT"), help="may be given several times")
    parser.add_argument("--vae", type=Path, help="autoencoder to take instead of the checkpoint's")
    parser.add_argument("--dtype", choices=("fp32", "fp16"), default="fp32")
    parser.add_argument("--prediction", choices=("epsilon", "v_prediction"), help="what the U-Net predicts, where the file says nothing or is wrong")
    parser.add_argument("--threads", type=int, default=0, help="0: as many as PyTorch takes")
    parser.add_argument("--ends-with-input", action="store_true")
    arguments = parser.parse_args()
    # Before any library of the hub is loaded: it asks nobody, whatever a config names.
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", DISABLE_TELEMETRY="1")
    report = Report.take_standard_output()
    if arguments.ends_with_input:
        threading.Thread(target=_end_with_input, daemon=True).start()
    return run(arguments, report)


def run(arguments: argparse.Namespace, report: Report) -> int:
    """0 where the folder is written; 1 where it is not, which the last line says."""
    from .refusal import Refusal

    try:
        import torch

        from .conversion import Order, convert, require_room

        if arguments.threads > 0:
            torch.set_num_threads(arguments.threads)
        loras = tuple((Path(file), float(weight)) for file, weight in arguments.lora)
        order = Order(arguments.checkpoint, loras, arguments.vae, arguments.dtype, arguments.prediction, arguments.output)
        require_room(order)
        report.done(convert(order, report))
        return 0
    except Refusal as refusal:
        report.failed(refusal.code, refusal.message, refusal.hint, refusal.details)
    except MemoryError:
        report.failed("memory-exceeded", "This machine has too little memory for this model.", "Close other programs, or convert it on a larger machine.", {})
    except ImportError as error:
        report.failed("internal", "A Python package that the conversion needs is missing.", "Make its environment anew.", {"reason": str(error)[:500]})
    except Exception as error:  # noqa: BLE001 - told to the program that started this, and whole on standard error
        traceback.print_exc()
        report.failed("internal", "The conversion failed for a reason that nobody expected.", "The details say what it was; please report it.", {"reason": f"{type(error).__name__}: {error}"[:500]})
    return 1


def _end_with_input() -> None:
    """Who started this holds its standard input; when they are gone, for whatever reason, it ends at once."""
    # Not through sys.stdin: its lock would be held when the interpreter ends, which ends it with an abort.
    while os.read(sys.stdin.fileno(), 4096):
        continue
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
