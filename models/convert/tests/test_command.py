"""The recipe as a program: lines for whoever started it, and an end when they are gone."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from ..graphs import DATA_FILE, gather_weights

MODELS = Path(__file__).parents[2]


def start(*arguments: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "convert", "--threads", "1", *arguments]
    return subprocess.Popen(command, cwd=MODELS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_standard_output_is_json_a_line_and_fractions_never_fall(tmp_path: Path, checkpoint: Callable[[str], Path]) -> None:
    process = start("--checkpoint", str(checkpoint("sd1")), "--output", str(tmp_path / "pack"))
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    lines = [json.loads(line) for line in output.splitlines()]
    fractions = [line["fraction"] for line in lines[:-1]]
    assert fractions == sorted(fractions) and {line["type"] for line in lines[:-1]} == {"progress"}
    assert lines[-1]["type"] == "done" and lines[-1]["conversion"]["family"] == "sd1"


def test_a_refusal_is_the_last_line(tmp_path: Path) -> None:
    path = tmp_path / "model.ckpt"
    path.write_bytes(b"\x80\x04.")
    process = start("--checkpoint", str(path), "--output", str(tmp_path / "pack"), "--ends-with-input")
    # Its standard input stays open to the end, as it does while whoever started it lives.
    output = process.stdout.read()
    last = json.loads(output.splitlines()[-1])
    assert (process.wait(), last["type"], last["code"]) == (1, "failed", "file-unreadable")
    assert ".safetensors" in last["hint"]
    process.communicate()


def test_it_ends_with_whoever_started_it(tmp_path: Path, checkpoint: Callable[[str], Path]) -> None:
    process = start("--checkpoint", str(checkpoint("sd1")), "--output", str(tmp_path / "pack"), "--ends-with-input")
    process.stdin.close()
    began = time.monotonic()
    assert process.wait(60) == 1
    assert not (tmp_path / "pack" / "conversion.json").exists()
    assert time.monotonic() - began < 60
    process.stdout.close(), process.stderr.close()


def test_weights_apart_are_gathered_into_one_file(tmp_path: Path) -> None:
    """As the exporter leaves graphs that are larger than one file of ONNX may be."""
    first, second = (np.random.default_rng(seed).standard_normal((64, 64)).astype(np.float32) for seed in (1, 2))
    nodes = [helper.make_node("MatMul", ["x", "first"], ["y"]), helper.make_node("MatMul", ["y", "second"], ["z"])]
    x, z = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 64]) for name in "xz")
    weights = [numpy_helper.from_array(first, "first"), numpy_helper.from_array(second, "second")]
    model = helper.make_model(helper.make_graph(nodes, "g", [x], [z], weights), opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path = tmp_path / "model.onnx"
    onnx.save(model, path, save_as_external_data=True, all_tensors_to_one_file=False, size_threshold=0)
    assert len(list(tmp_path.iterdir())) == 3
    gather_weights(path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["model.onnx", DATA_FILE]
    feed = np.ones((1, 64), dtype=np.float32)
    (found,) = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"]).run(None, {"x": feed})
    assert np.allclose(found, feed @ first @ second, atol=1e-4)
