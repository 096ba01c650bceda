"""Writes main/engine/probe.onnx: one matrix product, what a device is tried with.

python tooling/golden/make_probe_model.py
"""

from pathlib import Path

import onnx
from onnx import TensorProto, helper

TARGET = Path(__file__).parents[2] / "main" / "engine" / "probe.onnx"


def square(name: str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["side", "side"])


graph = helper.make_graph([helper.make_node("MatMul", ["left", "right"], ["product"])], "probe", [square("left"), square("right")], [square("product")])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model, full_check=True)
onnx.save(model, TARGET)
