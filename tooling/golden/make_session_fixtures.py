"""Writes test/fixtures/models/session/*.onnx: graphs of a few nodes that show every cast at the boundary.

python tooling/golden/make_session_fixtures.py
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.external_data_helper import set_external_data

FOLDER = Path(__file__).parents[2] / "test" / "fixtures" / "models" / "session"


def save(name: str, nodes, inputs, outputs) -> None:
    graph = helper.make_graph(nodes, name, inputs, outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    FOLDER.mkdir(parents=True, exist_ok=True)
    onnx.save(model, FOLDER / f"{name}.onnx")


def value(name: str, kind: int, shape) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


save(
    "every-type",
    [
        helper.make_node("Add", ["half", "half"], ["half_doubled"]),
        helper.make_node("Add", ["single", "single"], ["single_doubled"]),
        helper.make_node("Add", ["short", "short"], ["short_doubled"]),
        helper.make_node("Add", ["long", "long"], ["long_doubled"]),
    ],
    [
        value("half", TensorProto.FLOAT16, ["batch", 3]),
        value("single", TensorProto.FLOAT, []),
        value("short", TensorProto.INT32, ["batch", 3]),
        value("long", TensorProto.INT64, ["batch", 3]),
    ],
    [
        value("half_doubled", TensorProto.FLOAT16, ["batch", 3]),
        value("single_doubled", TensorProto.FLOAT, []),
        value("short_doubled", TensorProto.INT32, ["batch", 3]),
        value("long_doubled", TensorProto.INT64, ["batch", 3]),
    ],
)
save("double", [helper.make_node("Neg", ["number"], ["opposite"])], [value("number", TensorProto.DOUBLE, [1])], [value("opposite", TensorProto.DOUBLE, [1])])

# Two rows a run, no more and no fewer: y = 2 · x + id.
save(
    "fixed-batch",
    [
        helper.make_node("Add", ["x", "x"], ["doubled"]),
        helper.make_node("Cast", ["ids"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Add", ["doubled", "numbers"], ["scaled"]),
        helper.make_node("Mul", ["scaled", "factor"], ["y"]),
    ],
    [value("x", TensorProto.FLOAT, [2, 3]), value("ids", TensorProto.INT64, [2, 1]), value("factor", TensorProto.FLOAT, [])],
    [value("y", TensorProto.FLOAT, [2, 3])],
)


def external(name: str, file: str) -> TensorProto:
    """256 ones in a file of their own, as exports of large models keep their weights."""
    tensor = numpy_helper.from_array(np.ones(256, np.float32), name)
    (FOLDER / file).write_bytes(tensor.raw_data)
    set_external_data(tensor, file, offset=0, length=len(tensor.raw_data))
    tensor.ClearField("raw_data")
    return tensor


# Weights of every place and name: the file of today's exporters, a file a tensor, one of a branch, and one that stays inside.
branch = helper.make_graph(
    [helper.make_node("Identity", ["third"], ["taken"])], "branch", [], [value("taken", TensorProto.FLOAT, [256])], [external("third", "third_weight")]
)
choice = helper.make_node("If", ["flag"], ["chosen"], then_branch=branch, else_branch=branch)
graph = helper.make_graph(
    [choice, helper.make_node("Sum", ["x", "first", "second", "inside", "chosen"], ["y"])],
    "external-data",
    [value("x", TensorProto.FLOAT, [256]), value("number", TensorProto.INT32, [1])],
    [value("y", TensorProto.FLOAT, [256])],
    [external("first", "external-data.onnx.data"), external("second", "second_weight"), numpy_helper.from_array(np.ones(256, np.float32), "inside")],
)
graph.node.insert(0, helper.make_node("Cast", ["number"], ["flag"], to=TensorProto.BOOL))
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), FOLDER / "external-data.onnx")
