"""Stores a graph's float32 weights as float16 followed by a Cast, which ONNX Runtime folds when it loads the graph."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# Smaller tensors (norms, biases, shape constants) gain nothing.
SMALLEST_VALUES = 256


def store_half(path: Path) -> None:
    """Rewrites the file at `path`; inputs, outputs and arithmetic stay float32."""
    model = onnx.load(str(path))
    casts, kept = [], []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < SMALLEST_VALUES:
            kept.append(tensor)
            continue
        kept.append(numpy_helper.from_array(values.astype(np.float16), f"{tensor.name}_half"))
        casts.append(helper.make_node("Cast", [f"{tensor.name}_half"], [tensor.name], f"{tensor.name}_cast", to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def round_to_half(module) -> None:
    """Rounds a module's large float32 parameters in place, so that PyTorch computes what the stored graph computes."""
    for parameter in module.parameters():
        if parameter.numel() >= SMALLEST_VALUES:
            parameter.data = parameter.data.half().float()
